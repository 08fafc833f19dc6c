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
