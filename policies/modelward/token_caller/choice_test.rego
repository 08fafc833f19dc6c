package modelward.token_caller_test

import data.modelward.testing_test as given

# The first of the claimed teams that allows the call (R7).

test_no_team_is_chosen_while_the_routes_of_teams_are_unknown if {
	_chosen({}, given.without(given.catalog, "/tokens/team_allowed_routes")) == null
}

test_no_team_is_chosen_that_does_not_say_whether_it_is_blocked if {
	_chosen_of(given.without(_two, "/caller/records/teams/t1/blocked")) == "t2"
}

test_no_team_is_chosen_that_does_not_say_its_list if {
	every fact in ["models", "access_group_ids"] {
		_chosen_of(given.without(_two, $"/caller/records/teams/t1/{fact}")) == "t2"
	}
}

test_the_first_team_is_chosen_that_allows_the_call if _chosen({}, given.catalog) == "t1"

test_a_team_without_record_is_passed_over if _chosen_of(given.without(_two, "/caller/records/teams/t1")) == "t2"

test_a_blocked_team_is_passed_over if _chosen({"/caller/records/teams/t1/blocked": true}, given.catalog) == "t2"

test_a_team_that_does_not_cover_the_model_is_passed_over if {
	_chosen({"/caller/records/teams/t1/models": ["gpt-4o"]}, given.catalog) == "t2"
}

test_a_fallback_that_needs_no_list_of_models_takes_a_team_that_covers_it_first if {
	_chosen(_as_fallback({"/caller/records/teams/t1/models": ["gpt-4o"]}), given.waiving_catalog) == "t2"
}

test_a_fallback_that_needs_no_list_of_models_takes_a_team_that_does_not_cover_it_after_those if {
	neither := {"/caller/records/teams/t1/models": ["gpt-4o"], "/caller/records/teams/t2/models": ["gpt-4o"]}
	_chosen(_as_fallback(neither), given.waiving_catalog) == "t1"
	_chosen(_as_fallback(neither), given.catalog) == null
	_chosen(neither, given.waiving_catalog) == null
}

test_a_fallback_that_needs_no_list_of_models_takes_no_team_that_is_blocked_or_unknown if {
	blocked := _as_fallback({"/caller/records/teams/t1/blocked": true, "/caller/records/teams/t2/models": ["gpt-4o"]})
	_chosen(blocked, given.waiving_catalog) == "t2"
	_chosen(_as_fallback({"/caller/records/teams": {}}), given.waiving_catalog) == null
}

test_one_team_must_allow_every_model if {
	apart := {
		"/request/models": ["gpt-4", "gpt-4o"],
		"/caller/records/teams/t1/models": ["gpt-4"],
		"/caller/records/teams/t2/models": ["gpt-4o"],
	}
	_chosen(apart, given.catalog) == null
}

test_a_team_that_knows_every_model_comes_before_one_that_does_not if {
	_chosen({"/caller/records/teams/t1/model_aliases": {"gpt-4": "ghost"}}, given.catalog) == "t2"
	one_of_two := {
		"/request/models": ["fast", "gpt-4o"],
		"/caller/records/teams/t1/model_aliases": {"fast": "gpt-4", "gpt-4o": "ghost"},
		"/caller/records/teams/t2/model_aliases": {"fast": "gpt-4"},
	}
	_chosen(one_of_two, given.catalog) == "t2"
}

test_no_team_is_chosen_on_a_route_that_teams_may_not_use if {
	_chosen({}, given.catalog_with_tokens({"team_allowed_routes": ["/v1/embeddings"]})) == null
}

test_a_teams_own_names_count_as_the_teams if {
	own := given.changed(given.catalog, {"/teams/t2": given.scope({"shared": {"d9": []}}, {}, {})})
	asking := {
		"/request/models": ["shared"],
		"/caller/records/teams/t1/models": ["gpt-4"],
		"/caller/records/teams/t2/models": ["all-team-models"],
	}
	_chosen(asking, own) == "t2"
}

test_a_teams_aliases_count_as_the_teams if {
	asking := {
		"/request/models": ["fast"],
		"/caller/records/teams/t1/models": ["gpt-4"],
		"/caller/records/teams/t2/models": ["gpt-4"],
		"/caller/records/teams/t2/model_aliases": {"fast": "gpt-4"},
	}
	_chosen(asking, given.catalog) == "t2"
}

test_an_empty_list_gives_way_unless_a_team_is_enforced if {
	_origin(given.token_call, given.catalog).source == "none"
	_origin(given.token_call, given.catalog_with_tokens({"enforce_team": true})) == {"source": "list", "id": null}
}

test_a_list_of_which_no_team_is_chosen_gives_way_to_no_other_source if {
	member := given.changed(given.token_call, {
		"/caller/token/team_ids": ["t9"],
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	_origin(member, given.catalog) == {"source": "list", "id": null}
}

_two := given.of_teams(given.token_call, ["t2", "t1"])

_as_fallback(changes) := object.union(changes, {"/request/fallback": true})

_chosen_of(document) := _origin(document, given.catalog).id

_chosen(changes, source) := _origin(given.changed(_two, changes), source).id
