package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

# Each fact that a rule reads, taken away from a call that passes with it.

test_a_fact_that_is_missing_of_a_key_is_refused if {
	_allowed(_key, given.catalog)
	every path in [
		"/request/operation",
		"/request/models",
		"/request/problem",
		"/request/differ",
		"/caller/key",
		"/caller/key/models",
		"/caller/key/team_id",
		"/caller/key/project_id",
		"/caller/key/organization_id",
		"/caller/key/access_group_ids",
		"/caller/key/expires_ns",
		"/caller/key/blocked",
		"/caller/key/allowed_routes",
		"/caller/team",
		"/caller/team/team_id",
		"/caller/team/models",
		"/caller/team/organization_id",
		"/caller/team/access_group_ids",
		"/caller/team/blocked",
		"/caller/member",
		"/caller/member/allowed_models",
		"/caller/user",
		"/caller/user/user_role",
		"/caller/user/metadata",
		"/caller/project",
		"/caller/project/project_id",
		"/caller/project/models",
		"/caller/project/blocked",
		"/caller/organizations",
		"/caller/organizations/o1",
		"/caller/organizations/o1/models",
		"/caller/organizations/o2",
		"/caller/organizations/o2/models",
		"/caller/access_groups",
		"/caller/access_groups/g1",
		"/caller/access_groups/g1/access_model_names",
		"/customer",
		"/customer/models",
		"/customer/blocked",
	] {
		not access.allow with input as given.without(_key, path) with data.catalog as given.catalog
	}
}

test_a_fact_that_is_missing_of_a_personal_key_is_refused if {
	personal := given.changed(given.owned_call, {"/caller/owner_teams": [given.team("t1")]})
	source := given.changed(given.catalog, {"/settings/personal_keys_from_teams": true})
	_allowed(personal, source)
	every path in [
		"/caller/user",
		"/caller/user/models",
		"/caller/owner_teams",
		"/caller/owner_teams/0",
		"/caller/owner_teams/0/models",
		"/caller/owner_teams/0/access_group_ids",
		"/caller/owner_teams/0/blocked",
	] {
		not access.allow with input as given.without(personal, path) with data.catalog as source
	}
}

test_a_fact_that_is_missing_of_a_token_is_refused if {
	_allowed(_token, _strict)
	every path in [
		"/request/operation",
		"/request/models",
		"/request/groups",
		"/request/problem",
		"/request/differ",
		"/caller/kind",
		"/caller/token",
		"/caller/token/scopes",
		"/caller/token/email",
		"/caller/token/user_id",
		"/caller/token/organization_id",
		"/caller/records",
		"/caller/records/users",
		"/caller/records/users/u1",
		"/caller/records/users/u1/user_role",
		"/caller/records/users/u1/metadata",
		"/caller/records/teams",
		"/caller/records/teams/t1",
		"/caller/records/teams/t1/models",
		"/caller/records/teams/t1/organization_id",
		"/caller/records/teams/t1/access_group_ids",
		"/caller/records/teams/t1/blocked",
		"/caller/records/members/0/allowed_models",
		"/caller/organizations",
		"/caller/organizations/o1",
		"/caller/organizations/o1/models",
		"/customer",
		"/customer/models",
		"/customer/blocked",
	] {
		not access.allow with input as given.without(_token, path) with data.catalog as _strict
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

test_a_personal_key_is_refused_while_it_is_unknown_whether_its_owners_teams_count if {
	not access.allow with input as given.owned_call
		with data.catalog as given.without(given.catalog, "/settings/personal_keys_from_teams")
}

test_a_fact_about_tokens_that_is_missing_from_the_catalogue_is_refused if {
	every path in [
		"",
		"/team_allowed_routes",
		"/scopes",
		"/roles",
		"/roles/team/models",
		"/roles/team/routes",
		"/reject_unmapped_clients",
		"/user_allowed_email_domain",
	] {
		not access.allow with input as _token with data.catalog as given.without(_strict, $"/tokens{path}")
	}
}

test_a_token_without_a_role_is_refused_while_it_is_unknown_whether_roles_are_enforced if {
	nobody := given.changed(given.token_call, {"/caller/token/user_id": null})
	unmapped := given.catalog_with_tokens({"allow_unmapped": true})
	_allowed(nobody, unmapped)
	every path in ["/tokens/enforce_roles", "/tokens/allow_unmapped"] {
		not access.allow with input as nobody with data.catalog as given.without(unmapped, path)
	}
}

test_an_admins_token_is_refused_while_its_routes_are_unknown if {
	admin := given.listed(given.as_admin(given.token_call))
	_allowed(admin, given.catalog)
	not access.allow with input as admin with data.catalog as given.without(given.catalog, "/tokens/admin_allowed_routes")
}

# A key with every record there is.
_key := given.changed(given.with_owner(given.team_call), {
	"/caller/key/project_id": "p1",
	"/caller/key/organization_id": "o1",
	"/caller/key/access_group_ids": ["g1"],
	"/caller/team/organization_id": "o2",
	"/caller/member": given.member([]),
	"/caller/project": given.project("p1"),
	"/caller/organizations": {"o1": given.organization("o1", []), "o2": given.organization("o2", [])},
	"/caller/access_groups": {"g1": given.access_group("g1", ["gpt-4"])},
	"/customer": given.customer([]),
})

# A token with every record there is, where the config restricts what it can.
_token := given.changed(given.claiming(given.token_call, "t1"), {
	"/caller/token/scopes": ["chat"],
	"/caller/token/email": "ann@company.example",
	"/caller/token/organization_id": "o1",
	"/caller/records/teams/t1/organization_id": "o1",
	"/caller/records/members": [given.member(["gpt-4"])],
	"/caller/organizations": {"o1": given.organization("o1", [])},
	"/customer": given.customer([]),
})

_strict := given.catalog_with_tokens({
	"enforce_roles": true,
	"roles": {"team": {"models": ["gpt-4"], "routes": ["openai_routes"]}},
	"enforce_scopes": true,
	"scopes": [{"scope": "chat", "models": ["gpt-4"], "routes": ["openai_routes"]}],
	"user_allowed_email_domain": "company.example",
})
