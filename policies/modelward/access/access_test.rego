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
	every path in ["/common", "/settings", "/settings/empty_list", "/settings/allowed_routes", "/settings/admin_only_routes"] {
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

# The layers (L).

test_a_team_key_needs_both_lists if {
	layered := given.changed(given.team_call, {"/caller/key/models": ["gpt-4"], "/caller/team/models": ["gpt-4"]})
	_allowed(layered, given.catalog)
	_refusals(given.changed(layered, {"/caller/key/models": ["gpt-4o"]}), given.catalog) == ["key_model_access"]
	_refusals(given.changed(layered, {"/caller/team/models": ["gpt-4o"]}), given.catalog) == ["team_model_access"]
}

test_a_personal_key_needs_its_owners_list_too if {
	layered := given.changed(given.owned_call, {"/caller/key/models": ["gpt-4"], "/caller/user/models": ["gpt-4"]})
	_allowed(layered, given.catalog)
	_refusals(given.changed(layered, {"/caller/user/models": ["gpt-4o"]}), given.catalog) == ["user_model_access"]
}

test_a_team_key_does_not_need_its_owners_list if {
	layered := given.changed(given.with_owner(given.team_call), {"/caller/user/models": ["gpt-4o"]})
	_allowed(layered, given.catalog)
}

test_a_proxy_admins_own_key_is_bound_by_the_keys_list_alone if {
	admin := given.changed(given.owned_call, {"/caller/user/role": "proxy_admin", "/caller/user/models": ["gpt-4o"]})
	_allowed(admin, given.catalog)
	_refusals(given.changed(admin, {"/caller/key/models": ["gpt-4o"]}), given.catalog) == ["key_model_access"]
}

test_the_master_key_may_call_every_known_model_only if {
	_allowed(given.master_call, given.catalog)
	_refusals(given.changed(given.master_call, {"/request/models": ["ghost"]}), given.catalog) == ["model_known"]
}

test_the_target_of_a_key_alias_is_judged_at_every_layer if {
	aliased := given.changed(given.team_call, {
		"/request/models": ["mine"],
		"/caller/key/aliases": {"mine": "gpt-4o"},
		"/caller/key/models": ["gpt-4o"],
		"/caller/team/models": ["gpt-4o"],
	})
	_allowed(aliased, given.catalog)
	_refusals(given.changed(aliased, {"/caller/key/models": ["mine"]}), given.catalog) == ["key_model_access"]
	_refusals(given.changed(aliased, {"/caller/team/models": ["mine"]}), given.catalog) == ["team_model_access"]
}

test_a_key_alias_goes_where_its_target_goes if {
	aliased := given.changed(given.asking(["mine"]), {"/caller/key/aliases": {"mine": "gpt-4o"}})
	access.targets == {"mine": {"entry": "gpt-4o", "model": "gpt-4o", "deployments": ["d2"]}} with input as aliased
		with data.catalog as given.catalog
}

test_a_global_alias_may_be_covered_by_another_name_at_each_layer if {
	aliased := given.changed(given.team_call, {
		"/request/models": ["house"],
		"/caller/key/models": ["house"],
		"/caller/team/models": ["gpt-4o"],
	})
	global := given.changed(given.catalog, {"/aliases": {"house": {"target": "gpt-4o", "hidden": true}}})
	_allowed(aliased, global)
}

test_an_unknown_model_that_the_lists_cover_is_unknown if {
	_refusals(given.asking(["ghost"]), given.catalog) == ["model_known"]
	_refusals(given.changed(given.asking(["ghost"]), {"/caller/key/models": ["gh*"]}), given.catalog) == ["model_known"]
}

test_an_unknown_model_that_a_list_does_not_cover_reads_like_a_forbidden_one if {
	limited := given.changed(given.call, {"/caller/key/models": ["gpt-4"]})
	_refusals(given.changed(limited, {"/request/models": ["ghost"]}), given.catalog)[0] == "key_model_access"
	_refusals(given.changed(limited, {"/request/models": ["gpt-4o"]}), given.catalog)[0] == "key_model_access"
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
