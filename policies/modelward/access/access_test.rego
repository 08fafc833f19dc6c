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

test_a_fact_that_is_missing_is_refused if {
	complete := given.with_owner(given.team_call)
	_allowed(complete, given.catalog)
	every path in [
		"/request/operation",
		"/request/models",
		"/request/problem",
		"/request/differ",
		"/caller/key",
		"/caller/key/models",
		"/caller/key/team_id",
		"/caller/key/expires_ns",
		"/caller/key/blocked",
		"/caller/key/allowed_routes",
		"/caller/team",
		"/caller/team/team_id",
		"/caller/team/models",
		"/caller/team/blocked",
		"/caller/user",
		"/caller/user/role",
		"/caller/user/metadata",
	] {
		not access.allow with input as given.without(complete, path) with data.catalog as given.catalog
	}
}

test_a_fact_that_is_missing_from_the_catalogue_is_refused if {
	every path in [
		"/common",
		"/settings",
		"/settings/empty_list",
		"/settings/allowed_routes",
		"/settings/admin_only_routes",
	] {
		not access.allow with input as given.call with data.catalog as given.without(given.catalog, path)
	}
}

# One answer.

test_a_decision_says_what_covered_the_model_and_where_it_goes if {
	decision := access.decision with input as given.call with data.catalog as given.catalog
	decision == {
		"allow": true,
		"reasons": [],
		"grants": {"key": {"gpt-4": "no restriction"}},
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
	access.grants == {
		"key": {"gpt-4": "gpt-*", "gpt-4o": "gpt-*"},
		"team": {"gpt-4": "gpt-4", "gpt-4o": "*"},
	} with input as layered with data.catalog as given.catalog
}

test_a_layer_that_does_not_apply_says_nothing if {
	access.grants == {"master_key": {"gpt-4": "master key"}} with input as given.master_call
		with data.catalog as given.catalog
}

test_a_request_without_models_is_allowed_where_none_is_needed if _allowed(given.list_call, given.catalog)

test_all_models_of_a_request_must_be_allowed if {
	limited := given.changed(given.call, {"/caller/key/models": ["gpt-4"]})
	_allowed(given.changed(limited, {"/request/models": ["gpt-4"]}), given.catalog)
	_refusals(given.changed(limited, {"/request/models": ["gpt-4", "gpt-4o"]}), given.catalog) == ["key_model_access"]
}

# One denial outweighs any grant (L10).

test_a_rule_that_an_author_adds_refuses if {
	decision := access.decision with input as given.master_call
		with data.catalog as given.catalog
		with data.modelward.rules.office_hours.deny as {"the office is closed"}
	decision.allow == false
	decision.reasons == [{"rule": "office_hours", "message": "the office is closed"}]
}

test_a_rule_that_an_author_adds_comes_after_all_others if {
	decision := access.decision with input as given.asking(["ghost"])
		with data.catalog as given.catalog
		with data.modelward.rules.a_rule.deny as {"no"}
	[reason.rule | some reason in decision.reasons] == ["model_known", "a_rule"]
}

test_no_number_of_grants_outweighs_a_denial if {
	not access.allow with input as given.changed(given.call, {"/caller/key/models": ["gpt-4o"]})
		with data.catalog as given.catalog
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
}

test_a_model_that_no_rule_grants_is_refused if {
	decision := access.decision with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.key_model_access.grants as {}
		with data.modelward.rules.key_model_access.deny as set()
	decision.allow == false
	decision.reasons == [{
		"rule": "no_grant",
		"message": "no rule grants model `gpt-4` to this caller; GET /v1/models lists what it may call",
	}]
}

test_a_model_that_an_authors_rule_alone_grants_is_allowed if {
	access.allow with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.key_model_access.grants as {}
		with data.modelward.rules.key_model_access.deny as set()
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
}

_allowed(call, source) if {
	access.allow with input as call with data.catalog as source
}

_refusals(call, source) := [reason.rule | some reason in reasons] if {
	reasons := access.reasons with input as call with data.catalog as source
}

_messages(call, source) := [reason.message | some reason in reasons] if {
	reasons := access.reasons with input as call with data.catalog as source
}
