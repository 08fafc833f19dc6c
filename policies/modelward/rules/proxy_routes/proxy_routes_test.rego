package modelward.rules.proxy_routes_test

import data.modelward.rules.proxy_routes
import data.modelward.testing_test as given

test_every_route_is_refused_without_a_catalogue if {
	count(proxy_routes.deny) == 1 with input as given.call with data.catalog as {}
}

test_every_route_is_refused_without_the_setting if {
	count(proxy_routes.deny) == 1 with input as given.call
		with data.catalog as given.without(given.catalog, "/settings/allowed_routes")
}

test_a_list_of_another_type_is_refused if {
	every list in [true, false, 0, "/v1/chat/completions", {}] {
		count(proxy_routes.deny) == 1 with input as given.call with data.catalog as _serving(list)
	}
}

test_a_list_is_refused_while_the_path_is_unknown if {
	count(proxy_routes.deny) == 1 with input as given.without(given.call, "/request/segments")
		with data.catalog as _serving(["/v1/*"])
}

test_a_route_outside_the_list_is_refused if {
	refusal := "route `/v1/chat/completions` is closed by this proxy's `allowed_routes`"
	proxy_routes.deny == {refusal} with input as given.call with data.catalog as _serving(["/v1/embeddings"])
}

test_an_empty_list_opens_no_route if {
	count(proxy_routes.deny) == 1 with input as given.call with data.catalog as _serving([])
}

test_the_list_binds_the_master_key_too if {
	count(proxy_routes.deny) == 1 with input as given.master_call with data.catalog as _serving(["/v1/embeddings"])
}

test_the_list_binds_listings_too if {
	count(proxy_routes.deny) == 1 with input as given.list_call with data.catalog as _serving(["/v1/chat/completions"])
}

test_a_route_in_the_list_passes if {
	proxy_routes.deny == set() with input as given.call with data.catalog as _serving(["/v1/chat/completions"])
}

test_a_route_of_a_group_in_the_list_passes if {
	proxy_routes.deny == set() with input as given.call with data.catalog as _serving(["openai_routes"])
}

test_every_route_passes_where_no_list_is_set if {
	proxy_routes.deny == set() with input as given.call with data.catalog as given.catalog
}

_serving(list) := given.changed(given.catalog, {"/settings/allowed_routes": list})
