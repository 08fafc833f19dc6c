package modelward.token_rules.token_team_routes_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_routes

test_a_token_whose_team_is_unknown_is_refused if {
	count(token_team_routes.deny) == 1 with input as given.without(given.token_call, "/caller/team")
		with data.catalog as given.catalog_with_tokens({"team_allowed_routes": []})
}

test_a_token_with_a_team_is_refused_while_the_routes_are_unknown if {
	count(token_team_routes.deny) == 1 with input as _of_team with data.catalog as {}
}

test_routes_of_another_type_are_refused if {
	every routes in [null, true, "llm_api_routes", {}] {
		count(token_team_routes.deny) == 1 with input as _of_team
			with data.catalog as given.catalog_with_tokens({"team_allowed_routes": routes})
	}
}

test_a_route_outside_the_list_is_refused if {
	token_team_routes.deny == {concat("", [
		"a team's token may not use route `/v1/chat/completions`; ",
		"ask the proxy's admin to add it to `team_allowed_routes`",
	])} with input as _of_team with data.catalog as given.catalog_with_tokens({"team_allowed_routes": ["/v1/embeddings"]})
}

test_a_route_in_the_list_passes if token_team_routes.deny == set() with input as _of_team
	with data.catalog as given.catalog

test_a_token_without_team_passes if {
	token_team_routes.deny == set() with input as given.token_call
		with data.catalog as given.catalog_with_tokens({"team_allowed_routes": []})
}

_of_team := given.changed(given.token_call, {"/caller/team": given.team("t1")})
