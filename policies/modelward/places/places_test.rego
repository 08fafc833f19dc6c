package modelward.places_test

import data.modelward.access
import data.modelward.places
import data.modelward.testing_test as given

# When there are any.

test_without_lists_every_common_deployment_is_open if {
	_places(_keeping, _tagged) == ["beta-1", "both-1", "other-1", "plain-1", "vip-1"]
}

test_the_decision_says_them_for_a_token_too if {
	document := given.changed(given.claiming(given.token_call, "t1"), _state)
	by_group := given.changed(document, {"/caller/records/teams/t1/models": ["beta"]})
	decision := access.decision with input as by_group
		with data.catalog as given.changed(_tagged, {"/tokens/team_allowed_routes": ["openai_routes"]})
	decision.allow
	decision.places == {"beta-1", "both-1"}
}

test_only_a_request_about_objects_has_places if {
	every operation in ["infer", "list", "info", "manage"] {
		_places(given.changed(given.call, {"/request/operation": operation}), _tagged) == []
	}
	_places(given.without(_keeping, "/request/operation"), _tagged) == []
}

test_a_missing_list_leaves_nothing_open if {
	teams := given.changed(given.with_owner(given.team_call), _state)
	places.ids != set() with input as teams with data.catalog as _tagged
	every path in ["/caller/key/models", "/caller/team/models", "/caller/user/models"] {
		_places(given.without(teams, path), _tagged) == []
	}
	every path in ["/caller/key", "/caller/team", "/caller/member", "/caller/project", "/customer"] {
		_places(given.without(teams, path), _tagged) == []
	}
	membership := given.changed(teams, {"/caller/member": given.member([])})
	_places(membership, _tagged) == _places(teams, _tagged)
	_places(given.without(membership, "/caller/member/allowed_models"), _tagged) == []
	organization := object.remove(given.organization("o1", []), ["models"])
	_places(given.changed(teams, {"/caller/organizations/o1": organization}), _tagged) == []
}

test_an_owners_team_without_a_list_leaves_nothing_open if {
	teams := [object.remove(given.team("t1"), ["models"])]
	_places(given.changed(_keeping, {"/caller/owner_teams": teams}), _tagged) == []
}

test_lists_that_are_not_known_leave_nothing_open if {
	places.ids == set() with input as _keeping with data.catalog as _tagged with data.modelward.verdict.lists as null
}

test_a_word_for_all_models_leaves_wildcard_entries_open if {
	every list in [["all-proxy-models"], ["*"], []] {
		_wild(list) == ["any-1", "ft-1", "large-1", "o1-1"]
	}
}

test_a_pattern_opens_the_deployments_of_all_models_that_are_alike if {
	entries := {"eu-1": {"one": []}, "eu-2": {"two": []}, "us-1": {"three": []}}
	alike := given.changed(given.catalog, {"/common": given.scope(entries, {}, {})})
	_places(given.changed(_keeping, {"/caller/key/models": ["eu-*"]}), alike) == ["one", "two"]
}

test_the_list_of_a_rule_of_your_own_opens_no_deployment_of_a_like_model if {
	entries := {"eu-1": {"one": []}, "eu-2": {"two": []}}
	alike := given.changed(given.catalog, {"/common": given.scope(entries, {}, {})})
	ids := places.ids with input as _keeping
		with data.catalog as alike
		with data.modelward.verdict.lists as {"only_eu_1": ["eu-1"]}
	ids == {"one"}
}

test_a_name_with_an_entry_of_its_own_opens_no_wildcard_entry if {
	catalog := given.catalog_of({"gpt-4": {"exact-1": []}, "gpt-*": {"wide-1": []}}, ["gpt-*"])
	_places(_with_list(["gpt-4"]), catalog) == ["exact-1"]
	_places(_with_list(["gpt-5"]), catalog) == ["wide-1"]
}

# Who sees a deployment (C6).

test_a_teams_own_deployment_is_open_to_the_team_alone if {
	_places(_in_team, _private) == ["d1", "d2", "own-1", "own-2"]
	_places(_keeping, _private) == ["d1", "d2"]
	_places(given.changed(_in_team, {"/caller/team/team_id": "t2", "/caller/key/team_id": "t2"}), _private) == ["d1", "d2"]
	_places(given.changed(given.master_call, _state), _private) == ["d1", "d2"]
}

test_the_name_of_a_teams_own_entry_opens_it_alone if {
	_places(given.changed(_in_team, {"/caller/key/models": ["mine"]}), _private) == ["own-1"]
	_places(given.changed(_in_team, {"/caller/key/models": ["mine-raw"]}), _private) == ["own-1"]
	_places(given.changed(_in_team, {"/caller/key/models": ["m*"]}), _private) == ["own-1"]
	_places(given.changed(_in_team, {"/caller/key/models": ["own/x"]}), _private) == ["own-2"]
}

# Which of them the lists leave open (C8).

test_a_group_opens_the_deployments_that_carry_it if {
	_open(["beta"]) == ["beta-1", "both-1"]
	_open(["beta", "vip"]) == ["beta-1", "both-1", "vip-1"]
}

test_a_name_opens_every_deployment_of_its_entry if {
	_open(["gpt-4"]) == ["beta-1", "both-1", "plain-1", "vip-1"]
	_open(["beta", "gpt-4o"]) == ["beta-1", "both-1", "other-1"]
}

test_a_pattern_opens_what_it_fits if {
	_open(["gpt-4o*"]) == ["other-1"]
	_open(["openai/gpt-4o*"]) == ["other-1"]
	_open(["beta", "*4o"]) == ["beta-1", "both-1", "other-1"]
	_open(["claude-*"]) == []
}

test_everything_is_open_to_a_list_that_holds_it if {
	count(_open(["beta", "*"])) == 5
	count(_open(["all-proxy-models"])) == 5
	count(_open(["all-team-models"])) == 5
}

test_what_names_nothing_known_opens_nothing if {
	_open(["ghost"]) == []
	_open(["GPT-4", "bet", ""]) == []
	_open(["no-default-models"]) == []
}

test_an_empty_list_opens_nothing_where_the_config_says_so if {
	_places(_keeping, given.changed(_tagged, {"/settings/empty_list": "deny"})) == []
}

test_every_list_must_leave_a_deployment_open if {
	_places(_lists(["beta"], ["vip"]), _tagged) == ["both-1"]
	_places(_lists(["beta"], ["gpt-4o"]), _tagged) == []
	_places(_lists(["all-team-models"], ["vip"]), _tagged) == ["both-1", "vip-1"]
	_places(_lists(["vip"], ["all-team-models"]), _tagged) == ["both-1", "vip-1"]
}

test_a_list_that_is_malformed_opens_nothing if {
	every list in ["gpt-4", {"gpt-4": true}, 1, [1], false] {
		found := places.ids with input as _keeping
			with data.catalog as _tagged
			with data.modelward.rules.friendly.list as list
		found == set()
	}
}

# By aliases (C5).

test_an_alias_opens_the_entry_of_its_target if {
	_places(_with_list(["fast"]), _aliased) == ["other-1"]
	_places(_with_list(["fa*"]), _aliased) == ["other-1"]
}

test_the_target_of_an_alias_of_a_key_or_team_opens_its_entry_and_the_alias_nothing if {
	every path in ["/caller/key/aliases", "/caller/team/model_aliases"] {
		taken := given.changed(_in_team, {path: {"gpt-4": "gpt-4o", "nick": "gpt-4"}})
		_places(given.changed(taken, {"/caller/key/models": ["nick"]}), _tagged) == []
		_places(given.changed(taken, {"/caller/key/models": ["gpt-4"]}), _tagged) == _open(["gpt-4"])
	}
}

# Wildcard entries.

test_a_name_opens_the_wildcard_entry_that_answers_it if {
	_wild(["openai/gpt-4"]) == ["any-1"]
	_wild(["openai/o1-mini"]) == ["o1-1"]
	_wild(["o1-mini"]) == ["o1-1"]
	_wild(["mistral/x"]) == []
}

test_a_pattern_opens_the_wildcard_entries_that_answer_some_of_it if {
	_wild(["openai/gpt-*"]) == ["any-1"]
	_wild(["openai/*"]) == ["any-1", "ft-1", "o1-1"]
	_wild(["open*"]) == ["any-1", "ft-1", "o1-1"]
	_wild(["*-mini"]) == ["any-1", "ft-1", "o1-1"]
	_wild(["mistral/*"]) == []
	_wild(["cohere/x*"]) == ["large-1"]
	_wild(["cohere/*-small"]) == []
}

test_a_pattern_opens_no_entry_beside_the_more_specific_one_that_answers_it_all if {
	_wild(["openai/o1-*"]) == ["o1-1"]
	_wild(["openai/o1-m*"]) == ["o1-1"]
	_wild(["o1-*"]) == ["o1-1"]
}

test_a_bare_pattern_counts_under_the_providers if {
	_wild(["gpt-*"]) == ["any-1"]
	_wild(["ft-*"]) == ["ft-1"]
	_wild(["vertex_ai/ft-*"]) == ["ft-1"]
	_wild(["acme/ft-*"]) == ["ft-1"]
}

test_a_teams_own_wildcard_entry_is_open_to_the_team_alone if {
	own := given.scope({"openai/*": {"own-1": []}}, {"openai/*": 1}, {})
	both := given.changed(given.catalog_of({"openai/*": {"any-1": []}}, []), {
		"/common/wildcards": given.scope({}, {"openai/*": 2}, {}).wildcards,
		"/common/lengths": [7],
		"/teams/t1": own,
	})
	_places(given.changed(_in_team, {"/caller/key/models": ["openai/gpt-*"]}), both) == ["own-1"]
	_places(_with_list(["openai/gpt-*"]), both) == ["any-1"]
}

_state := {
	"/request/operation": "state",
	"/request/path": "/v1/files",
	"/request/route": "/v1/files",
	"/request/segments": [["", "v1", "files"]],
	"/request/models": [],
}

_keeping := given.changed(given.call, _state)

_in_team := given.changed(given.team_call, _state)

_with_list(list) := given.changed(_keeping, {"/caller/key/models": list})

_lists(key, team) := given.changed(_in_team, {"/caller/key/models": key, "/caller/team/models": team})

_tagged := given.catalog_of(
	{
		"gpt-4": {"plain-1": [], "beta-1": ["beta"], "vip-1": ["vip"], "both-1": ["beta", "vip"]},
		"gpt-4o": {"other-1": []},
	},
	[],
)

_aliased := given.changed(_tagged, {"/aliases/fast": {"target": "gpt-4o", "hidden": true}})

_private := given.changed(given.catalog, {"/teams/t1": given.scope(
	{"mine": {"own-1": []}, "own/*": {"own-2": []}},
	{"own/*": 0},
	{"mine": "mine", "mine-raw": "mine"},
)})

_wildcards := given.changed(
	given.catalog_of(
		{
			"openai/*": {"any-1": []},
			"openai/o1-*": {"o1-1": []},
			"ft-*": {"ft-1": []},
			"cohere/*-large": {"large-1": []},
		},
		["cohere/*-large", "openai/o1-*", "openai/*", "ft-*"],
	),
	{"/provider_names": {"ft-x": ["acme"]}},
)

_open(list) := _places(_with_list(list), _tagged)

_wild(list) := _places(_with_list(list), _wildcards)

_places(document, source) := found if {
	ids := places.ids with input as document with data.catalog as source
	found := sort(ids)
}

test_an_alias_of_an_entrys_name_opens_nothing_of_that_entry if {
	hiding := given.changed(_tagged, {"/aliases/gpt-4o": {"target": "ghost", "hidden": false}})
	opened := _places(_with_list(["ghost"]), hiding)
	opened == []
}
