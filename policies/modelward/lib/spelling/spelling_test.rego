package modelward.lib.spelling_test

import data.modelward.lib.spelling

_plain := {"case": false, "pattern": "", "forms": ["{model}"], "families": []}

_cased := {"case": true, "pattern": "", "forms": ["{model}"], "families": []}

_tagged := {
	"case": true,
	"pattern": `^(?:library/)*()(.+?)((?::.*)?)$`,
	"forms": ["{model}", "{model}:latest", "library/{model}"],
	"families": [],
}

_published := {
	"case": false,
	"pattern": `^(?:(?:publishers/)?([^/]+)/(?:models/)?)?(.+?)((?:@.*)?)$`,
	"forms": ["{model}", "{publisher}/{model}", "publishers/{publisher}/models/{model}"],
	"families": [{"pattern": "^claude(?:[^A-Za-z].*)?$", "publisher": "anthropic"}, {"pattern": "", "publisher": "google"}],
}

_fill := {"name": ["cloud/g-", "-x"], "model": ["gpt-", ""]}

test_a_name_says_what_the_upstream_is_told if {
	spelling.upstream(_fill, "cloud/g-4o-x") == "gpt-4o"
	spelling.upstream(_fill, "cloud/g--x") == "gpt-"
}

test_a_name_of_another_shape_says_nothing if {
	every name in ["cloud/g-x", "cloud/h-4o-x", "cloud/g-4o", ""] {
		not spelling.upstream(_fill, name)
	}
}

test_what_the_upstream_is_told_is_said_by_one_name if spelling.name(_fill, "gpt-4o") == "cloud/g-4o-x"

test_without_a_folding_every_spelling_is_its_own if {
	spelling.key(_plain, "GPT-4") == "GPT-4"
	spelling.key(_plain, "modèle ") == "modèle "
	spelling.forms(_plain, "GPT-4") == {"GPT-4"}
}

test_case_may_be_folded if {
	spelling.key(_cased, "GPT-4o") == "gpt-4o"
	spelling.forms(_cased, "GPT-4o") == {"gpt-4o"}
}

test_what_is_not_plain_has_no_key_where_names_are_folded if {
	every name in ["", "modèle", "ｇｐｔ-4", "gpt 4", "gpt%2D4", "gpt\\4", "gpt-4.", "gpt\u007f4", "gpt-4/", "/gpt-4", "x//gpt-4"] {
		not spelling.key(_cased, name)
		not spelling.key(_tagged, name)
		not spelling.key(_published, name)
	}
}

test_words_around_the_model_are_folded if {
	every name in ["llama3", "LLAMA3", "library/llama3", "library/Library/llama3:8B", "llama3:latest"] {
		spelling.key(_tagged, name) == "llama3"
	}
}

test_the_forms_hold_the_version_too if {
	spelling.forms(_tagged, "llama3:8b") == {
		"llama3",
		"llama3:8b",
		"llama3:latest",
		"llama3:8b:latest",
		"library/llama3",
		"library/llama3:8b",
	}
}

test_a_publisher_may_be_said_in_three_ways if {
	every name in ["claude-x", "anthropic/claude-x", "publishers/anthropic/models/claude-x", "claude-x@default"] {
		spelling.key(_published, name) == "anthropic/claude-x"
	}
}

test_another_publisher_is_another_model if spelling.key(_published, "acme/claude-x") == "acme/claude-x"

test_a_name_of_no_family_is_the_last_publisher_s if spelling.key(_published, "claudette") == "google/claudette"

test_the_forms_of_a_model_have_its_publisher if {
	spelling.forms(_published, "claude-x") == {
		"claude-x",
		"anthropic/claude-x",
		"publishers/anthropic/models/claude-x",
	}
}

test_without_its_facts_a_folding_gives_no_key if {
	every fact in ["/case", "/pattern", "/families"] {
		not spelling.key(json.remove(_published, [fact]), "claude-x")
	}
}
