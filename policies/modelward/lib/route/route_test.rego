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

test_a_prefix_does_not_cover_itself if {
	not route.covers(["/v1/models/*"]) with input as _at("/v1/models", "/v1/models")
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

# Each `{...}` of a path is compared decoded, and keeps to its segment where it is one (M4).

test_a_decoded_name_is_covered_by_the_path_that_names_it if {
	route.covers(["/engines/forbidden/embeddings"]) with input as _encoded
	route.covers(["/engines/forbidden/*"]) with input as _encoded
	not route.covers(["/engines/other/*"]) with input as _encoded
}

test_a_path_as_sent_is_covered_by_that_very_text if {
	route.covers(["/engines/forbidde%6e/embeddings"]) with input as _encoded
	not route.covers(["/engines/forbidde%6E/embeddings", "/engines/forbidde%6e/*"]) with input as _encoded
}

test_a_slash_within_a_segment_parts_no_segments if {
	within := given.changed(_at("/v1/files/a%2Fcontent", "/v1/files/{file_id}"), {"/request/segments": [[
		"",
		"v1",
		"files",
		"a/content",
	]]})
	not route.covers(["/v1/files/a/content", "/v1/files/{id}/content", "/v1/files/a/*"]) with input as within
	route.covers(["/v1/files/{id}"]) with input as within
}

test_each_path_of_a_comma_list_must_be_covered if {
	every list in [["/engines/a/*"], ["/engines/b/embeddings"], ["/engines/c/*", "/engines/a/*"]] {
		not route.covers(list) with input as _several
	}
	route.covers(["/engines/a/*", "/engines/b/*"]) with input as _several
	route.covers(["/engines/*"]) with input as _several
	route.covers(["/engines/{model}/embeddings"]) with input as _several
}

test_one_path_of_a_comma_list_is_enough_to_be_named if {
	every item in ["/engines/a/*", "/engines/b/embeddings", "/engines/{model}/embeddings", "/engines/*"] {
		not route.spares(["/v1/models", item]) with input as _several
	}
	route.spares(["/engines/c/*", "/engines/a/completions"]) with input as _several
}

test_a_prefix_may_hold_a_template if {
	route.covers(["/engines/{model}/*"]) with input as _encoded
	not route.covers(["/{model}/embeddings/*"]) with input as _encoded
	not route.spares(["/engines/{model}/*"]) with input as _encoded
}

test_nothing_is_covered_or_spared_while_the_segments_are_unknown if {
	every segments in [null, [], [[]], [["", "v1"], null], "", {}] {
		document := given.changed(given.call, {"/request/segments": segments, "/request/path": "/elsewhere"})
		not route.covers(["/v1/chat/completions", "/v1/*"]) with input as document
		not route.spares([]) with input as document
	}
	not route.covers(["/*"]) with input as given.without(given.call, "/request/segments")
	not route.spares([]) with input as given.without(given.call, "/request/segments")
}

_encoded := given.changed(_at("/engines/forbidde%6e/embeddings", "/engines/{model}/embeddings"), {"/request/segments": [[
	"",
	"engines",
	"forbidden",
	"embeddings",
]]})

_several := given.changed(_at("/engines/a,b/embeddings", "/engines/{model}/embeddings"), {"/request/segments": [
	["", "engines", "a", "embeddings"],
	["", "engines", "b", "embeddings"],
]})

_at(path, template) := given.changed(given.call, {
	"/request/path": path,
	"/request/segments": [split(path, "/")],
	"/request/route": template,
	"/request/groups": [],
})

_configured if route.covers(data.catalog.settings.allowed_routes)
