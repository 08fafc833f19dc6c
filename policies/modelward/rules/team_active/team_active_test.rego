package modelward.rules.team_active_test

import data.modelward.rules.team_active
import data.modelward.testing_test as given

test_a_caller_whose_team_is_unknown_is_refused if {
	count(team_active.deny) == 1 with input as {}
	count(team_active.deny) == 1 with input as given.without(given.call, "/caller/team")
}

test_a_team_that_does_not_say_whether_it_is_blocked_is_refused if {
	count(team_active.deny) == 1 with input as given.without(given.team_call, "/caller/team/blocked")
}

test_a_team_that_says_it_with_another_type_is_refused if {
	every blocked in [null, "false", 0, []] {
		count(team_active.deny) == 1 with input as given.changed(given.team_call, {"/caller/team/blocked": blocked})
	}
}

test_a_blocked_team_is_refused if {
	team_active.deny == {"the team of this caller is blocked; ask the proxy's admin to unblock it"} with input as given.changed(
		given.team_call,
		{"/caller/team/blocked": true},
	)
}

test_a_blocked_team_is_refused_on_a_listing_too if {
	blocked := given.changed(given.team_call, {"/caller/team/blocked": true})
	count(team_active.deny) == 1 with input as given.listed(blocked)
}

test_a_copy_on_the_key_decides_nothing if {
	copied := given.changed(given.team_call, {"/caller/key/metadata": {"team_blocked": true}})
	team_active.deny == set() with input as copied
}

test_a_team_that_is_not_blocked_passes if team_active.deny == set() with input as given.team_call

test_a_key_without_team_passes if team_active.deny == set() with input as given.call

test_the_master_key_passes if team_active.deny == set() with input as given.master_call
