package modelward.rules.team_exists_test

import data.modelward.rules.team_exists
import data.modelward.testing_test as given

test_a_caller_without_key_is_refused if {
	count(team_exists.deny) == 1 with input as {}
	count(team_exists.deny) == 1 with input as given.changed(given.call, {"/caller/key": null})
}

test_a_key_that_does_not_say_which_team_it_is_of_is_refused if {
	count(team_exists.deny) == 1 with input as given.without(given.call, "/caller/key/team_id")
	count(team_exists.deny) == 1 with input as given.without(given.team_call, "/caller/key/team_id")
}

test_a_team_without_record_is_refused if {
	missing := "this key's team does not exist; ask the proxy's admin to move the key"
	team_exists.deny == {missing} with input as given.changed(given.team_call, {"/caller/team": null})
	team_exists.deny == {missing} with input as given.without(given.team_call, "/caller/team")
}

test_the_record_of_another_team_is_refused if {
	count(team_exists.deny) == 1 with input as given.changed(given.team_call, {"/caller/team/team_id": "t2"})
}

test_a_record_without_id_is_refused if {
	count(team_exists.deny) == 1 with input as given.without(given.team_call, "/caller/team/team_id")
}

test_a_key_of_a_team_with_a_record_passes if team_exists.deny == set() with input as given.team_call

test_a_personal_key_passes if team_exists.deny == set() with input as given.call

test_a_token_passes if team_exists.deny == set() with input as given.token_call

test_the_master_key_passes if team_exists.deny == set() with input as given.master_call
