package modelward.lib.route_test

import data.modelward.lib.route
import data.modelward.testing_test as given

test_no_list_covers_nothing if not _configured with input as given.call with data.catalog as {}

test_a_list_covers_what_is_in_it if {
	_configured with input as given.call with data.catalog.settings.allowed_routes as ["/v1/chat/completions"]
}

test_a_list_that_is_null_covers_nothing if not _configured with input as given.call with data.catalog as given.catalog

test_a_list_that_is_a_text_covers_nothing if {
	not _configured with input as given.call with data.catalog.settings.allowed_routes as "/v1/chat/completions"
}

test_an_empty_list_covers_nothing if not route.covers([]) with input as given.call

test_an_unknown_path_is_covered_by_no_path if {
	not route.covers(["/v1/*", "/v1/{x}/completions"]) with input as {"request": {}}
}

test_a_path_covers_itself if route.covers(["/v1/chat/completions"]) with input as given.call

test_a_path_covers_no_other_spelling if {
	every path in ["/chat/completions", "/v1/chat/completions/", "/V1/chat/completions", "/v1/chat"] {
		not route.covers([path]) with input as given.call
	}
}

test_any_item_may_cover if route.covers(["/v1/embeddings", "/v1/chat/completions"]) with input as given.call

test_a_prefix_covers_what_is_below_it if {
	route.covers(["/v1/*"]) with input as given.call
	route.covers(["/v1/chat/*"]) with input as given.call
}

test_a_prefix_ends_at_a_segment if {
	not route.covers(["/v1/ch/*"]) with input as given.call
	not route.covers(["/v1/chat*"]) with input as given.call
}

test_a_prefix_covers_no_other_branch if not route.covers(["/v2/*"]) with input as given.call

test_a_prefix_does_not_start_inside_the_path if not route.covers(["/chat/*"]) with input as given.call

test_a_template_covers_one_segment_a_name if {
	route.covers(["/v1/models/{model}"]) with input as _at("/v1/models/gpt-4", "/v1/models/gpt-4")
	route.covers(["/{version}/models/{model}"]) with input as _at("/v1/models/gpt-4", "/v1/models/gpt-4")
}

test_a_template_covers_no_path_of_more_segments if {
	not route.covers(["/v1/models/{model}"]) with input as _at("/v1/models/gpt-4/x", "/v1/models/gpt-4/x")
}

test_a_template_covers_no_empty_segment if {
	not route.covers(["/v1/models/{model}"]) with input as _at("/v1/models/", "/v1/models/")
}

test_a_template_keeps_its_other_segments if {
	not route.covers(["/v1/models/{model}"]) with input as _at("/v1/engines/gpt-4", "/v1/engines/gpt-4")
}

test_a_brace_inside_a_segment_is_a_character if {
	not route.covers(["/v1/models/a{model}"]) with input as _at("/v1/models/ab", "/v1/models/ab")
	not route.covers(["/v1/models/{model}b"]) with input as _at("/v1/models/ab", "/v1/models/ab")
}

test_a_template_covers_the_route_it_names if {
	azure := "/openai/deployments/{model}/chat/completions"
	route.covers([azure]) with input as _at("/openai/deployments/a/b/chat/completions", azure)
}

test_a_template_may_name_its_segments_otherwise if {
	sent := _at("/openai/deployments/a/b/chat/completions", "/openai/deployments/{model}/chat/completions")
	route.covers(["/openai/deployments/{name}/chat/completions"]) with input as sent
}

test_a_path_that_is_no_template_covers_no_template if {
	not route.covers(["/v1/models/gpt-4"]) with input as _at("/v1/models/other", "/v1/models/{model}")
}

test_a_group_covers_its_routes if route.covers(["openai_routes"]) with input as given.call

test_a_group_covers_no_other_route if not route.covers(["management_routes"]) with input as given.call

test_an_unknown_group_covers_nothing if not route.covers(["chat_routes"]) with input as given.call

_at(path, template) := given.changed(given.call, {
	"/request/path": path,
	"/request/route": template,
	"/request/groups": [],
})

_configured if route.covers(data.catalog.settings.allowed_routes)
