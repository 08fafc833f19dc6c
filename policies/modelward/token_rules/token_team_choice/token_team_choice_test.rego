package modelward.token_rules.token_team_choice_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_choice

test_a_list_of_teams_is_refused_while_the_records_are_unknown if {
	every path in ["/caller/records", "/caller/records/teams"] {
		count(token_team_choice.deny) == 1 with input as given.without(_listing, path) with data.catalog as given.catalog
	}
}

test_a_list_of_teams_is_refused_while_their_routes_are_unknown if {
	count(token_team_choice.deny) == 1 with input as _listing
		with data.catalog as given.without(given.catalog, "/tokens/team_allowed_routes")
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, "t1", {}] {
		count(token_team_choice.deny) == 1 with input as given.changed(_listing, {"/caller/token/team_ids": list})
			with data.catalog as given.catalog
	}
}

test_teams_of_which_none_allows_the_model_are_refused if {
	refusal := "no team of this token allows this call; GET /v1/models lists what this caller may call"
	token_team_choice.deny == {refusal} with input as given.changed(
		_listing,
		{"/caller/records/teams/t1/models": ["gpt-4o"]},
	)
		with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_a_team_is_enforced if {
	count(token_team_choice.deny) == 1 with input as given.token_call
		with data.catalog as given.catalog_with_tokens({"enforce_team": true})
}

test_an_empty_list_is_refused_where_a_team_is_enforced_although_the_user_has_one if {
	member := given.changed(given.token_call, {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	count(token_team_choice.deny) == 1 with input as member
		with data.catalog as given.catalog_with_tokens({"enforce_team": true})
}

test_a_list_with_a_team_that_allows_the_call_passes if {
	token_team_choice.deny == set() with input as _listing with data.catalog as given.catalog
}

test_an_empty_list_passes if {
	token_team_choice.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_a_team_of_another_source_passes_where_a_team_is_enforced if {
	token_team_choice.deny == set() with input as given.claiming(given.token_call, "t1")
		with data.catalog as given.catalog_with_tokens({"enforce_team": true})
}

test_an_admins_token_passes if {
	token_team_choice.deny == set() with input as given.as_admin(given.token_call)
		with data.catalog as given.catalog_with_tokens({"enforce_team": true})
}

_listing := given.of_teams(given.token_call, ["t1"])
