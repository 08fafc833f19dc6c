package modelward.lib.likeness_test

import data.modelward.lib.likeness
import data.modelward.testing_test as given

test_entries_with_the_same_groups_and_providers_are_alike if {
	_classes(_asking, _catalog) == {{"a", "b", "c", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_entries_are_told_apart_by_the_groups_that_the_caller_is_granted if {
	_classes(_listing(["red"]), _catalog) == {{"a", "b"}, {"c", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
	_classes(_listing(["red", "blue"]), _catalog) == {{"a", "b"}, {"c", "o/x"}, {"d"}, {"gpt-4", "gpt-4o"}}
}

test_groups_of_what_is_out_of_service_tell_apart_too if {
	down := given.changed(_catalog, {
		"/common/kinds/b": "b",
		"/common/entries/b/out_of_service/d9": {"why": "provider_not_spoken", "groups": {"red": true}},
	})
	{"a", "c", "d", "o/x"} in _classes(_asking, down)
	{"b"} in _classes(_asking, down)
	green := given.changed(down, {"/common/kinds/d": "d", "/common/entries/d/out_of_service/d8": {
		"why": "provider_not_spoken",
		"groups": {"green": true},
	}})
	{"b", "d"} in _classes(_asking, green)
	({"b", "d"} & {"b"}) in _classes(_listing(["green"]), green)
}

test_deployments_that_are_out_of_service_for_different_reasons_tell_apart if {
	down := given.changed(_catalog, {
		"/common/kinds/b": "b",
		"/common/kinds/d": "d",
		"/common/entries/b/out_of_service/d9": {"why": "provider_not_spoken", "groups": {}},
		"/common/entries/d/out_of_service/d8": {"why": "provider_not_configured", "groups": {}},
	})
	_classes(_asking, down) == {{"a", "c", "o/x"}, {"b"}, {"d"}, {"gpt-4", "gpt-4o"}}
}

test_names_in_the_same_lists_are_alike if {
	_classes(_listing(["a", "c"]), _catalog) == {{"a", "c"}, {"b", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
	team := given.changed(_asking, {"/caller/key/models": ["a", "c"], "/caller/customer": null, "/customer": {"models": ["c"]}})
	_classes(team, _catalog) == {{"a"}, {"c"}, {"b", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_names_of_different_kinds_in_the_same_list_are_told_apart if {
	_classes(_listing(["a", "c", "d", "red"]), _catalog) == {{"a"}, {"b"}, {"c", "d"}, {"o/x"}, {"gpt-4", "gpt-4o"}}
}

test_names_in_fields_or_as_fields_are_by_themselves if {
	aliases := given.changed(_asking, {"/caller/key/aliases": {"a": "c", "x": "d"}})
	_classes(aliases, _catalog) == {{"a"}, {"b", "o/x"}, {"c"}, {"d"}, {"gpt-4", "gpt-4o"}}
	fields := given.changed(_asking, {"/caller/key/user_id": "a", "/caller/key/metadata": {"b": ["c"]}})
	_classes(fields, _catalog) == {{"a"}, {"b"}, {"c"}, {"d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_names_of_two_fields_are_told_apart if {
	aliases := given.changed(_asking, {"/caller/key/aliases": {"a": "x", "b": "x"}})
	_classes(aliases, _catalog) == {{"a"}, {"b"}, {"c", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_names_that_the_same_pattern_matches_are_alike if {
	_classes(_listing(["gpt-*"]), _catalog) == {{"a", "b", "c", "d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_names_that_a_pattern_matches_are_told_apart if {
	{"a"} in _classes(_listing(["a*"]), _catalog)
	{"b", "c", "d", "o/x"} in _classes(_listing(["a*"]), _catalog)
	_classes(_listing(["gpt-*o"]), _catalog) == {{"a", "b", "c", "d", "o/x"}, {"gpt-4"}, {"gpt-4o"}}
	_classes(_listing(["openai/*o"]), _catalog) == {{"a", "b", "c", "d", "o/x"}, {"gpt-4"}, {"gpt-4o"}}
	_classes(_listing(["*"]), _catalog) == _classes(_asking, _catalog)
}

test_a_name_under_two_patterns_is_not_like_one_under_one_of_them if {
	_classes(_listing(["gpt-*", "*4o"]), _catalog) == {{"a", "b", "c", "d", "o/x"}, {"gpt-4"}, {"gpt-4o"}}
}

test_a_tokens_scopes_and_roles_tell_names_apart if {
	token := given.changed(given.token_call, {"/request/models": _names})
	scopes := given.changed(_catalog, {"/tokens/scopes": [{"scope": "chat", "models": ["a"], "routes": null}]})
	{"a"} in _classes(token, scopes)
	{"a", "b", "c", "d", "o/x"} in _classes(_asking, scopes)
}

test_what_is_no_common_entry_to_the_caller_is_by_itself if {
	_classes(given.asking(["ghost", "red", "a"]), _catalog) == {{"ghost"}, {"red"}, {"a"}}
	aliased := given.changed(_catalog, {"/aliases/a": {"target": "c", "hidden": false}})
	{"a"} in _classes(_asking, aliased)
	own := given.changed(_catalog, {"/teams/t1": given.scope({"b": {"own": []}}, {}, {"b": "b"})})
	{"b"} in _classes(given.changed(given.team_call, {"/request/models": _names}), own)
	{"b"} in _classes(given.changed(given.of_teams(given.token_call, ["t1"]), {"/request/models": _names}), own)
	{"a", "b", "c", "d", "o/x"} in _classes(_asking, own)
}

test_what_is_no_common_entry_to_the_caller_is_by_itself_in_a_list_too if {
	aliased := given.changed(_catalog, {"/aliases/a": {"target": "c", "hidden": false}})
	_classes(_listing(["a", "b", "c"]), aliased) == {{"a"}, {"b", "c"}, {"d", "o/x"}, {"gpt-4", "gpt-4o"}}
}

test_a_caller_without_a_customer_or_a_catalogue_without_kinds_keeps_names_apart if {
	{"a"} in _classes(given.without(_listing(["a"]), "/customer"), _catalog)
	{"a"} in _classes(given.changed(given.without(given.asking(_names), "/caller"), {"/customer": {"models": ["a"]}}), _catalog)
	_classes(_asking, given.changed(_catalog, {"/common/kinds": {}})) == {{name} | some name in _names}
}

_classes(asked, source) := {models | some models in found} if {
	found := likeness.classes with input as asked with data.catalog as source
}

_asking := given.asking(_names)

_listing(list) := given.changed(_asking, {"/caller/key/models": list})

_names := ["a", "b", "c", "d", "gpt-4", "gpt-4o", "o/x"]

_catalog := given.catalog_of(
	{
		"a": {"d1": ["red"]},
		"b": {"d2": ["red"], "d3": ["red"]},
		"c": {"d4": []},
		"d": {"d5": ["blue"]},
		"gpt-4": {"d6": []},
		"gpt-4o": {"d7": ["green"]},
		"o/x": {"d8": ["grey"]},
	},
	[],
)
