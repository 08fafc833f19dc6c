package modelward.lib.token_test

import data.modelward.lib.token
import data.modelward.testing_test as given

# Facts that are missing.

test_no_token_is_no_admins if not token.is_admin with input as {} with data.catalog as given.catalog

test_no_token_has_a_role if not token.role with input as {} with data.catalog as given.catalog

test_no_token_has_a_role_by_its_user_while_the_roles_of_users_are_unknown if {
	not token.role with input as given.token_call
		with data.catalog as given.without(given.catalog, "/tokens/user_allowed_roles")
}

test_no_token_has_a_user if not token.user_id with input as {} with data.catalog as given.catalog

# The role (R2).

test_a_token_with_the_admins_scope_is_an_admins if {
	_role(given.as_admin(given.token_call), given.catalog) == "proxy_admin"
}

test_the_admins_scope_is_compared_whole_and_exact if {
	every scope in ["litellm_proxy_admins", "proxy_admin", "Litellm_proxy_admin", " litellm_proxy_admin"] {
		not token.is_admin with input as given.changed(given.token_call, {"/caller/token/scopes": [scope]})
			with data.catalog as given.catalog
	}
}

test_the_config_names_the_admins_scope if {
	named := given.catalog_with_tokens({"admin_scope": "boss"})
	_role(given.changed(given.token_call, {"/caller/token/scopes": ["boss"]}), named) == "proxy_admin"
	_role(given.as_admin(given.token_call), named) == "internal_user"
}

test_the_admins_scope_comes_before_the_team if {
	_role(given.as_admin(given.claiming(given.token_call, "t1")), given.catalog) == "proxy_admin"
}

test_a_claim_for_one_team_is_the_role_of_a_team if {
	_role(given.claiming(given.token_call, "t1"), given.catalog) == "team"
}

test_a_list_of_teams_is_not_the_role_of_a_team if {
	_role(given.of_teams(given.token_call, ["t1"]), given.catalog) == "internal_user"
}

test_a_user_id_is_the_role_of_a_user_where_no_roles_are_named if {
	_role(given.token_call, given.catalog) == "internal_user"
}

test_a_user_id_is_no_role_where_roles_are_named if not _role(given.token_call, _employees)

test_a_role_of_users_is_the_role_of_a_user if {
	_role(given.changed(given.token_call, {"/caller/token/user_roles": ["guest", "staff"]}), _employees) == "internal_user"
}

test_a_role_that_is_not_among_those_of_users_is_none if {
	every claimed in [["staf"], ["Staff"], ["s"], []] {
		not _role(given.changed(given.token_call, {"/caller/token/user_roles": claimed}), _employees)
	}
}

test_the_first_mapping_in_the_configs_order_counts if {
	_role(given.changed(_nobody, {"/caller/token/roles": ["b", "a"]}), _mapping) == "team"
	_role(given.changed(_nobody, {"/caller/token/roles": ["b"]}), _mapping) == "internal_user"
}

test_a_mapping_comes_after_the_user if {
	_role(given.changed(given.token_call, {"/caller/token/roles": ["a"]}), _mapping) == "internal_user"
}

test_a_role_that_no_mapping_names_is_none if {
	not _role(given.changed(_nobody, {"/caller/token/roles": ["c"]}), _mapping)
}

# The user (R8).

test_the_user_is_that_of_the_claim if token.user_id == "u1" with input as given.token_call

test_the_object_of_a_mapping_to_a_user_is_the_user if {
	mapped := given.changed(_nobody, {"/caller/token/roles": ["b"], "/caller/token/object_id": "u2"})
	token.user_id == "u2" with input as mapped with data.catalog as _mapping
}

test_the_claim_comes_before_the_object if {
	mapped := given.changed(given.token_call, {"/caller/token/roles": ["b"], "/caller/token/object_id": "u2"})
	token.user_id == "u1" with input as mapped with data.catalog as _mapping
}

test_the_object_of_a_mapping_to_a_team_is_no_user if {
	mapped := given.changed(_nobody, {"/caller/token/roles": ["a"], "/caller/token/object_id": "u2"})
	not token.user_id with input as mapped with data.catalog as _mapping
}

test_a_mapping_to_a_user_without_an_object_is_no_user if {
	not token.user_id with input as given.changed(_nobody, {"/caller/token/roles": ["b"]}) with data.catalog as _mapping
}

test_the_mail_address_is_the_user_where_no_id_is_claimed if {
	token.user_id == "a@b" with input as given.changed(_nobody, {"/caller/token/email": "a@b"}) with data.catalog as _mapping
}

test_the_mail_address_comes_after_every_id if {
	token.user_id == "u1" with input as given.changed(given.token_call, {"/caller/token/email": "a@b"})
		with data.catalog as _mapping
	token.user_id == "u2" with input as given.changed(_with_object(["b"], "u2"), {"/caller/token/email": "a@b"})
		with data.catalog as _mapping
	token.user_id == "a@b" with input as given.changed(_with_object(["a"], "t1"), {"/caller/token/email": "a@b"})
		with data.catalog as _mapping
}

test_a_mail_address_of_another_type_is_no_user if {
	every email in [null, 7, ["a@b"]] {
		not token.user_id with input as given.changed(_nobody, {"/caller/token/email": email}) with data.catalog as _mapping
	}
}

test_a_mail_address_is_no_user_while_it_is_unknown_whether_an_id_is_claimed if {
	mail := given.changed(given.token_call, {"/caller/token/email": "a@b"})
	not token.user_id with input as given.without(mail, "/caller/token/user_id") with data.catalog as _mapping
}

test_a_mail_address_is_no_role if {
	not _role(given.changed(_nobody, {"/caller/token/email": "a@b"}), given.catalog)
}

test_an_object_without_a_mapping_is_no_user if {
	not token.user_id with input as given.changed(_nobody, {"/caller/token/object_id": "u2"}) with data.catalog as _mapping
}

# The claimed teams (R7).

test_the_claimed_teams_are_that_of_the_claim_and_those_of_the_list if {
	both := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {"/caller/token/team_id": "t3"})
	token.teams == {"t1", "t2", "t3"} with input as both
}

test_the_team_that_alone_bears_the_claimed_alias_is_claimed if {
	token.teams == {"t1"} with input as _aliased(["t1"]) with data.catalog as given.catalog
}

test_an_alias_that_none_or_two_bear_claims_no_team if {
	every bearers in [[], ["t1", "t2"], null, true, "t"] {
		token.teams == set() with input as _aliased(bearers) with data.catalog as given.catalog
	}
	token.teams == set() with input as given.without(_aliased([]), "/caller/records/teams_of_alias")
		with data.catalog as given.catalog
}

test_the_object_of_a_mapping_to_a_team_is_claimed if {
	token.teams == {"t1"} with input as _with_object(["a"], "t1") with data.catalog as _mapping
}

test_the_object_of_a_mapping_to_a_team_is_claimed_although_the_role_is_a_users if {
	owned := given.changed(_with_object(["a"], "t1"), {"/caller/token/user_id": "u1"})
	token.teams == {"t1"} with input as owned with data.catalog as _mapping
}

test_an_object_that_is_mapped_to_no_team_is_not_claimed if {
	every roles in [[], ["b"], ["c"]] {
		token.teams == set() with input as _with_object(roles, "t1") with data.catalog as _mapping
	}
	token.teams == set() with input as _with_object(["a"], "t1") with data.catalog as given.without(_mapping, "/tokens/role_mappings")
}

test_an_object_that_is_no_text_is_not_claimed if {
	every object_id in [null, 7, ["t1"]] {
		token.teams == set() with input as _with_object(["a"], object_id) with data.catalog as _mapping
	}
}

# The config's default for the claim for one team (R7).

test_a_default_stands_in_where_no_team_is_claimed if {
	token.team_id == "t9" with input as _defaulting({}) with data.catalog as _mapping
	token.teams == {"t9"} with input as _defaulting({}) with data.catalog as _mapping
	_role(_defaulting({}), given.catalog) == "team"
}

test_a_default_never_stands_before_what_is_claimed if {
	every claims in [
		{"/caller/token/team_alias": "crew"},
		{"/caller/token/team_alias": "crew", "/caller/records/teams_of_alias": ["t1"]},
		{"/caller/token/team_ids": ["t1"]},
		{"/caller/token/roles": ["a"], "/caller/token/object_id": "t1"},
	] {
		not token.team_id with input as _defaulting(claims) with data.catalog as _mapping
		not "t9" in token.teams with input as _defaulting(claims) with data.catalog as _mapping
	}
	token.team_id == "t1" with input as _defaulting({"/caller/token/team_id": "t1"}) with data.catalog as _mapping
}

test_there_is_no_default_while_a_claim_is_unknown if {
	every fact in ["team_id", "team_id_default", "team_alias", "team_ids"] {
		not token.team_id with input as given.without(_defaulting({}), $"/caller/token/{fact}") with data.catalog as _mapping
	}
}

_defaulting(claims) := given.changed(given.token_call, object.union({"/caller/token/team_id_default": "t9"}, claims))

test_a_token_that_names_no_team_claims_none if token.teams == set() with input as given.token_call

# The mapped scopes (R5).

test_a_scope_that_the_config_maps_is_held if {
	token.has_mapped_scope with input as given.changed(given.token_call, {"/caller/token/scopes": ["chat"]})
		with data.catalog as _mapping_scope
}

test_no_other_scope_is_held if {
	not token.has_mapped_scope with input as given.changed(given.token_call, {"/caller/token/scopes": ["chats"]})
		with data.catalog as _mapping_scope
	not token.has_mapped_scope with input as given.token_call with data.catalog as _mapping_scope
}

_nobody := given.changed(given.token_call, {"/caller/token/user_id": null})

_aliased(bearers) := given.changed(given.token_call, {
	"/caller/token/team_alias": "crew",
	"/caller/records/teams_of_alias": bearers,
})

_with_object(roles, object_id) := given.changed(_nobody, {"/caller/token/roles": roles, "/caller/token/object_id": object_id})

_employees := given.catalog_with_tokens({"user_allowed_roles": ["staff"]})

_mapping := given.catalog_with_tokens({"role_mappings": [
	{"role": "a", "internal_role": "team"},
	{"role": "b", "internal_role": "internal_user"},
]})

_mapping_scope := given.catalog_with_tokens({"scopes": [{"scope": "chat", "models": [], "routes": null}]})

_role(document, source) := role if {
	role := token.role with input as document with data.catalog as source
}
