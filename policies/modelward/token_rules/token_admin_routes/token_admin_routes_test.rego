package modelward.token_rules.token_admin_routes_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_admin_routes

test_an_admins_token_is_refused_while_the_routes_are_unknown if {
	count(token_admin_routes.deny) == 1 with input as given.as_admin(given.token_call)
		with data.catalog as given.without(given.catalog, "/tokens/admin_allowed_routes")
}

test_routes_of_another_type_are_refused if {
	every routes in [null, true, "llm_api_routes", {}] {
		count(token_admin_routes.deny) == 1 with input as given.as_admin(given.token_call)
			with data.catalog as given.catalog_with_tokens({"admin_allowed_routes": routes})
	}
}

test_a_call_by_an_admins_token_is_refused if {
	token_admin_routes.deny == {concat("", [
		"an admin's token may not use route `/v1/chat/completions`; ",
		"ask the proxy's admin to add it to `admin_allowed_routes`",
	])} with input as given.as_admin(given.token_call) with data.catalog as given.catalog
}

test_a_call_passes_where_the_config_allows_its_route if {
	token_admin_routes.deny == set() with input as given.as_admin(given.token_call)
		with data.catalog as given.catalog_with_tokens({"admin_allowed_routes": ["openai_routes"]})
}

test_a_listing_by_an_admins_token_passes if {
	token_admin_routes.deny == set() with input as given.listed(given.as_admin(given.token_call))
		with data.catalog as given.catalog
}

test_the_token_of_another_caller_passes if {
	token_admin_routes.deny == set() with input as given.token_call with data.catalog as given.catalog
}
