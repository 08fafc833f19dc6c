package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

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

test_every_other_layer_binds_a_key_too if {
	_allowed(_layered, given.catalog)
	every fact, rule in {
		"/caller/member/allowed_models": "member_model_access",
		"/caller/project/models": "project_model_access",
		"/caller/organizations/o1/models": "org_model_access",
		"/caller/organizations/o2/models": "team_org_model_access",
		"/customer/models": "customer_model_access",
	} {
		_refusals(given.changed(_layered, {fact: ["gpt-4o"]}), given.catalog) == [rule]
	}
}

test_a_key_of_a_project_or_organization_without_record_is_refused if {
	_refusals(given.changed(_layered, {"/caller/project": null}), given.catalog) == ["project_exists"]
	_refusals(given.without(_layered, "/caller/organizations/o1"), given.catalog) == ["org_exists", "org_model_access"]
	_refusals(given.without(_layered, "/caller/organizations/o2"), given.catalog) == ["org_exists", "team_org_model_access"]
}

test_a_member_a_customer_or_an_owner_without_record_is_no_refusal if {
	every fact in ["/caller/member", "/customer", "/caller/user"] {
		_allowed(given.changed(_layered, {fact: null}), given.catalog)
	}
}

test_a_blocked_project_or_customer_is_refused if {
	_refusals(given.changed(_layered, {"/caller/project/blocked": true}), given.catalog) == ["project_active"]
	_refusals(given.changed(_layered, {"/customer/blocked": true}), given.catalog) == ["customer_active"]
}

test_a_personal_key_needs_a_team_of_its_owner_where_the_config_asks_for_it if {
	asked := given.changed(given.catalog, {"/settings/personal_keys_from_teams": true})
	_refusals(given.owned_call, asked) == ["user_team_models"]
	_allowed(given.changed(given.owned_call, {"/caller/owner_teams": [given.team("t1")]}), asked)
}

test_a_proxy_admins_own_key_is_bound_by_the_keys_list_alone if {
	admin := given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin", "/caller/user/models": ["gpt-4o"]})
	_allowed(admin, given.catalog)
	_refusals(given.changed(admin, {"/caller/key/models": ["gpt-4o"]}), given.catalog)[0] == "key_model_access"
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
	access.decision.targets == {"mine": {"entry": "gpt-4o", "model": "gpt-4o", "deployments": ["d2"]}} with input as aliased
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

_layered := given.changed(given.with_owner(given.team_call), {
	"/caller/key/project_id": "p1",
	"/caller/key/organization_id": "o1",
	"/caller/team/organization_id": "o2",
	"/caller/member": given.member(["gpt-4"]),
	"/caller/project": object.union(given.project("p1"), {"models": ["gpt-4"]}),
	"/caller/organizations": {"o1": given.organization("o1", ["gpt-4"]), "o2": given.organization("o2", ["gpt-4"])},
	"/customer": given.customer(["gpt-4"]),
})
