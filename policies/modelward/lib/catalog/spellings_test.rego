package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

# Other spellings of a narrower entry's name (M8): `cloud/*` folds case and a `library/` before the name.

test_a_wildcard_entry_answers_what_no_narrower_entry_has if {
	_entry("cloud/other", _spelled).name == "cloud/*"
	_entry("cloud/library/other", _spelled).name == "cloud/*"
}

test_a_narrower_entry_answers_its_own_name if {
	_entry("cloud/llama", _spelled).name == "cloud/llama"
	_entry("cloud/library/q-1", _spelled).name == "cloud/library/q-*"
}

test_another_spelling_of_an_exact_entry_is_unknown if {
	every name in ["cloud/LLAMA", "cloud/library/llama", "cloud/Library/Llama"] {
		not _entry(name, _spelled)
	}
}

test_another_spelling_of_what_a_narrower_wildcard_entry_answers_is_unknown if {
	every name in ["cloud/q-1", "cloud/Q-1", "cloud/LIBRARY/q-1"] {
		not _entry(name, _spelled)
	}
}

test_where_case_is_not_folded_it_tells_narrower_wildcard_entries_apart if {
	exactly := given.changed(_spelled, {"/foldings/f/case": false})
	not _entry("cloud/q-1", exactly)
	_entry("cloud/Q-1", exactly).name == "cloud/*"
	_entry("cloud/LLAMA", exactly).name == "cloud/*"
}

test_without_narrower_entries_only_the_exact_ones_have_other_spellings if {
	broad := given.changed(_spelled, {"/common/fills/cloud~1*/0/narrower": false})
	_entry("cloud/Q-1", broad).name == "cloud/*"
	not _entry("cloud/LLAMA", broad)
}

test_a_narrower_entry_that_does_not_match_the_whole_name_leaves_it_to_the_wider_one if {
	common := given.changed(_spelled, {"/common/folded/cloud~1library~1q-/0/name": "cloud/library/q-*-mini"})
	_entry("cloud/Q-1", common).name == "cloud/*"
	not _entry("cloud/Q-1-mini", common)
	owned := given.changed(_spelled, {"/teams/t1": object.union(
		given.scope({}, {}, {}),
		{"lengths": [16], "folded": {"cloud/library/x-": [{"name": "cloud/library/x-*-mini", "rank": 0}]}},
	)})
	_team_entry("cloud/X-1", {}, owned).name == "cloud/*"
	not _team_entry("cloud/X-1-mini", {}, owned)
}

test_a_name_that_begins_without_end_is_answered_only_by_what_answers_its_other_forms if {
	begun := given.changed(
		given.catalog_of({"a/*": {"d1": []}, "a/arn:*": {"d2": []}}, ["a/arn:*", "a/*"]),
		{
			"/foldings/f": {
				"case": false,
				"pattern": `^(?:arn:.*/)?()(.+?)()$`,
				"forms": ["{model}"],
				"families": [],
				"last_of": "arn:",
			},
			"/common/fills": {"a/*": [_arn_fill], "a/arn:*": [_arn_fill]},
			"/common/spelled": {"a/*": {"": true}, "a/arn:*": {"": true}},
		},
	)
	_entry("a/x", begun).name == "a/*"
	not _entry("a/arn:1/x", begun)
	alone := given.without(begun, "/common/wildcards/a~1arn:")
	_entry("a/arn:1/x", alone).name == "a/*"
	every other in ["", "urn:"] {
		_entry("a/arn:1/x", given.changed(begun, {"/foldings/f/last_of": other})).name == "a/arn:*"
	}
}

_arn_fill := {"folding": "f", "name": ["a/", ""], "model": ["", ""], "beside": [], "narrower": false}

test_what_is_not_plain_is_unknown_where_names_are_folded if {
	every name in ["cloud/oth%65r", "cloud/other.", "cloud/öther", "cloud/"] {
		not _entry(name, _spelled)
	}
}

test_a_name_beside_that_a_narrower_entry_has_is_unknown if {
	beside := given.changed(_spelled, {"/common/fills/cloud~1*/0/beside": ["cloud/library/"]})
	not _entry("cloud/q-x", beside)
}

test_an_entry_over_the_same_models_under_another_word_is_not_narrower if {
	both := given.changed(
		given.catalog_of({"a/*": {"d1": []}, "ab/*": {"d2": []}, "ab/x*": {"d3": []}}, ["ab/x*", "ab/*", "a/*"]),
		{
			"/foldings/f": {"case": false, "pattern": "", "forms": ["{model}"], "families": []},
			"/common/fills": {"a/*": [_beside_fill], "ab/*": [], "ab/x*": []},
			"/common/spelled/a~1*": {"": true},
		},
	)
	_entry("a/y", both).name == "a/*"
	_entry("ab/y", both).name == "ab/*"
	not _entry("a/x1", both)
	everything := given.changed(both, {"/common/fills/a~1*/0/name": ["", ""]})
	not _entry("a/y", everything)
}

_beside_fill := {"folding": "f", "name": ["a/", ""], "model": ["", ""], "beside": ["ab/"], "narrower": true}

test_a_fact_that_is_missing_leaves_the_wildcard_entry_no_answer if {
	every path in ["/common/fills", "/common/fills/cloud~1*", "/common/spelled", "/common/spelled/cloud~1*/", "/foldings/f"] {
		not _entry("cloud/other", given.without(_spelled, path))
	}
}

test_the_teams_entries_are_narrower_for_the_team_only if {
	owned := given.changed(_spelled, {"/teams/t1": {
		"entries": {"cloud/mine": {"deployments": {"d9": {}}, "out_of_service": {}, "groups": {}}},
		"wildcards": {},
		"lengths": [],
		"names": {"cloud/mine": "cloud/mine"},
		"fills": {},
		"spelled": {"cloud/*": {"f:mine": true}},
		"folded": {},
	}})
	_team_entry("cloud/mine", {}, owned).name == "cloud/mine"
	not _team_entry("cloud/Mine", {}, owned)
	_entry("cloud/Mine", owned).name == "cloud/*"
}

test_a_teams_wildcard_entry_answers_no_other_spelling_either if {
	own := {
		"entries": {"own/*": {"deployments": {"d9": {}}, "out_of_service": {}, "groups": {}}, "own/Q*": {"deployments": {"d8": {}}, "out_of_service": {}, "groups": {}}},
		"wildcards": {"own/": [{"name": "own/*", "rank": 7}], "own/Q": [{"name": "own/Q*", "rank": 6}]},
		"lengths": [4, 5],
		"names": {},
		"fills": {"own/*": [_own_fill], "own/Q*": []},
		"spelled": {"own/*": {"": true, "f:mine": true}},
		"folded": {"own/": [{"name": "own/*", "rank": 7}], "own/q": [{"name": "own/q*", "rank": 6}]},
	}
	owned := given.changed(_spelled, {"/teams/t1": own})
	_team_entry("own/other", {}, owned).name == "own/*"
	_team_entry("own/Q1", {}, owned).name == "own/Q*"
	not _team_entry("own/MINE", {}, owned)
	not _team_entry("own/q1", {}, owned)
	unknown := given.without(owned, "/teams/t1/spelled/own~1*/")
	not _team_entry("own/other", {}, unknown)
}

test_a_common_entry_of_the_name_of_a_teams_own_says_nothing_of_its_spellings if {
	own := {
		"entries": {"cloud/*": {"deployments": {"d9": {}}, "out_of_service": {}, "groups": {}}},
		"wildcards": {"cloud/": [{"name": "cloud/*", "rank": 0}]},
		"lengths": [6],
		"names": {},
		"fills": {"cloud/*": [object.union(_own_fill, {"name": ["cloud/", ""], "narrower": false})]},
		"spelled": {"cloud/*": {"": true}},
		"folded": {},
	}
	owned := given.changed(_spelled, {"/teams/t1": own})
	_team_entry("cloud/LLAMA", {}, owned).deployments == {"d9": {}}
	not _entry("cloud/LLAMA", owned)
}

test_a_respelled_name_is_told_from_one_that_nothing_matches if {
	_respelled(["cloud/LLAMA", "cloud/other", "ghost", "cloud/llama", "cloud/*"]) == {"cloud/LLAMA"}
}

test_a_bare_name_that_a_wildcard_entry_leaves_goes_on_to_its_provider if {
	everything := given.changed(
		given.catalog_of({"*": {"d1": []}, "openai/gpt-4": {"d2": []}}, ["*"]),
		{
			"/foldings/openai": {"case": false, "pattern": "", "forms": ["{model}"], "families": []},
			"/common/fills/*": [{"folding": "openai", "name": ["", ""], "model": ["", ""], "beside": ["openai/"], "narrower": false}],
			"/common/spelled/*": {"": true, "openai:gpt-4": true},
		},
	)
	_entry("gpt-4", everything).name == "openai/gpt-4"
	_entry("gpt-4o", everything).name == "*"
}

_respelled(names) := found if {
	found := catalog.respelled with input as given.asking(names) with data.catalog as _spelled
}

_own_fill := {"folding": "f", "name": ["own/", ""], "model": ["", ""], "beside": [], "narrower": true}

_spelled := given.changed(
	given.catalog_of(
		{"cloud/*": {"d1": []}, "cloud/library/q-*": {"d2": []}, "cloud/llama": {"d3": []}},
		["cloud/library/q-*", "cloud/*"],
	),
	{
		"/foldings/f": {
			"case": true,
			"pattern": `^(?:library/)*()(.+?)()$`,
			"forms": ["{model}", "library/{model}"],
			"families": [],
		},
		"/common/fills/cloud~1*": [{"folding": "f", "name": ["cloud/", ""], "model": ["", ""], "beside": [], "narrower": true}],
		"/common/spelled/cloud~1*": {"": true, "f:llama": true},
		"/common/folded": {
			"cloud/": [{"name": "cloud/*", "rank": 1}],
			"cloud/library/q-": [{"name": "cloud/library/q-*", "rank": 0}],
		},
	},
)
