package modelward.reach_test

import data.modelward.access
import data.modelward.reach
import data.modelward.testing_test as given

test_a_key_reaches_what_its_list_covers_with_the_deployments if {
	found := reach.reach with input as _limited(["beta", "other"]) with data.catalog as _catalog
	found == {"deployments": {"fast": {"d1"}, "slow": {"d2"}, "other": {"d5"}, "house": {"d1"}}, "revision": "r1"}
}

test_models_that_are_alike_are_reached_each_with_the_deployments_that_the_list_leaves_open if {
	twins := given.catalog_of({"one": {"d1": ["beta"], "d2": ["vip"]}, "two": {"d3": ["beta"], "d4": ["vip"]}}, [])
	asked := given.changed(_limited(["beta"]), {"/request/models": ["one", "two"]})
	reach.reach.deployments == {"one": {"d1"}, "two": {"d3"}} with input as asked with data.catalog as twins
}

test_a_rule_for_tokens_says_nothing_of_a_key if {
	catalog := given.changed(_catalog, {"/token_rules/a_rule": true})
	reach.models == {"fast", "house", "slow"} with input as _limited(["beta", "ghost"]) with data.catalog as catalog
}

test_models_that_are_not_asked_for_are_not_reached if {
	asked := given.changed(_limited(["beta"]), {"/request/models": ["slow"]})
	reach.models == {"slow"} with input as asked with data.catalog as _catalog
}

test_nothing_is_reached_where_none_is_asked_for if {
	asked := given.changed(_limited(["beta"]), {"/request/models": []})
	reach.models == set() with input as asked with data.catalog as _catalog
}

test_there_is_no_answer_without_a_revision if {
	not reach.reach with input as _limited([]) with data.catalog as given.without(_catalog, "/revision")
}

test_what_is_reached_is_what_is_allowed_by_itself if {
	every list in [[], ["beta"], ["vip", "beta"], ["fast", "vip"], ["f*", "vip"], ["*st"], ["ghost"], ["openai/*"], ["house"]] {
		_agrees(_limited(list), _catalog)
	}
}

test_a_blocked_key_reaches_nothing if {
	blocked := given.changed(_limited([]), {"/caller/key/blocked": true})
	reach.models == set() with input as blocked with data.catalog as _catalog
}

test_no_caller_or_catalogue_reaches_nothing if {
	reach.models == set() with input as given.without(_limited([]), "/caller") with data.catalog as _catalog
	reach.models == set() with input as given.without(_limited([]), "/customer") with data.catalog as _catalog
	reach.models == set() with input as _limited([]) with data.catalog as {}
}

# A token may be judged for another team with each model.

test_a_token_reaches_what_any_of_its_teams_covers if {
	asked := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {
		"/request/models": _names,
		"/caller/records/teams/t1/models": ["beta"],
		"/caller/records/teams/t2/models": ["other"],
	})
	_agrees(asked, _catalog)
	answers := reach.answers with input as asked with data.catalog as _catalog
	{[answer.standing.team_id, answer.models] | some answer in answers} == {["t1", {"fast"}], ["t1", {"slow"}], ["t1", {"house"}], ["t2", {"other"}]}
}

# A rule that does not say that it judges models alike is asked about each.

test_a_rule_that_may_tell_models_apart_is_asked_about_each if {
	every list in [["fast"], ["beta"], ["f*"], ["ghost"]] {
		every telling in ["key_model_access", "model_known", "key_active"] {
			_agrees(_limited(list), given.without(_catalog, $"/alike/{telling}"))
		}
	}
}

test_what_such_a_rule_refuses_is_not_reached if {
	reach.models == set() with input as _limited([])
		with data.catalog as _catalog
		with data.modelward.rules.office_hours.deny as {"the office is closed"}
	reach.models == {"fast", "slow", "gold", "other", "house"} with input as _limited([])
		with data.catalog as _catalog
		with data.modelward.rules.office_hours.deny as set()
}

test_a_rule_that_is_malformed_lets_nothing_be_reached if {
	every malformed in ["the office is closed", {}, [], true, {1}] {
		every alike in [{}, {"office_hours": true}] {
			reach.models == set() with input as _limited([])
				with data.catalog as object.union(_catalog, {"alike": object.union(_catalog.alike, alike)})
				with data.modelward.rules.office_hours.deny as malformed
		}
	}
}

test_a_rule_without_a_deny_lets_nothing_be_reached if {
	catalog := given.changed(_catalog, {"/rules/a_rule": true})
	reach.models == set() with input as _limited([]) with data.catalog as catalog
	count(reach.models) == 5 with input as _limited([])
		with data.catalog as catalog
		with data.modelward.rules.a_rule.deny as set()
}

test_what_such_a_rule_grants_is_granted_for_that_model_alone if {
	asked := given.changed(_limited([]), {"/caller/kind": "other", "/caller/key": null})
	narrowed := given.changed(given.master_call, {"/request/models": _names})
	every call in [asked, narrowed] {
		found := reach.reach.deployments with input as call
			with data.catalog as _catalog
			with data.modelward.rules.friendly as {"deny": set(), "grants": {"slow": {"by": "a friend", "groups": ["none"]}}}
		not found.slow
	}
	found := reach.models with input as narrowed with data.catalog as _catalog
	found == {"fast", "slow", "gold", "other", "house"}
}

test_a_tokens_rule_that_may_tell_models_apart_is_asked_about_each if {
	asked := given.changed(given.claiming(given.token_call, "t1"), {
		"/request/models": _names,
		"/caller/records/teams/t1/models": ["beta", "f*"],
	})
	_agrees(asked, _catalog)
	_agrees(asked, given.without(_catalog, "/alike/token_form"))
	catalog := given.changed(_catalog, {"/token_rules/a_rule": true})
	reach.models == set() with input as asked with data.catalog as catalog
	reach.models == set() with input as asked
		with data.catalog as _catalog
		with data.modelward.token_rules.office_hours.deny as {"closed"}
}

_agrees(asked, source) if {
	found := reach.reach.deployments with input as asked with data.catalog as source
	found == {name: {id | some id in decision.targets[name].deployments} |
		some name in asked.request.models
		decision := access.decision with input as given.changed(asked, {"/request/models": [name]}) with data.catalog as source
		decision.allow
	}
}

_limited(list) := given.changed(given.call, {"/request/models": _names, "/caller/key/models": list})

_names := ["fast", "slow", "gold", "other", "house", "ghost", "beta", "vip"]

_catalog := given.changed(
	given.catalog_of(
		{
			"fast": {"d1": ["beta"]},
			"slow": {"d2": ["beta"], "d3": ["vip"]},
			"gold": {"d4": ["vip"]},
			"other": {"d5": []},
		},
		[],
	),
	{
		"/aliases/house": {"target": "fast", "hidden": false},
		"/rules": {},
	},
)

test_models_that_a_rule_tells_apart_by_their_names_are_judged_by_themselves if {
	every models in [_names, ["slow", "fast"], ["fast"], ["other", "fast"]] {
		asked := given.changed(_limited([]), {"/request/models": models})
		found := reach.models with input as asked
			with data.catalog as given.without(_catalog, "/alike/key_model_access")
			with data.modelward.lib.grant.cover as _covers_fast
		found == {"fast"}
	}
}

test_models_that_such_a_rule_grants_in_ways_of_their_own_are_judged_by_themselves if {
	asked := given.changed(_limited([]), {"/request/models": ["fast", "slow", "gold"]})
	found := reach.reach.deployments with input as asked
		with data.catalog as given.without(_catalog, "/alike/key_model_access")
		with data.modelward.lib.grant.cover as _covers_differently
	found == {"fast": {"d1"}, "slow": {"d3"}}
}

test_a_model_that_such_a_rule_refuses_only_by_itself_is_judged_by_itself if {
	found := reach.models with input as given.changed(_limited([]), {"/request/models": ["fast", "slow"]})
		with data.catalog as given.without(_catalog, "/alike/model_known")
		with data.modelward.lib.catalog._exact as _knows_slow_beside_others
	found == {"fast"}
}

test_a_model_that_such_a_rule_grants_only_by_itself_is_judged_by_itself if {
	found := reach.reach.deployments with input as given.changed(_limited([]), {"/request/models": ["fast", "slow"]})
		with data.catalog as given.without(_catalog, "/alike/key_model_access")
		with data.modelward.lib.grant.cover as _covers_differently_alone
	found == {"fast": {"d1"}, "slow": {"d3"}}
}

test_a_tokens_models_are_all_judged_by_themselves_where_a_rule_tells_them_apart if {
	asked := given.changed(given.claiming(given.token_call, "t1"), {"/request/models": ["slow", "fast"]})
	found := reach.models with input as asked
		with data.catalog as given.without(_catalog, "/alike/team_model_access")
		with data.modelward.lib.grant.cover as _covers_fast
	found == {"fast"}
}

_covers_fast(_, model) := {"by": "its name", "groups": []} if model == "fast"

_covers_differently(_, model) := {"by": "its name", "groups": groups} if {
	groups := {"fast": ["beta"], "slow": ["vip"], "gold": ["beta"]}[model]
}

_knows_slow_beside_others(name) := {"model": name, "name": name, "deployments": {"d1": {}}, "out_of_service": {}, "groups": {}} if {
	not _is_slow_alone(name)
}

_is_slow_alone(name) if {
	name == "slow"
	count(input.request.models) == 1
}

_covers_differently_alone(_, model) := _covers_differently([], model) if count(input.request.models) == 1
