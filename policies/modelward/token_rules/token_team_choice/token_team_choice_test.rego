package modelward.token_rules.token_team_choice_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_choice

test_a_token_is_refused_while_it_is_unknown_where_its_team_comes_from if {
	every path in ["/caller", "/caller/origin", "/caller/origin/source"] {
		stood_for := given.stood_for(given.token_call, given.catalog)
		count(token_team_choice.deny) == 1 with input as given.without(stood_for, path)
	}
	count(token_team_choice.deny) == 1 with input as given.token_call
}

test_a_list_of_teams_is_refused_while_the_chosen_one_is_unknown if {
	stood_for := given.stood_for(_listing, given.catalog)
	count(token_team_choice.deny) == 1 with input as given.without(stood_for, "/caller/origin/id")
}

test_a_list_of_teams_is_refused_while_the_records_are_unknown if {
	every path in ["/caller/records", "/caller/records/teams"] {
		count(_denied(given.without(_listing, path), given.catalog)) == 1
	}
}

test_a_list_of_teams_is_refused_while_their_routes_are_unknown if {
	count(_denied(_listing, given.without(given.catalog, "/tokens/team_allowed_routes"))) == 1
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, "t1", {}] {
		count(_denied(given.changed(_listing, {"/caller/token/team_ids": list}), given.catalog)) == 1
	}
}

test_teams_of_which_none_allows_the_model_are_refused_and_the_model_named if {
	_denied(_refusing(["gpt-4"]), given.catalog) == {concat("", [
		"no team of this token allows a call of model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])}
}

test_the_refusal_names_every_model_asked_for if {
	_denied(_refusing(["gpt-4o", "gpt-4"]), given.catalog) == {concat("", [
		"no team of this token allows a call of model `gpt-4o`, `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])}
}

test_a_refusal_without_a_model_names_none if {
	unnamed := {"no team of this token allows this call; GET /v1/models lists what this caller may call"}
	_denied(given.changed(_refusing([]), {"/caller/token/team_ids": ["t9"]}), given.catalog) == unnamed
	_denied(given.without(_refusing([]), "/request/models"), given.catalog) == unnamed
}

test_an_empty_list_is_refused_where_a_team_is_enforced if count(_denied(given.token_call, _enforcing)) == 1

test_an_empty_list_is_refused_where_a_team_is_enforced_although_the_user_has_one if {
	member := given.changed(given.token_call, {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	count(_denied(member, _enforcing)) == 1
}

test_a_list_with_a_team_that_allows_the_call_passes if _denied(_listing, given.catalog) == set()

test_an_empty_list_passes if _denied(given.token_call, given.catalog) == set()

test_a_team_of_another_source_passes_where_a_team_is_enforced if {
	_denied(given.claiming(given.token_call, "t1"), _enforcing) == set()
}

test_an_admins_token_passes if _denied(given.as_admin(given.token_call), _enforcing) == set()

_listing := given.of_teams(given.token_call, ["t1"])

# The only team covers none of them.
_refusing(models) := given.changed(_listing, {
	"/request/models": models,
	"/caller/records/teams/t1/models": ["ghost"],
})

_enforcing := given.catalog_with_tokens({"enforce_team": true})

_denied(document, source) := denied if {
	denied := token_team_choice.deny with input as given.stood_for(document, source)
}
