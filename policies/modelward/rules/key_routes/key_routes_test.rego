package modelward.rules.key_routes_test

import data.modelward.rules.key_routes
import data.modelward.testing_test as given

test_a_caller_without_key_is_refused if {
	count(key_routes.deny) == 1 with input as {}
	count(key_routes.deny) == 1 with input as given.changed(given.call, {"/caller/key": null})
}

test_a_key_without_the_list_is_refused if {
	count(key_routes.deny) == 1 with input as given.without(given.call, "/caller/key/allowed_routes")
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 0, "/v1/chat/completions"] {
		count(key_routes.deny) == 1 with input as _listing(list)
	}
}

test_a_key_with_a_list_is_refused_while_the_path_is_unknown if {
	count(key_routes.deny) == 1 with input as given.without(_listing(["/v1/*"]), "/request/segments")
}

test_a_route_outside_the_list_is_refused if {
	key_routes.deny == {concat("", [
		"this key may not use route `/v1/chat/completions`; ",
		"ask the proxy's admin to add it to the key's `allowed_routes`",
	])} with input as _listing(["/v1/embeddings"])
}

test_a_path_does_not_imply_its_spelling_under_v1 if {
	count(key_routes.deny) == 1 with input as _listing(["/chat/completions"])
}

test_a_listing_outside_the_list_is_refused if {
	count(key_routes.deny) == 1 with input as given.listed(_listing(["/v1/chat/completions"]))
}

test_an_item_that_names_nothing_opens_no_route if count(key_routes.deny) == 1 with input as _listing([""])

test_a_key_with_an_empty_list_may_use_every_route if key_routes.deny == set() with input as given.call

test_a_route_in_the_list_passes if key_routes.deny == set() with input as _listing(["/v1/chat/completions"])

test_a_route_of_a_group_in_the_list_passes if key_routes.deny == set() with input as _listing(["llm_api_routes"])

test_a_token_passes if key_routes.deny == set() with input as given.token_call

test_the_master_key_passes if key_routes.deny == set() with input as given.master_call

_listing(list) := given.changed(given.call, {"/caller/key/allowed_routes": list})

test_a_route_list_of_another_type_that_is_empty_is_refused if {
	every list in ["", {}] {
		count(key_routes.deny) == 1 with input as given.changed(given.call, {"/caller/key/allowed_routes": list})
	}
}
