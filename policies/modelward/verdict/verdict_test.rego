package modelward.verdict_test

import data.modelward.testing_test as given
import data.modelward.verdict

# Nothing is allowed while a fact is missing.

test_nothing_is_allowed_without_input if not verdict.allow with input as {} with data.catalog as given.catalog

test_nothing_is_allowed_without_a_catalogue if not verdict.allow with input as given.call with data.catalog as {}

test_a_tokens_rules_refuse_a_token_whose_facts_are_missing if {
	verdict.allow with input as _token_call with data.catalog as given.catalog
	every path in ["/caller/token", "/caller/team", "/caller/user", "/caller/member", "/caller/origin"] {
		not verdict.allow with input as given.without(_token_call, path) with data.catalog as given.catalog
	}
}

# One denial outweighs any grant (L10).

test_a_rule_that_an_author_adds_refuses if {
	decision := verdict.decision with input as given.master_call
		with data.catalog as given.catalog
		with data.modelward.rules.office_hours.deny as {"the office is closed"}
	decision.allow == false
	decision.reasons == [{"rule": "office_hours", "message": "the office is closed"}]
}

test_a_rule_for_tokens_that_an_author_adds_refuses_tokens_only if {
	_reasons(_token_call, {"the office is closed"}) == ["office_hours"]
	_reasons(given.call, {"the office is closed"}) == []
	_reasons(given.master_call, {"the office is closed"}) == []
}

test_a_rule_that_an_author_adds_comes_after_all_others if {
	decision := verdict.decision with input as given.asking(["ghost"])
		with data.catalog as given.catalog
		with data.modelward.rules.a_rule.deny as {"no"}
	[reason.rule | some reason in decision.reasons] == ["model_known", "a_rule"]
}

test_no_number_of_grants_outweighs_a_denial if {
	not verdict.allow with input as given.changed(given.call, {"/caller/key/models": ["gpt-4o"]})
		with data.catalog as given.catalog
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
}

test_a_denial_refuses_where_every_rule_denies if {
	every document in [given.call, given.master_call, _token_call] {
		_names_of(document, {"a_rule": {"deny": {"no"}}}, {}) == ["a_rule"]
	}
	_names_of(_token_call, {"a_rule": {"deny": set()}}, {"a_token_rule": {"deny": {"no"}}}) == ["a_token_rule"]
	_names_of(_token_call, {"a_rule": {"deny": {"no"}}}, {"a_token_rule": {"deny": set()}}) == ["a_rule"]
}

_names_of(document, rules, token_rules) := [reason.rule | some reason in decision.reasons] if {
	known := {
		"/rules": {name: true | some name, _ in rules},
		"/token_rules": {name: true | some name, _ in token_rules},
	}
	decision := verdict.decision with input as document
		with data.catalog as given.changed(given.catalog, known)
		with data.modelward.rules as rules
		with data.modelward.token_rules as token_rules
}

# A rule whose `deny` is no set of texts refuses everything.

test_a_deny_that_is_no_set_refuses if {
	every malformed in ["the office is closed", ["no"], {"no": true}, {}, [], "", true, false, null, 1] {
		_malformed(given.call, given.catalog) == ["office_hours"]
			with data.modelward.rules.office_hours.deny as malformed
	}
}

test_a_message_that_is_no_text_refuses if {
	every malformed in [{{"msg": "no"}}, {1}, {null}, {["no"]}, {"a text", 1}] {
		_malformed(given.call, given.catalog) == ["office_hours"]
			with data.modelward.rules.office_hours.deny as malformed
	}
}

test_a_rule_without_a_deny_refuses if {
	catalog := given.changed(given.catalog, {"/rules": {"key_active": true, "a_rule": true}})
	_malformed(given.call, catalog) == ["a_rule"]
	_malformed(given.call, catalog) == [] with data.modelward.rules.a_rule.deny as set()
}

test_a_malformed_rule_refuses_the_master_key_and_listings_too if {
	every document in [given.master_call, given.list_call, _token_call] {
		_malformed(document, given.catalog) == ["office_hours"]
			with data.modelward.rules.office_hours.deny as "the office is closed"
	}
}

test_a_malformed_rule_for_tokens_refuses_tokens_only if {
	_malformed(_token_call, given.catalog) == ["office_hours"]
		with data.modelward.token_rules.office_hours.deny as {"no": true}
	_malformed(given.call, given.catalog) == []
		with data.modelward.token_rules.office_hours.deny as {"no": true}
}

test_a_rule_for_tokens_without_a_deny_refuses_tokens_only if {
	catalog := given.changed(given.catalog, {"/token_rules": {"a_rule": true}})
	_malformed(_token_call, catalog) == ["a_rule"]
	_malformed(given.call, catalog) == []
}

test_a_malformed_rule_names_the_error if {
	decision := verdict.decision with input as given.changed(given.call, {"/caller/key/blocked": true})
		with data.catalog as given.catalog
		with data.modelward.rules.office_hours.deny as "the office is closed"
	[reason.rule | some reason in decision.reasons] == ["rule_malformed", "key_active"]
}

test_there_is_no_decision_without_the_names_of_the_rules if {
	every path in ["/rules", "/token_rules"] {
		catalog := given.without(given.catalog, path)
		not verdict.decision with input as _token_call with data.catalog as catalog
		not verdict.allow with input as _token_call with data.catalog as catalog
	}
}

# The rules whose `deny` is malformed, as the messages name them.
_malformed(document, catalog) := [split(reason.message, "`")[1] |
	decision := verdict.decision with input as document with data.catalog as catalog
	some reason in decision.reasons
	reason.rule == "rule_malformed"
	not decision.allow
]

# The catalogue's order only sorts.

test_every_rule_refuses_where_the_catalogue_has_no_order if {
	both := given.changed(given.call, {"/caller/key/blocked": true, "/request/models": ["ghost"]})
	every catalog in [
		given.without(given.catalog, "/order"),
		given.changed(given.catalog, {"/order": {}}),
		given.changed(given.catalog, {"/order": null}),
	] {
		decision := verdict.decision with input as both with data.catalog as catalog
		not decision.allow
		[reason.rule | some reason in decision.reasons] == ["key_active", "model_known"]
	}
}

test_a_rule_that_an_author_adds_comes_where_its_place_is if {
	decision := verdict.decision with input as given.asking(["ghost"])
		with data.catalog as given.changed(given.catalog, {"/order/a_rule": 1})
		with data.modelward.rules.a_rule.deny as {"no"}
	[reason.rule | some reason in decision.reasons] == ["a_rule", "model_known"]
}

# No grant means denied (L10).

test_a_model_that_no_rule_grants_is_refused if {
	decision := verdict.decision with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.key_model_access.grants as {}
		with data.modelward.rules.key_model_access.deny as set()
	decision.allow == false
	decision.reasons == [{
		"rule": "no_grant",
		"message": "no rule grants model `gpt-4` to this caller; GET /v1/models lists what it may call",
	}]
}

test_a_model_that_no_rule_grants_to_a_token_is_refused if {
	source := given.catalog_with_tokens({"role_mappings": [{"role": "staff", "internal_role": "internal_user"}]})
	nobody := given.changed(given.token_call, {"/caller/token/user_id": null, "/caller/token/roles": ["staff"]})
	decision := verdict.decision with input as given.stood_for(nobody, source)
		with data.catalog as source
		with data.modelward.token_rules.role_model_access.grants as {}
	[reason.rule | some reason in decision.reasons] == ["no_grant"]
}

test_a_model_that_an_authors_rule_alone_grants_is_allowed if {
	verdict.allow with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.key_model_access.grants as {}
		with data.modelward.rules.key_model_access.deny as set()
		with data.modelward.rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
}

test_a_rule_for_tokens_grants_nothing_to_a_key if {
	not verdict.allow with input as given.call
		with data.catalog as given.catalog
		with data.modelward.rules.key_model_access.grants as {}
		with data.modelward.rules.key_model_access.deny as set()
		with data.modelward.token_rules.friendly.grants as {"gpt-4": {"by": "a friend", "groups": []}}
}

# A fallback that needs no list of models (F2).

test_a_fallback_that_no_list_covers_is_allowed_where_the_config_says_so if {
	decision := _waived(_covered_by_nothing)
	decision.allow == true
	decision.reasons == []
	decision.targets["gpt-4"].deployments == ["d1"]
	decision.grants.fallback_waiver == {"gpt-4": "enforce_fallback_model_access: false"}
}

test_a_fallback_of_a_token_that_no_list_covers_is_allowed_where_the_config_says_so if {
	source := given.changed(given.waiving_catalog, {
		"/tokens/enforce_roles": true,
		"/tokens/roles": {"internal_user": {"models": [], "routes": null}},
		"/tokens/enforce_scopes": true,
	})
	document := given.changed(given.token_call, {"/request/fallback": true})
	decision := verdict.decision with input as given.stood_for(document, source) with data.catalog as source
	decision.allow == true
}

test_a_rule_that_an_author_adds_refuses_such_a_fallback_whatever_its_name if {
	decision := verdict.decision with input as _covered_by_nothing
		with data.catalog as given.waiving_catalog
		with data.modelward.rules.eu_model_access.deny as {"no"}
		with data.modelward.rules.office_hours.deny as {"no"}
	[reason.rule | some reason in decision.reasons] == ["eu_model_access", "office_hours"]
}

test_a_rule_for_tokens_that_an_author_adds_refuses_such_a_fallback_whatever_its_name if {
	document := given.stood_for(given.changed(given.token_call, {"/request/fallback": true}), given.waiving_catalog)
	decision := verdict.decision with input as document
		with data.catalog as given.waiving_catalog
		with data.modelward.token_rules.eu_model_access.deny as {"no"}
	decision.reasons == [{"rule": "eu_model_access", "message": "no"}]
}

test_every_other_rule_refuses_such_a_fallback if {
	decision := _waived(given.changed(_covered_by_nothing, {
		"/caller/key/blocked": true,
		"/caller/key/expires_ns": 1,
		"/caller/key/allowed_routes": ["/v1/embeddings"],
		"/caller/team/blocked": true,
		"/request/models": ["ghost"],
	}))
	decision.allow == false
	[reason.rule | some reason in decision.reasons] == [
		"key_active",
		"key_expiry",
		"key_routes",
		"team_active",
		"model_known",
	]
}

test_a_group_that_covers_such_a_fallback_still_narrows_its_deployments if {
	decision := verdict.decision with input as given.changed(_covered_by_nothing, {"/caller/key/models": ["beta"]})
		with data.catalog as _waiving_groups
	decision.targets["gpt-4"].deployments == ["d1"]
	decision.allow == true
}

test_such_a_fallback_is_refused_where_groups_leave_no_deployment if {
	decision := verdict.decision with input as given.changed(_covered_by_nothing, {
		"/caller/key/models": ["beta"],
		"/caller/team/models": ["gold"],
	})
		with data.catalog as _waiving_groups
	[reason.rule | some reason in decision.reasons] == ["team_model_access"]
}

_covered_by_nothing := given.changed(given.team_call, {
	"/request/fallback": true,
	"/caller/key/models": ["gpt-4o"],
	"/caller/team/models": ["gpt-4o"],
	"/caller/team/organization_id": "o1",
	"/caller/organizations": {"o1": {"organization_id": "o1", "organization_alias": null, "models": ["gpt-4o"], "metadata": {}}},
})

_waiving_groups := given.changed(
	given.catalog_of({"gpt-4": {"d1": ["beta"], "d2": ["gold"]}}, []),
	{"/settings/enforce_fallback_model_access": false},
)

_waived(document) := decision if {
	decision := verdict.decision with input as document with data.catalog as given.waiving_catalog
}

# The lists and each rule's part.

test_the_lists_are_those_of_the_rules_that_bind if {
	verdict.lists == {"key_model_access": [], "team_model_access": ["gpt-4"]} with input as given.changed(
		given.team_call,
		{"/caller/team/models": ["gpt-4"]},
	)
		with data.catalog as given.catalog
}

test_the_lists_of_a_tokens_rules_bind_tokens_only if {
	enforcing := given.catalog_with_tokens({"enforce_scopes": true})
	verdict.lists == {"scope_model_access": [""]} with input as given.token_call with data.catalog as enforcing
	verdict.lists == {"key_model_access": []} with input as given.call with data.catalog as enforcing
}

test_a_rule_that_denies_has_a_part if {
	verdict.layers.key_active == {
		"denials": ["this key is blocked; ask the proxy's admin to unblock it"],
		"grants": {},
		"list": null,
	} with input as given.changed(given.call, {"/caller/key/blocked": true}) with data.catalog as given.catalog
}

test_a_rule_that_covers_a_model_has_a_part if {
	verdict.layers.master_key == {
		"denials": [],
		"grants": {"gpt-4": "master key"},
		"list": null,
	} with input as given.master_call with data.catalog as given.catalog
}

test_a_rule_whose_list_binds_has_a_part_where_no_model_is_named if {
	verdict.layers.key_model_access == {
		"denials": [],
		"grants": {},
		"list": ["gpt-4"],
	} with input as given.changed(given.list_call, {"/caller/key/models": ["gpt-4"]}) with data.catalog as given.catalog
}

test_a_rule_that_neither_denies_nor_covers_has_no_part if {
	not verdict.layers.key_expiry with input as given.call with data.catalog as given.catalog
}

_token_call := given.stood_for(given.token_call, given.catalog)

_reasons(document, denials) := rules if {
	decision := verdict.decision with input as document
		with data.catalog as given.catalog
		with data.modelward.token_rules.office_hours.deny as denials
	rules := [reason.rule | some reason in decision.reasons]
}

test_a_rule_that_covers_nothing_takes_no_part if {
	object.keys(verdict.layers) == {"key_model_access"} with input as given.call with data.catalog as given.catalog
}

# Until when equal questions have the same answer.

test_a_decision_has_no_end_where_no_rule_has_one if {
	every document in [given.call, given.master_call, _token_call] {
		is_null(_holds_until(document, [], []))
		is_null(_holds_until(document, [null, null], [null]))
	}
}

test_a_decision_holds_until_the_first_rule_has_an_end if {
	_holds_until(given.call, [3000], []) == 3000
	_holds_until(given.call, [3000, 1500, null], []) == 1500
	_holds_until(_token_call, [3000, 1500, null], []) == 1500
}

test_a_rule_for_tokens_ends_the_decisions_on_tokens_only if {
	_holds_until(_token_call, [null], [1500]) == 1500
	_holds_until(_token_call, [1200], [1500, null]) == 1200
	_holds_until(_token_call, [1500], [1200]) == 1200
	_holds_until(given.call, [3000], [1500]) == 3000
}

test_an_end_that_is_no_number_is_in_the_past if {
	every malformed in ["1970-01-01T00:00:00Z", true, false, [9000], {}] {
		_holds_until(given.call, [malformed, 2000], []) == 0
		_holds_until(_token_call, [2000], [malformed]) == 0
	}
}

test_a_decision_holds_until_the_key_expires if {
	expiring := given.changed(given.call, {"/caller/key/expires_ns": 2000})
	decision := verdict.decision with input as expiring with data.catalog as given.catalog
	decision.holds_until == 2000
}

_holds_until(document, ends, token_ends) := until if {
	until := verdict.decision.holds_until with input as document
		with data.catalog as given.catalog
		with data.modelward.rules as {$"r{place}": {"deny": set(), "holds_until": end} | some place, end in ends}
		with data.modelward.token_rules as {$"r{place}": {"deny": set(), "holds_until": end} | some place, end in token_ends}
}
