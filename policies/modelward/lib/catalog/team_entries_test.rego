package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

test_the_public_name_of_a_team_leads_to_its_own_deployment if {
	_team_entry("shared", {}, _private).deployments == {"own": {}}
}

test_the_own_name_of_a_teams_deployment_counts_as_its_public_name if {
	_team_entry("model_name_t1", {}, _private).deployments == {"own": {}}
}

test_the_public_name_of_a_team_comes_before_a_common_entry_of_its_name if {
	_team_entry("gpt-4", {}, _private).deployments == {"own-gpt-4": {}}
}

test_another_caller_gets_the_common_entry_of_that_name if {
	_entry("gpt-4", _private).deployments == {"d1": {}}
}

test_a_team_may_call_the_common_entries_too if {
	_team_entry("gpt-4o", {}, _private).deployments == {"d2": {}}
}

test_another_teams_private_name_is_unknown if {
	not _team_entry("theirs", {}, _private)
	not _team_entry("model_name_t2", {}, _private)
}

test_two_teams_with_one_public_name_reach_their_own_deployments if {
	catalog.entry.shared.deployments == {"other": {}} with input as _as_team("t2", ["shared"])
		with data.catalog as _private
}

test_a_private_name_is_unknown_to_a_caller_without_team if {
	not _entry("shared", _private)
	not _entry("model_name_t1", _private)
}

test_a_private_name_is_unknown_to_the_master_key if {
	asking := given.changed(given.master_call, {"/request/models": ["shared"]})
	not catalog.entry.shared with input as asking with data.catalog as _private
}

test_an_alias_may_lead_to_the_own_name_of_a_teams_deployment if {
	_team_entry("fast", {"/caller/team/model_aliases": {"fast": "model_name_t1"}}, _private).name == "shared"
}

test_a_teams_deployment_is_named_by_both_its_names if {
	catalog.names.shared == {"all-proxy-models", "shared", "model_name_t1"} with input as _as_team("t1", ["shared"])
		with data.catalog as _private
	catalog.names.model_name_t1 == {"all-proxy-models", "shared", "model_name_t1"} with input as _as_team("t1", ["model_name_t1"])
		with data.catalog as _private
}

test_a_teams_wildcard_entry_of_a_lower_rank_comes_before_a_common_one if {
	both := _ranked({"openai/*": 1}, {"openai/*": 0})
	catalog.entry["openai/o1"].deployments == {"own": {}} with input as _as_team("t1", ["openai/o1"])
		with data.catalog as both
}

test_a_common_wildcard_entry_of_a_lower_rank_comes_before_a_teams_own if {
	both := _ranked({"openai/o1-*": 0}, {"openai/*": 1})
	catalog.entry["openai/o1-mini"].deployments == {"common": {}} with input as _as_team("t1", ["openai/o1-mini"])
		with data.catalog as both
	catalog.entry["openai/gpt-4"].deployments == {"own": {}} with input as _as_team("t1", ["openai/gpt-4"])
		with data.catalog as both
}

test_a_teams_wildcard_entry_must_match_the_whole_name if {
	both := _ranked({"openai/*": 1}, {"openai/*-mini": 0})
	catalog.entry["openai/o1"].deployments == {"common": {}} with input as _as_team("t1", ["openai/o1"])
		with data.catalog as both
}

test_no_other_caller_reaches_a_teams_wildcard_entry if {
	not catalog.entry["openai/o1"] with input as _as_team("t2", ["openai/o1"])
		with data.catalog as _ranked({}, {"openai/*": 0})
}

test_a_common_entry_of_the_very_name_comes_before_a_teams_wildcard_entry if {
	both := given.changed(given.catalog, {"/teams/t1": given.scope({"gpt-*": {"own": []}}, {"gpt-*": 0}, {})})
	catalog.entry["gpt-4"].deployments == {"d1": {}} with input as _as_team("t1", ["gpt-4"]) with data.catalog as both
}

_private := given.changed(given.catalog, {"/teams": {
	"t1": given.scope({"shared": {"own": []}, "gpt-4": {"own-gpt-4": []}}, {}, {"model_name_t1": "shared"}),
	"t2": given.scope({"shared": {"other": []}, "theirs": {"other-2": []}}, {}, {"model_name_t2": "theirs"}),
}})

_ranked(common, own) := given.changed(given.catalog, {
	"/common": given.scope({name: {"common": []} | some name, _ in common}, common, {}),
	"/teams/t1": given.scope({name: {"own": []} | some name, _ in own}, own, {}),
})
