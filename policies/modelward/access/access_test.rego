package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

# Facts that are missing.

test_nothing_is_allowed_without_input if not access.allow with input as {} with data.catalog as given.catalog

test_nothing_is_allowed_without_a_catalogue if not access.allow with input as given.call with data.catalog as {}

test_there_is_no_decision_without_a_revision if {
	not access.decision with input as given.call with data.catalog as given.without(given.catalog, "/revision")
}

test_models_of_another_type_are_not_allowed if {
	every models in [null, true, 4, "gpt-4", {"a": "gpt-4"}] {
		not access.allow with input as given.asking(models) with data.catalog as given.catalog
		not access.allow with input as given.changed(given.master_call, {"/request/models": models})
			with data.catalog as given.catalog
	}
}

test_a_caller_without_kind_is_judged_as_a_key if {
	_refusals(given.without(given.master_call, "/caller/kind"), given.catalog)[0] == "key_active"
	_allowed(given.without(given.call, "/caller/kind"), given.catalog)
}

# One answer.

test_a_decision_says_what_covered_the_model_and_where_it_goes if {
	decision := access.decision with input as given.call with data.catalog as given.catalog
	object.remove(decision, ["holds_until"]) == {
		"allow": true,
		"reasons": [],
		"grants": {"key": {"gpt-4": "no restriction"}},
		"places": set(),
		"subject": {"team_id": null, "user_id": null, "role": null, "owner": {"kind": "key", "id": "k1"}},
		"shows": {"everything": false, "key_hash": null, "user_id": null},
		"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d1"]}},
		"revision": "r1",
	}
}

test_a_refusal_says_which_rule_refused if {
	decision := access.decision with input as given.changed(given.call, {"/caller/key/blocked": true})
		with data.catalog as given.catalog
	decision.allow == false
	decision.reasons == [{
		"rule": "key_active",
		"message": "this key is blocked; ask the proxy's admin to unblock it",
	}]
}

test_each_layer_says_what_covered_each_model if {
	layered := given.changed(given.team_call, {
		"/request/models": ["gpt-4", "gpt-4o"],
		"/caller/key/models": ["gpt-*"],
		"/caller/team/models": ["gpt-4", "*"],
	})
	access.decision.grants == {
		"key": {"gpt-4": "gpt-*", "gpt-4o": "gpt-*"},
		"team": {"gpt-4": "gpt-4", "gpt-4o": "*"},
	} with input as layered with data.catalog as given.catalog
}

test_a_layer_that_does_not_apply_says_nothing if {
	access.decision.grants == {"master_key": {"gpt-4": "master key"}} with input as given.master_call
		with data.catalog as given.catalog
}

test_a_request_without_models_is_allowed_where_none_is_needed if _allowed(given.list_call, given.catalog)

test_all_models_of_a_request_must_be_allowed if {
	limited := given.changed(given.call, {"/caller/key/models": ["gpt-4"]})
	_allowed(given.changed(limited, {"/request/models": ["gpt-4"]}), given.catalog)
	_refusals(given.changed(limited, {"/request/models": ["gpt-4", "gpt-4o"]}), given.catalog) == ["key_model_access"]
}

# Every caller.

test_a_token_is_judged_as_the_caller_it_stands_for if {
	decision := access.decision with input as given.claiming(given.token_call, "t1") with data.catalog as given.catalog
	object.remove(decision, ["holds_until"]) == {
		"allow": true,
		"reasons": [],
		"grants": {"role": {"gpt-4": "team"}, "team": {"gpt-4": "no restriction"}},
		"places": set(),
		"subject": {"team_id": "t1", "user_id": "u1", "role": "team", "owner": {"kind": "team", "id": "t1"}},
		"shows": {"everything": false, "key_hash": null, "user_id": null},
		"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d1"]}},
		"revision": "r1",
	}
}

test_a_key_is_judged_as_it_is if {
	access.decision.subject.team_id == "t1" with input as given.team_call with data.catalog as given.catalog
}

test_a_token_that_is_no_object_has_no_decision if {
	every caller in [null, "jwt", ["jwt"]] {
		not access.allow with input as given.changed(given.token_call, {"/caller": caller}) with data.catalog as given.catalog
	}
}

test_the_decision_says_allowed_where_the_listing_is_told_so if {
	every document in [
		given.call,
		given.master_call,
		given.token_call,
		given.changed(given.token_call, {"/caller/records/users": {}}),
		given.changed(given.call, {"/caller/key/blocked": true}),
	] {
		decision := access.decision with input as document with data.catalog as given.catalog
		decision.allow == _allows(document)
	}
}

test_the_lists_of_a_token_are_those_of_the_caller_it_stands_for if {
	claiming := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams/t1/models": ["gpt-4"]})
	access.lists == {"team_model_access": ["gpt-4"]} with input as claiming with data.catalog as given.catalog
}

test_the_groups_of_a_team_are_seen_by_its_keys_and_its_tokens if {
	grouped := given.changed(given.catalog, {"/teams/t1": given.scope({"shared": {"own": ["inner"]}}, {}, {})})
	access.groups == {"inner"} with input as given.team_call with data.catalog as grouped
	access.groups == {"inner"} with input as given.claiming(given.token_call, "t1") with data.catalog as grouped
	access.groups == set() with input as given.token_call with data.catalog as grouped
}

test_the_layers_of_a_token_are_those_of_the_caller_it_stands_for if {
	claiming := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams/t1/models": ["gpt-4"]})
	layers := access.layers with input as claiming with data.catalog as given.catalog
	layers.team_model_access == {"denials": [], "grants": {"gpt-4": "gpt-4"}, "list": ["gpt-4"]}
}

_allows(document) := allows if {
	allows := access.allow with input as document with data.catalog as given.catalog
}

_allowed(call, source) if {
	access.allow with input as call with data.catalog as source
}

_refusals(call, source) := [reason.rule | some reason in reasons] if {
	reasons := access.decision.reasons with input as call with data.catalog as source
}

_messages(call, source) := [reason.message | some reason in reasons] if {
	reasons := access.decision.reasons with input as call with data.catalog as source
}
