package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

test_a_key_alias_leads_to_its_target if {
	_changed_entry("mine", {"/caller/key/aliases": {"mine": "gpt-4o"}}, given.catalog).name == "gpt-4o"
}

test_a_team_alias_leads_to_its_target if {
	_team_entry("fast", {"/caller/team/model_aliases": {"fast": "gpt-4o"}}, given.catalog).name == "gpt-4o"
}

test_a_global_alias_leads_to_its_target if {
	_changed_entry("house", {}, _aliased({"house": "gpt-4o"})).name == "gpt-4o"
}

test_a_key_alias_comes_before_a_team_alias if {
	changes := {
		"/caller/key/aliases": {"fast": "gpt-4"},
		"/caller/team/model_aliases": {"fast": "gpt-4o"},
	}
	_team_entry("fast", changes, given.catalog).name == "gpt-4"
}

test_a_team_alias_comes_before_a_global_one if {
	changes := {"/caller/team/model_aliases": {"fast": "gpt-4"}}
	_team_entry("fast", changes, _aliased({"fast": "gpt-4o"})).name == "gpt-4"
}

test_an_alias_comes_before_an_entry_of_its_name if {
	_changed_entry("gpt-4", {"/caller/key/aliases": {"gpt-4": "gpt-4o"}}, given.catalog).name == "gpt-4o"
	_team_entry("gpt-4", {"/caller/team/model_aliases": {"gpt-4": "gpt-4o"}}, given.catalog).name == "gpt-4o"
	_changed_entry("gpt-4", {}, _aliased({"gpt-4": "gpt-4o"})).name == "gpt-4o"
}

test_an_alias_may_lead_to_the_next_kind_of_alias if {
	changes := {
		"/caller/key/aliases": {"mine": "ours"},
		"/caller/team/model_aliases": {"ours": "house"},
	}
	_team_entry("mine", changes, _aliased({"house": "gpt-4o"})).name == "gpt-4o"
}

test_an_alias_of_another_caller_is_unknown if {
	not _changed_entry("mine", {}, given.catalog)
	not _team_entry("fast", {}, given.catalog)
}

test_an_alias_whose_target_no_entry_bears_is_unknown if {
	not _changed_entry("mine", {"/caller/key/aliases": {"mine": "ghost"}}, given.catalog)
}

test_an_alias_may_not_lead_to_a_pattern if {
	not _changed_entry("mine", {"/caller/key/aliases": {"mine": "openai/*"}}, _wildcards)
}

test_an_alias_may_not_lead_to_a_group if {
	not _changed_entry("mine", {"/caller/key/aliases": {"mine": "restricted"}}, _catch_all)
}

test_an_alias_may_lead_under_a_wildcard_entry if {
	_changed_entry("mine", {"/caller/key/aliases": {"mine": "openai/gpt-4"}}, _wildcards).name == "openai/*"
}

test_the_target_of_an_alias_takes_the_place_of_the_name if {
	asking := given.changed(given.asking(["mine"]), {"/caller/key/aliases": {"mine": "gpt-4o"}})
	catalog.names.mine == {"all-proxy-models", "gpt-4o"} with input as asking with data.catalog as given.catalog
}

test_a_global_alias_is_named_beside_its_target if {
	catalog.names.house == {"all-proxy-models", "house", "gpt-4o"} with input as given.asking(["house"])
		with data.catalog as _aliased({"house": "gpt-4o"})
}

test_a_pattern_may_match_a_bare_name_under_its_provider if {
	catalog.pattern_names["gpt-4"] == {"gpt-4", "openai/gpt-4"} with input as given.call with data.catalog as given.catalog
}

test_a_pattern_may_match_either_name_of_a_teams_deployment if {
	every name in ["shared", "model_name_t1"] {
		catalog.pattern_names[name] == {"shared", "model_name_t1"} with input as _as_team("t1", [name])
			with data.catalog as _private
	}
}

test_a_pattern_matches_a_name_without_provider_as_it_is if {
	catalog.pattern_names["my-gpt"] == {"my-gpt"} with input as given.asking(["my-gpt"]) with data.catalog as given.catalog
}

test_a_pattern_may_match_the_target_of_an_alias_under_its_provider if {
	catalog.pattern_names.house == {"house", "gpt-4o", "openai/gpt-4o"} with input as given.asking(["house"])
		with data.catalog as _aliased({"house": "gpt-4o"})
}

_aliased(targets) := given.changed(given.catalog, {"/aliases": {name: alias |
	some name, target in targets
	alias := {"target": target, "hidden": false}
}})
