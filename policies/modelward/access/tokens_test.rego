package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

# Roles (R2, R3, R4).

test_a_token_that_maps_to_nothing_is_refused if _refusals(_nobody, given.catalog)[0] == "token_mapped"

test_a_token_that_maps_to_nothing_is_allowed_where_the_config_lets_it_in if {
	_allowed(_nobody, given.catalog_with_tokens({"allow_unmapped": true}))
}

test_a_token_without_role_is_refused_where_roles_are_enforced if {
	strict := given.catalog_with_tokens({"enforce_roles": true, "user_allowed_roles": ["staff"]})
	_refusals(given.token_call, strict)[0] == "token_role"
	_allowed(given.changed(given.token_call, {"/caller/token/user_roles": ["staff"]}), strict)
}

test_a_role_is_told_in_the_decision if {
	_role(given.as_admin(given.token_call)) == "proxy_admin"
	_role(given.claiming(given.token_call, "t1")) == "team"
	_role(given.token_call) == "internal_user"
	_role(_nobody) == null
}

test_the_models_of_a_role_bind_where_roles_are_enforced if {
	strict := given.catalog_with_tokens({
		"enforce_roles": true,
		"roles": {"internal_user": {"models": ["gpt-4"], "routes": null}},
	})
	_allowed(given.token_call, strict)
	_refusals(given.changed(given.token_call, {"/request/models": ["gpt-4", "gpt-4o"]}), strict) == ["role_model_access"]
}

test_the_routes_of_a_role_bind_where_roles_are_enforced if {
	strict := given.catalog_with_tokens({
		"enforce_roles": true,
		"roles": {"internal_user": {"models": null, "routes": ["info_routes"]}},
	})
	_refusals(given.token_call, strict) == ["role_routes"]
	_allowed(given.listed(given.token_call), strict)
}

# Scopes (R5).

test_the_scopes_held_must_cover_every_model if {
	strict := given.catalog_with_tokens({
		"enforce_scopes": true,
		"scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": null}],
	})
	chatting := given.changed(given.token_call, {"/caller/token/scopes": ["chat"]})
	_allowed(chatting, strict)
	_refusals(given.changed(chatting, {"/request/models": ["gpt-4o"]}), strict) == ["scope_model_access"]
	_refusals(given.token_call, strict) == ["scope_model_access"]
}

test_a_mapped_scope_is_enough_to_stand_for_somebody if {
	strict := given.catalog_with_tokens({
		"enforce_scopes": true,
		"scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": null}],
	})
	_allowed(given.changed(_nobody, {"/caller/token/scopes": ["chat"]}), strict)
}

# Admins (R6).

test_an_admins_token_may_call_no_model if {
	_refusals(given.as_admin(given.token_call), given.catalog) == ["token_admin_routes"]
}

test_an_admins_token_may_see_every_model if _allowed(given.listed(given.as_admin(given.token_call)), given.catalog)

test_no_list_of_a_user_or_team_binds_an_admins_token if {
	limited := object.union(given.user("u1"), {"models": ["gpt-4o"], "teams": ["t1"]})
	claiming := given.changed(
		given.as_admin(given.of_user(given.claiming(given.token_call, "t1"), limited)),
		{"/caller/records/teams/t1/models": ["gpt-4o"]},
	)
	_allowed(claiming, _open_to_admins)
}

test_no_list_of_the_users_teams_binds_an_admins_token if {
	member := given.changed(given.as_admin(given.token_call), {
		"/caller/records/users/u1/models": ["no-default-models"],
		"/caller/records/users/u1/teams": ["t1", "t2"],
		"/caller/records/teams": {"t1": _limited_team},
	})
	_allowed(member, given.changed(_open_to_admins, {"/settings/personal_keys_from_teams": true}))
}

test_a_deactivated_users_admin_token_is_refused if {
	every state in [false, "false", null] {
		deactivated := object.union(given.user("u1"), {"metadata": {"scim_active": state}})
		admin := given.as_admin(given.of_user(given.token_call, deactivated))
		_refusals(admin, _open_to_admins) == ["user_active"]
		_refusals(given.listed(admin), given.catalog) == ["user_active"]
	}
}

test_a_view_only_admin_may_call_no_model_by_an_admins_token if {
	viewer := object.union(given.user("u1"), {"user_role": "proxy_admin_viewer"})
	admin := given.as_admin(given.of_user(given.token_call, viewer))
	_refusals(admin, _open_to_admins) == ["user_role"]
	_allowed(given.listed(admin), given.catalog)
}

test_an_admins_token_without_a_known_user_is_an_admins if {
	unknown := given.changed(given.as_admin(given.token_call), {"/caller/records/users": {}})
	_allowed(unknown, _open_to_admins)
	_allowed(given.changed(unknown, {"/caller/token/user_id": null}), _open_to_admins)
}

test_no_list_of_an_organization_binds_an_admins_token if {
	admin := given.changed(given.as_admin(given.token_call), {
		"/caller/token/organization_id": "o1",
		"/caller/organizations": {"o1": given.organization("o1", ["gpt-4o"])},
	})
	_allowed(admin, _open_to_admins)
}

test_the_scopes_bind_an_admins_token if {
	strict := given.changed(_open_to_admins, {
		"/tokens/enforce_scopes": true,
		"/tokens/scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": null}],
	})
	_refusals(given.as_admin(given.token_call), strict) == ["scope_model_access"]
}

# The user (R8).

test_the_list_of_a_tokens_user_binds_without_a_team if {
	limited := object.union(given.user("u1"), {"models": ["gpt-4o"]})
	_refusals(given.of_user(given.token_call, limited), given.catalog) == ["user_model_access"]
	_allowed(given.of_user(given.claiming(given.token_call, "t1"), limited), given.catalog)
}

test_an_unknown_user_is_refused_unless_the_config_lets_new_users_in if {
	unknown := given.changed(given.token_call, {"/caller/records/users": {}})
	_refusals(unknown, given.catalog) == ["token_user"]
	_allowed(unknown, given.catalog_with_tokens({"unknown_users": true}))
}

test_a_mail_address_of_another_domain_is_refused if {
	company := given.catalog_with_tokens({"user_allowed_email_domain": "company.example"})
	_refusals(given.changed(given.token_call, {"/caller/token/email": "ann@other.example"}), company) == ["token_email"]
	_allowed(given.changed(given.token_call, {"/caller/token/email": "ann@company.example"}), company)
}

test_a_deactivated_user_is_refused if {
	deactivated := object.union(given.user("u1"), {"metadata": {"scim_active": false}})
	_refusals(given.of_user(given.token_call, deactivated), given.catalog) == ["user_active"]
}

test_a_view_only_admin_may_call_no_model_by_token if {
	viewer := object.union(given.user("u1"), {"user_role": "proxy_admin_viewer"})
	_refusals(given.of_user(given.token_call, viewer), given.catalog) == ["user_role"]
}

test_a_user_whose_record_says_proxy_admin_is_one_and_may_call_models if {
	admin := object.union(given.user("u1"), {"user_role": "proxy_admin", "models": ["gpt-4o"]})
	_allowed(given.of_user(given.token_call, admin), given.catalog)
	asking := given.changed(given.of_user(given.token_call, admin), {"/request/operation": "info"})
	access.decision.shows.everything with input as asking with data.catalog as given.catalog
}

test_a_user_needs_a_team_that_covers_the_model_where_the_config_asks_for_it if {
	asked := given.changed(given.catalog, {"/settings/personal_keys_from_teams": true})
	member := given.changed(given.token_call, {
		"/caller/records/users/u1/teams": ["t1", "t2"],
		"/caller/records/teams": {"t1": _limited_team, "t2": given.team("t2")},
	})
	_allowed(member, asked)
	_refusals(given.changed(member, {"/caller/records/teams/t2/blocked": true}), asked) == ["user_team_models"]
}

test_a_user_that_the_input_brings_beside_a_token_allows_nothing if {
	deactivated := object.union(given.user("u1"), {"metadata": {"scim_active": false}})
	brought := given.changed(given.of_user(given.token_call, deactivated), {
		"/caller/user": given.user("u1"),
		"/caller/origin": {"source": "none", "id": null},
	})
	_refusals(brought, given.catalog) == ["user_active"]
	access.allow == false with input as brought with data.catalog as given.catalog
}

# Keys (R9).

test_a_token_that_is_mapped_to_no_key_is_refused_where_the_config_says_so if {
	_refusals(given.token_call, given.catalog_with_tokens({"reject_unmapped_clients": true})) == ["token_client"]
}

_nobody := given.changed(given.token_call, {"/caller/token/user_id": null})

_open_to_admins := given.catalog_with_tokens({"admin_allowed_routes": ["llm_api_routes"]})

_role(document) := role if {
	decision := access.decision with input as document with data.catalog as given.catalog
	role := decision.subject.role
}
