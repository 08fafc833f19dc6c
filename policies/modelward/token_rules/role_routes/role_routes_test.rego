package modelward.token_rules.role_routes_test

import data.modelward.testing_test as given
import data.modelward.token_rules.role_routes

test_a_route_is_refused_while_the_settings_are_unknown if {
	count(role_routes.deny) == 1 with input as given.token_call with data.catalog as {}
	every path in ["/tokens/enforce_roles", "/tokens/roles", "/tokens/roles/internal_user/routes"] {
		count(role_routes.deny) == 1 with input as given.token_call
			with data.catalog as given.without(_permitting(["/v1/embeddings"]), path)
	}
}

test_routes_of_another_type_are_refused if {
	every routes in [true, 4, "llm_api_routes", {}] {
		count(role_routes.deny) == 1 with input as given.token_call with data.catalog as _permitting(routes)
	}
}

test_a_route_outside_the_list_is_refused if {
	role_routes.deny == {concat("", [
		"the role of this token may not use route `/v1/chat/completions`; ",
		"ask the proxy's admin to add it to `role_permissions`",
	])} with input as given.token_call with data.catalog as _permitting(["/v1/embeddings"])
}

test_an_empty_list_is_no_route if {
	count(role_routes.deny) == 1 with input as given.token_call with data.catalog as _permitting([])
}

test_a_listing_outside_the_list_is_refused if {
	count(role_routes.deny) == 1 with input as given.listed(given.token_call)
		with data.catalog as _permitting(["/v1/chat/completions"])
}

test_a_route_in_the_list_passes if {
	every item in ["/v1/chat/completions", "/v1/*", "openai_routes"] {
		role_routes.deny == set() with input as given.token_call with data.catalog as _permitting([item])
	}
}

test_a_role_without_a_list_may_use_every_route if {
	role_routes.deny == set() with input as given.token_call with data.catalog as _permitting(null)
}

test_a_role_without_an_entry_may_use_every_route if {
	role_routes.deny == set() with input as given.token_call
		with data.catalog as given.catalog_with_tokens({"enforce_roles": true})
}

test_no_list_counts_where_roles_are_not_enforced if {
	role_routes.deny == set() with input as given.token_call
		with data.catalog as given.changed(_permitting([]), {"/tokens/enforce_roles": false})
}

_permitting(routes) := given.catalog_with_tokens({
	"enforce_roles": true,
	"roles": {"internal_user": {"models": null, "routes": routes}},
})
