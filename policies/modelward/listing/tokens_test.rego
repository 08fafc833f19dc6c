package modelward.listing_test

import data.modelward.testing_test as given

test_a_token_sees_what_its_team_covers if {
	claiming := given.changed(given.claiming(given.listed(given.token_call), "t1"), {"/caller/records/teams/t1/models": ["gpt-4"]})
	_models(claiming, given.catalog) == ["gpt-4"]
}

test_a_token_sees_what_any_of_its_listed_teams_covers if {
	listing := given.changed(given.of_teams(given.listed(given.token_call), ["t1", "t2"]), {
		"/caller/records/teams/t1/models": ["gpt-4"],
		"/caller/records/teams/t2/models": ["gpt-4o"],
	})
	_models(listing, given.catalog) == ["gpt-4", "gpt-4o"]
}

test_a_token_sees_what_its_scopes_cover_on_any_route if {
	strict := given.catalog_with_tokens({
		"enforce_scopes": true,
		"scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": ["/v1/chat/completions"]}],
	})
	_models(given.changed(given.listed(given.token_call), {"/caller/token/scopes": ["chat"]}), strict) == ["gpt-4"]
}

test_an_admins_token_sees_every_common_model if {
	_models(given.listed(given.as_admin(given.token_call)), _private) == ["gpt-4", "gpt-4o"]
}

test_a_token_sees_the_groups_that_its_lists_hold if {
	limited := object.union(given.user("u1"), {"models": ["vip", "gpt-4"]})
	_groups(given.of_user(given.listed(given.token_call), limited), _grouped) == ["vip"]
}

test_a_token_sees_its_teams_own_deployment_and_aliases if {
	claiming := given.changed(given.claiming(given.listed(given.token_call), "t1"), {
		"/caller/records/teams/t1/model_aliases": {"fast": "gpt-4"},
	})
	_models(claiming, _private) == ["fast", "gpt-4", "gpt-4o", "shared"]
}

test_a_token_sees_the_own_deployments_of_all_its_listed_teams if {
	listing := given.changed(given.of_teams(given.listed(given.token_call), ["t1", "t2"]), {
		"/caller/records/teams/t1/models": ["all-team-models"],
		"/caller/records/teams/t2/models": ["theirs"],
	})
	_models(listing, _private) == ["gpt-4", "gpt-4o", "shared", "theirs"]
}

test_a_name_is_shown_by_the_team_that_calls_it if {
	wildcards := given.catalog_of({"gpt-4": {"d1": []}, "gpt-*": {"d2": []}}, ["gpt-*"])
	listing := given.changed(given.of_teams(given.listed(given.token_call), ["t1", "t2"]), {
		"/caller/records/teams/t2/model_aliases": {"gpt-fast": "gpt-4"},
	})
	_models(listing, wildcards) == ["gpt-4"]
	_models(given.changed(listing, {"/caller/records/teams/t1/models": ["gpt-4"]}), wildcards) == ["gpt-4", "gpt-fast"]
}

test_a_token_without_a_team_sees_no_name_of_a_team if {
	wildcards := given.catalog_of({"gpt-4": {"d1": []}, "gpt-*": {"d2": []}}, ["gpt-*"])
	named := object.union(given.team("t1"), {"model_aliases": {"gpt-fast": "gpt-4"}})
	every path in ["/caller/records/teams/t1", "/caller/team"] {
		_models(given.changed(given.listed(given.token_call), {path: named}), wildcards) == ["gpt-4"]
	}
}

test_a_token_sees_no_deployment_of_a_team_that_it_may_not_stand_for if {
	known := given.changed(given.claiming(given.listed(given.token_call), "t1"), {"/caller/records/teams/t2": given.team("t2")})
	_models(known, _private) == ["gpt-4", "gpt-4o", "shared"]
}

test_a_token_sees_no_deployment_of_a_blocked_team if {
	blocked := given.changed(
		given.of_teams(given.listed(given.token_call), ["t1", "t2"]),
		{"/caller/records/teams/t2/blocked": true},
	)
	_models(blocked, _private) == ["gpt-4", "gpt-4o", "shared"]
}

test_a_token_sees_the_groups_of_its_teams_own_deployments if {
	grouped := given.changed(given.catalog, {"/teams/t1": given.scope({"shared": {"own": ["inner"]}}, {}, {})})
	_groups(given.claiming(given.listed(given.token_call), "t1"), grouped) == ["inner"]
}

test_a_team_that_is_like_all_others_shows_what_one_with_an_empty_scope_of_its_own_does if {
	hidden := given.changed(_private, {
		"/aliases": {
			"house": {"target": "gpt-4", "hidden": false},
			"secret": {"target": "gpt-4", "hidden": true},
		},
		"/teams/t1": given.scope({}, {}, {}),
	})
	every models in [[], ["gpt-4"], ["gpt-4o", "theirs"], ["house"], ["all-team-models"], ["no-default-models"]] {
		listing := given.changed(
			given.of_teams(given.listed(given.token_call), ["t1", "t2"]),
			{"/caller/records/teams/t1/models": models, "/caller/records/teams/t2/models": ["theirs"]},
		)
		shown := _models(listing, hidden)
		"theirs" in shown
		_models(listing, given.without(hidden, "/teams/t1")) == shown
	}
}

test_a_scope_for_routes_that_call_nothing_shows_nothing if {
	held := given.changed(given.listed(given.token_call), {"/caller/token/scopes": ["chat"]})
	every item in ["/v1/models", "info_routes", "/models/*", "/v1/models/{id}", "/v1/models/gpt-4", "/key/info", "/team/*", "/v2/chat"] {
		_models(held, _scoped([item])) == []
	}
}

test_a_scope_for_a_route_that_may_be_a_call_shows_its_models if {
	held := given.changed(given.listed(given.token_call), {"/caller/token/scopes": ["chat"]})
	every item in ["llm_api_routes", "openai_routes", "/v1/chat/completions", "/v1/*", "/openai/deployments/gpt-4/chat/completions", "/v1/{any}/completions"] {
		_models(held, _scoped([item])) == ["gpt-4"]
	}
}

_scoped(routes) := given.catalog_with_tokens({
	"enforce_scopes": true,
	"scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": routes}],
})
