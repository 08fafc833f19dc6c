package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

# Facts that are missing.

test_without_a_catalogue_every_model_is_unknown if {
	not catalog.entry["gpt-4"] with input as given.call with data.catalog as {}
}

test_without_models_there_is_no_entry if {
	count(catalog.entry) == 0 with input as given.without(given.call, "/request/models") with data.catalog as given.catalog
}

test_a_model_that_is_no_text_is_unknown if {
	count(catalog.entry) == 0 with input as given.asking([null, 4, ["gpt-4"], {"model": "gpt-4"}])
		with data.catalog as given.catalog_of({"*": {"d1": []}}, ["*"])
}

# Names (C1, C3).

test_a_name_that_no_entry_bears_is_unknown if {
	not catalog.entry.ghost with input as given.asking(["ghost"]) with data.catalog as given.catalog
}

test_a_name_resolves_to_its_entry if {
	_entry("gpt-4", given.catalog).name == "gpt-4"
}

test_an_entry_comes_with_its_deployments_and_groups if {
	entry := _entry("gpt-4", given.catalog_of({"gpt-4": {"d1": ["beta"], "d2": []}}, []))
	entry.deployments == {"d1": {"beta": true}, "d2": {}}
	entry.groups == {"beta": true}
}

test_case_counts if not _entry("GPT-4", given.catalog)

test_a_deployment_id_is_no_name if not _entry("d1", given.catalog)

test_each_model_of_a_request_resolves_on_its_own if {
	entries := catalog.entry with input as given.asking(["gpt-4", "ghost", "gpt-4o"]) with data.catalog as given.catalog
	{model: entry.name | some model, entry in entries} == {"gpt-4": "gpt-4", "gpt-4o": "gpt-4o"}
}

# Wildcard entries (C2, C3).

test_a_name_resolves_to_the_wildcard_entry_that_matches if {
	_entry("openai/o1", _wildcards).name == "openai/*"
}

test_a_name_that_no_wildcard_entry_matches_is_unknown if not _entry("bedrock/x", _wildcards)

test_the_most_specific_wildcard_entry_counts if {
	_entry("openai/o1-mini", _wildcards).name == "openai/o1-*"
	_entry("openai/o1-mini", _wildcards).groups == {"restricted": true}
}

test_the_prefix_of_the_specific_entry_alone_belongs_to_it if {
	_entry("openai/o1-", _wildcards).name == "openai/o1-*"
}

test_the_lowest_rank_counts_whichever_prefix_it_has if {
	ranked := given.catalog_of({"*-mini": {"d1": []}, "openai/*": {"d2": []}}, ["*-mini", "openai/*"])
	_entry("openai/o1-mini", ranked).name == "*-mini"
}

test_the_lowest_rank_counts_among_entries_of_one_prefix if {
	ranked := given.catalog_of({"a*b*": {"d1": []}, "a*": {"d2": []}}, ["a*b*", "a*"])
	_entry("a-b-c", ranked).name == "a*b*"
	_entry("a-c", ranked).name == "a*"
}

test_an_entry_of_the_very_name_comes_before_any_wildcard_entry if {
	named := given.catalog_of({"openai/*": {"d1": ["all"]}, "openai/o1": {"d2": []}}, ["openai/*"])
	_entry("openai/o1", named).name == "openai/o1"
	_entry("openai/o1", named).groups == {}
}

test_a_wildcard_entry_that_starts_with_a_star_matches if {
	_entry("o1-mini", given.catalog_of({"*-mini": {"d1": []}}, ["*-mini"])).name == "*-mini"
}

test_a_name_shorter_than_a_prefix_may_match_another if {
	short := given.catalog_of({"openai/long-*": {"d1": []}, "o*": {"d2": []}}, ["openai/long-*", "o*"])
	_entry("o1", short).name == "o*"
}

test_a_wildcard_entry_of_any_script_matches if {
	_entry("日本/モデル", given.catalog_of({"日本/*": {"d1": []}}, ["日本/*"])).name == "日本/*"
}

test_a_name_that_holds_a_star_is_unknown if {
	every name in ["openai/*", "*", "openai/o1-*", "gpt-*4"] {
		not _entry(name, given.catalog_of({"openai/*": {"d1": []}, "*": {"d2": []}}, ["openai/*", "*"]))
	}
}

test_a_call_may_not_ask_for_a_pattern_even_with_wildcards_set if {
	asking := given.changed(given.asking(["openai/*"]), {"/request/wildcards": true})
	not catalog.entry["openai/*"] with input as asking with data.catalog as _wildcards
}

test_a_listing_with_wildcards_resolves_a_pattern if {
	asking := given.changed(given.asking(["openai/*"]), {"/request/wildcards": true, "/request/operation": "list"})
	catalog.entry["openai/*"].name == "openai/*" with input as asking with data.catalog as _wildcards
}

# The provider of a bare name (C3, C4).

test_a_bare_name_resolves_under_its_provider if {
	_entry("gpt-4", _wildcards).name == "openai/*"
	_entry("o1-mini", _wildcards).name == "openai/o1-*"
}

test_a_bare_name_resolves_to_the_entry_of_its_name_under_the_provider if {
	prefixed := given.catalog_of({"openai/gpt-4": {"d1": []}, "openai/*": {"d2": []}}, ["openai/*"])
	_entry("gpt-4", prefixed).name == "openai/gpt-4"
}

test_a_bare_name_prefers_a_wildcard_entry_that_matches_it_as_it_is if {
	bare := given.catalog_of({"openai/gpt-4": {"d1": []}, "gpt-*": {"d2": []}}, ["gpt-*"])
	_entry("gpt-4", bare).name == "gpt-*"
}

test_a_bare_name_that_no_provider_claims_is_unknown if not _entry("my-gpt", _wildcards)

test_a_bare_name_belongs_to_its_own_provider_only if not _entry("claude-3", _wildcards)

test_a_bare_name_that_two_publish_resolves_under_either if {
	_entry("gemini-2.5-flash", given.catalog_of({"gemini/*": {"d1": []}}, ["gemini/*"])).name == "gemini/*"
	_entry("gemini-2.5-flash", given.catalog_of({"vertex_ai/*": {"d1": []}}, ["vertex_ai/*"])).name == "vertex_ai/*"
}

test_a_bare_name_that_two_publish_resolves_to_the_most_specific_of_both if {
	both := given.catalog_of({"vertex_ai/*": {"d1": []}, "gemini/gemini-2.5-*": {"d2": []}}, ["gemini/gemini-2.5-*", "vertex_ai/*"])
	_entry("gemini-2.5-flash", both).name == "gemini/gemini-2.5-*"
	_entry("gemini-2.5-flash", both).model == "gemini/gemini-2.5-flash"
	narrow := given.catalog_of({"vertex_ai/*": {"d1": []}, "gemini/gemini-2.5-flash": {"d2": []}}, ["vertex_ai/*"])
	_entry("gemini-2.5-flash", narrow).name == "gemini/gemini-2.5-flash"
}

test_of_two_exact_entries_under_its_providers_the_first_provider_s_counts if {
	both := given.catalog_of({"gemini/gemini-2.5-flash": {"d1": []}, "vertex_ai/gemini-2.5-flash": {"d2": []}}, [])
	_entry("gemini-2.5-flash", both).name == "vertex_ai/gemini-2.5-flash"
}

test_a_name_with_a_slash_gets_no_other_provider if {
	not _entry("bedrockz/ft:gpt-4", given.catalog_of({"bedrock/*": {"d1": []}, "openai/*": {"d2": []}}, [
		"bedrock/*",
		"openai/*",
	]))
}

test_a_prefixed_name_is_not_the_bare_entry if not _entry("openai/gpt-4", given.catalog)

test_an_entry_says_which_name_led_to_it if {
	_entry("openai/o1", _wildcards).model == "openai/o1"
	_entry("gpt-4", _wildcards).model == "openai/gpt-4"
}

_wildcards := given.catalog_of(
	{"openai/*": {"d1": ["default"]}, "openai/o1-*": {"d2": ["restricted"]}},
	["openai/o1-*", "openai/*"],
)

_entry(name, source) := found if {
	found := catalog.entry[name] with input as given.asking([name]) with data.catalog as source
}

_changed_entry(name, changes, source) := found if {
	found := catalog.entry[name] with input as given.changed(given.asking([name]), changes) with data.catalog as source
}

_team_entry(name, changes, source) := found if {
	found := catalog.entry[name] with input as given.changed(_as_team("t1", [name]), changes) with data.catalog as source
}

_as_team(id, models) := given.changed(given.team_call, {
	"/request/models": models,
	"/caller/key/team_id": id,
	"/caller/team/team_id": id,
})
