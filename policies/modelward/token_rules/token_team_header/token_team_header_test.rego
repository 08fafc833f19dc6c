package modelward.token_rules.token_team_header_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_header

test_a_team_is_refused_while_the_claimed_teams_are_unknown if {
	unsaid := json.remove(_asking("t1"), ["/caller/token/team_id", "/caller/token/team_ids"])
	count(token_team_header.deny) == 1 with input as unsaid with data.catalog as given.catalog
}

test_claimed_teams_of_another_type_are_refused if {
	every teams in [null, true, "t1"] {
		count(token_team_header.deny) == 1 with input as given.changed(_asking("t1"), {"/caller/token/team_ids": teams})
			with data.catalog as given.catalog
	}
}

test_a_team_that_the_token_does_not_claim_is_refused if {
	token_team_header.deny == {concat("", [
		"this token does not claim the team that `x-litellm-team-id` asks for; ",
		"leave the header out",
	])} with input as _asking("t9") with data.catalog as given.catalog
}

test_a_team_that_the_token_does_not_claim_is_refused_although_it_is_known if {
	count(token_team_header.deny) == 1 with input as given.changed(
		_asking("t9"),
		{"/caller/records/teams": {"t9": given.team("t9")}},
	)
		with data.catalog as given.catalog
}

test_a_team_of_the_user_that_the_token_does_not_claim_is_refused if {
	count(token_team_header.deny) == 1 with input as given.changed(
		_asking("t9"),
		{"/caller/records/users/u1/teams": ["t9"]},
	)
		with data.catalog as given.catalog
}

test_the_empty_text_is_a_team_that_no_token_claims if {
	count(token_team_header.deny) == 1 with input as _asking("") with data.catalog as given.catalog
}

test_a_team_of_the_claimed_list_passes if {
	listing := given.of_teams(_asking("t2"), ["t1", "t2"])
	token_team_header.deny == set() with input as listing with data.catalog as given.catalog
}

test_the_team_of_the_claim_for_one_passes if {
	token_team_header.deny == set() with input as given.claiming(_asking("t1"), "t1") with data.catalog as given.catalog
}

test_a_token_without_the_header_passes if {
	token_team_header.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_an_admins_token_passes_whatever_the_header_asks_for if {
	token_team_header.deny == set() with input as given.as_admin(_asking("t9")) with data.catalog as given.catalog
}

_asking(id) := given.changed(given.token_call, {"/caller/token/chosen_team_id": id})
