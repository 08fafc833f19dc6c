package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

test_the_first_refusing_level_names_the_error_and_all_others_follow if {
	worst := given.changed(given.with_owner(given.team_call), {
		"/caller/key/blocked": true,
		"/caller/key/models": ["other"],
		"/caller/key/expires_ns": 1,
		"/caller/key/allowed_routes": ["/v1/embeddings"],
		"/caller/team/blocked": true,
		"/caller/team/models": ["other"],
		"/caller/user/metadata": {"scim_active": false},
		"/caller/user/user_role": "proxy_admin_viewer",
		"/caller/key/project_id": "p1",
		"/caller/key/organization_id": "o1",
		"/caller/team/organization_id": "o1",
		"/caller/member": given.member(["other"]),
		"/caller/project": object.union(given.project("p1"), {"models": ["other"], "blocked": true}),
		"/caller/organizations": {"o1": given.organization("o1", ["other"])},
		"/customer": object.union(given.customer(["other"]), {"blocked": true}),
	})
	_refusals(worst, given.catalog) == [
		"key_active",
		"key_model_access",
		"key_expiry",
		"key_routes",
		"team_active",
		"team_model_access",
		"member_model_access",
		"user_active",
		"user_role",
		"customer_active",
		"customer_model_access",
		"project_active",
		"project_model_access",
		"org_model_access",
		"team_org_model_access",
	]
}

test_the_owners_refusals_come_after_the_keys if {
	worst := given.changed(given.owned_call, {
		"/caller/key/models": ["other"],
		"/caller/user/models": ["no-default-models"],
		"/caller/user/metadata": {"scim_active": false},
		"/caller/user/user_role": "proxy_admin_viewer",
	})
	_refusals(worst, given.catalog) == [
		"key_model_access",
		"user_active",
		"user_role",
		"user_default_models",
		"user_model_access",
	]
}

test_a_missing_team_comes_after_the_keys_refusals if {
	missing := given.changed(given.team_call, {"/caller/team": null, "/caller/key/expires_ns": 1})
	_refusals(missing, given.catalog) == ["key_expiry", "team_exists"]
}

test_a_tokens_caller_comes_before_its_team_and_its_role_comes_last if {
	worst := given.changed(given.claiming(given.token_call, "t1"), {
		"/caller/records/users": {},
		"/caller/records/teams/t1/blocked": true,
		"/caller/records/teams/t1/models": ["other"],
	})
	strict := given.catalog_with_tokens({
		"reject_unmapped_clients": true,
		"team_allowed_routes": [],
		"user_allowed_email_domain": "company.example",
		"enforce_roles": true,
		"roles": {"team": {"models": [], "routes": []}},
		"enforce_scopes": true,
	})
	_refusals(worst, strict) == [
		"token_client",
		"token_team_routes",
		"token_email",
		"token_user",
		"team_active",
		"team_model_access",
		"role_model_access",
		"role_routes",
		"scope_model_access",
	]
}

test_what_concerns_the_request_comes_before_the_caller if {
	malformed := given.changed(given.call, {"/request/problem": "the body is no JSON", "/caller/key/blocked": true})
	closed := given.changed(given.catalog, {
		"/settings/allowed_routes": ["/v1/embeddings"],
		"/settings/admin_only_routes": ["/v1/chat/completions"],
	})
	_refusals(malformed, closed) == ["proxy_routes", "well_formed", "admin_only", "key_active"]
}

test_names_that_differ_and_an_unknown_name_come_last if {
	differing := given.changed(given.asking(["gpt-4", "ghost"]), {
		"/request/differ": true,
		"/caller/key/models": ["gpt-4", "ghost"],
	})
	_refusals(differing, given.catalog) == ["names_agree", "model_known"]
}

test_a_forbidden_name_comes_before_names_that_differ if {
	differing := given.changed(given.asking(["gpt-4", "gpt-4o"]), {
		"/request/differ": true,
		"/caller/key/models": ["gpt-4"],
	})
	_refusals(differing, given.catalog)[0] == "key_model_access"
}

test_the_messages_of_one_rule_are_sorted if {
	_refusals(given.changed(given.asking(["ghost", "apparition"]), {}), given.catalog) == ["model_known", "model_known"]
	sorted := _messages(given.asking(["ghost", "apparition"]), given.catalog)
	contains(sorted[0], "`apparition`")
	contains(sorted[1], "`ghost`")
}

test_no_message_tells_what_a_list_holds if {
	limited := given.changed(given.with_owner(given.team_call), {
		"/caller/key/models": ["secret-model"],
		"/caller/team/models": ["secret-group"],
		"/caller/key/project_id": "p1",
		"/caller/key/organization_id": "o1",
		"/caller/team/organization_id": "o1",
		"/caller/member": given.member(["secret-model"]),
		"/caller/project": object.union(given.project("p1"), {"models": ["secret-model"]}),
		"/caller/organizations": {"o1": given.organization("o1", ["secret-model"])},
		"/customer": given.customer(["secret-model"]),
	})
	count(_messages(limited, given.catalog)) == 7
	every message in _messages(limited, given.catalog) {
		not contains(message, "secret")
	}
}

test_all_team_models_on_a_team_covers_no_unknown_name if {
	reasons := access.decision.reasons with input as given.changed(given.team_call, {
		"/request/models": ["ghost"],
		"/caller/team/models": ["all-team-models"],
	})
		with data.catalog as given.catalog
	reasons[0].rule == "team_model_access"
}
