package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

test_a_name_opens_every_deployment_of_its_entry if {
	_deployments(["gpt-4"], ["gpt-4"]) == ["beta-1", "both-1", "plain-1", "vip-1"]
}

test_a_group_opens_the_deployments_that_carry_it if _deployments(["beta"], []) == ["beta-1", "both-1"]

test_several_groups_of_one_list_open_the_deployments_of_each if {
	_deployments(["beta", "vip"], []) == ["beta-1", "both-1", "vip-1"]
}

test_a_name_beside_a_group_opens_every_deployment if {
	_deployments(["beta", "gpt-4"], []) == ["beta-1", "both-1", "plain-1", "vip-1"]
}

test_a_pattern_beside_a_group_opens_every_deployment if {
	_deployments(["beta", "gpt-*"], []) == ["beta-1", "both-1", "plain-1", "vip-1"]
}

test_the_groups_of_two_layers_open_what_carries_both if _deployments(["beta"], ["vip"]) == ["both-1"]

test_a_layer_without_restriction_narrows_nothing if {
	_deployments(["all-team-models"], ["vip"]) == ["both-1", "vip-1"]
	_deployments(["vip"], ["all-team-models"]) == ["both-1", "vip-1"]
}

test_groups_that_leave_no_deployment_are_refused_in_the_name_of_the_narrowing_layer if {
	apart := given.catalog_of({"gpt-4": {"beta-1": ["beta"], "vip-1": ["vip"]}}, [])
	decision := access.decision with input as _lists(["beta"], ["vip"]) with data.catalog as apart
	decision.allow == false
	decision.reasons == [{
		"rule": "team_model_access",
		"message": "no deployment of model `gpt-4` is open to this caller; GET /v1/models lists what it may call",
	}]
}

test_a_later_layer_that_narrows_nothing_is_not_named if {
	apart := given.catalog_of({"gpt-4": {"beta-1": ["beta"], "vip-1": ["vip"]}}, [])
	reasons := access.decision.reasons with input as _lists(["beta"], ["vip"])
		with data.catalog as apart
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
	[reason.rule | some reason in reasons] == ["team_model_access"]
}

test_an_owners_groups_narrow_a_personal_key_too if {
	apart := given.catalog_of({"gpt-4": {"beta-1": ["beta"], "vip-1": ["vip"]}}, [])
	personal := given.changed(given.owned_call, {"/caller/key/models": ["beta"], "/caller/user/models": ["vip"]})
	_refusals(personal, apart) == ["user_model_access"]
}

test_each_model_is_narrowed_by_its_own_groups if {
	grouped := given.catalog_of({"gpt-4": {"a": ["beta"], "b": []}, "gpt-4o": {"c": ["beta"], "d": []}}, [])
	asking := given.changed(given.asking(["gpt-4", "gpt-4o"]), {"/caller/key/models": ["beta", "gpt-4o"]})
	targets := access.decision.targets with input as asking with data.catalog as grouped
	targets["gpt-4"].deployments == ["a"]
	targets["gpt-4o"].deployments == ["c", "d"]
}

test_the_master_key_is_open_to_every_deployment if {
	targets := access.decision.targets with input as given.master_call with data.catalog as _tagged
	targets["gpt-4"].deployments == ["beta-1", "both-1", "plain-1", "vip-1"]
}

test_a_model_under_a_wildcard_entry_goes_to_its_deployments if {
	wildcards := given.catalog_of({"openai/*": {"w1": ["beta"]}}, ["openai/*"])
	targets := access.decision.targets with input as given.call with data.catalog as wildcards
	targets == {"gpt-4": {"entry": "openai/*", "model": "openai/gpt-4", "deployments": ["w1"]}}
}

test_a_team_goes_to_its_own_deployment if {
	own := given.changed(given.catalog, {"/teams/t1": given.scope({"gpt-4": {"own": []}}, {}, {})})
	targets := access.decision.targets with input as given.team_call with data.catalog as own
	targets["gpt-4"].deployments == ["own"]
}

test_an_unknown_model_goes_nowhere if {
	access.decision.targets == {} with input as given.asking(["ghost"]) with data.catalog as given.catalog
}

_tagged := given.catalog_of(
	{"gpt-4": {"plain-1": [], "beta-1": ["beta"], "vip-1": ["vip"], "both-1": ["beta", "vip"]}},
	[],
)

_lists(key, team) := given.changed(given.team_call, {"/caller/key/models": key, "/caller/team/models": team})

_deployments(key, team) := targets["gpt-4"].deployments if {
	targets := access.decision.targets with input as _lists(key, team) with data.catalog as _tagged
	access.allow with input as _lists(key, team) with data.catalog as _tagged
}

test_an_entry_without_deployments_is_refused if {
	not access.allow with input as given.call with data.catalog as given.catalog_of({"gpt-4": {}}, [])
}

test_an_authors_grant_without_groups_narrows_no_deployments if {
	decision := access.decision with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend"}}
	decision.allow
	count(decision.targets["gpt-4"].deployments) > 0
}
