package modelward.lib.caller_test

import data.modelward.lib.caller
import data.modelward.testing_test as given

test_no_caller_is_the_master if not caller.is_master with input as {}

test_a_key_is_not_the_master if not caller.is_master with input as given.call

test_the_master_key_is_the_master if caller.is_master with input as given.master_call

# Tokens.

test_no_caller_is_a_token if not caller.is_token with input as {}

test_a_key_is_not_a_token if not caller.is_token with input as given.call

test_a_key_that_comes_with_a_token_is_not_one if {
	not caller.is_token with input as given.changed(given.token_call, {"/caller/kind": "key"})
}

test_a_token_is_a_token if caller.is_token with input as given.token_call

test_no_caller_goes_without_a_key if not caller.has_no_key with input as {}

test_a_key_does_not_go_without_a_key if not caller.has_no_key with input as given.call

test_a_token_and_the_master_key_go_without_a_key if {
	caller.has_no_key with input as given.token_call
	caller.has_no_key with input as given.master_call
}

# Admins.

test_no_caller_is_an_admin if not caller.is_admin with input as {}

test_a_key_without_owner_is_no_admin if not caller.is_admin with input as given.call

test_an_owner_without_role_is_no_admin if not caller.is_admin with input as given.owned_call

test_a_view_only_admin_is_no_admin if {
	not caller.is_admin with input as given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin_viewer"})
}

test_a_token_without_the_admins_scope_is_no_admin if {
	not caller.is_admin with input as given.token_call with data.catalog as given.catalog
}

test_a_role_that_a_token_maps_to_makes_no_admin if {
	mapped := given.changed(given.token_call, {"/caller/token/user_id": null, "/caller/token/roles": ["boss"]})
	not caller.is_admin with input as mapped
		with data.catalog as given.catalog_with_tokens({"role_mappings": [{"role": "boss", "internal_role": "proxy_admin"}]})
}

test_a_key_that_comes_with_an_admins_token_is_no_admin if {
	not caller.is_admin with input as given.changed(given.as_admin(given.token_call), {"/caller/kind": "key"})
		with data.catalog as given.catalog
}

test_the_master_key_is_an_admin if caller.is_admin with input as given.master_call

test_the_key_of_a_proxy_admin_is_an_admin if {
	caller.is_admin with input as given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin"})
}

test_a_token_with_the_admins_scope_is_an_admin if {
	caller.is_admin with input as given.as_admin(given.token_call) with data.catalog as given.catalog
}

test_the_token_of_a_proxy_admin_is_an_admin if {
	admin := object.union(given.user("u1"), {"user_role": "proxy_admin"})
	caller.is_admin with input as given.changed(given.token_call, {"/caller/user": admin}) with data.catalog as given.catalog
}

# In whose name.

test_no_caller_asks_in_nobodys_name if {
	caller.subject == {"team_id": null, "user_id": null, "role": null, "owner": null} with input as {}
}

test_a_key_asks_in_the_name_of_its_team_and_owner if {
	caller.subject == {"team_id": "t1", "user_id": "u1", "role": null, "owner": _team} with input as given.with_owner(given.team_call)
		with data.catalog as given.catalog
}

test_a_key_asks_in_the_name_of_a_team_without_record_too if {
	caller.subject.team_id == "t1" with input as given.changed(given.team_call, {"/caller/team": null})
}

test_the_master_key_asks_in_its_own_name if {
	subject := caller.subject with input as given.master_call
	subject == {"team_id": null, "user_id": null, "role": null, "owner": {"kind": "master", "id": "master"}}
}

test_a_token_asks_in_the_name_of_the_team_and_user_chosen_for_it if {
	chosen := given.changed(given.token_call, {"/caller/team": given.team("t1"), "/caller/user": given.user("u1")})
	caller.subject == {"team_id": "t1", "user_id": "u1", "role": "internal_user", "owner": _team} with input as chosen
		with data.catalog as given.catalog
}

test_a_key_asks_in_no_other_name_than_its_own if {
	owned := given.with_owner(given.team_call)
	other := given.changed(owned, {"/caller/team/team_id": "t2", "/caller/user/user_id": "u2"})
	caller.subject == {"team_id": "t1", "user_id": "u1", "role": null, "owner": _team} with input as other
		with data.catalog as given.catalog
}

test_a_key_that_comes_with_a_token_has_no_role if {
	caller.subject.role == null with input as given.changed(given.token_call, {"/caller/kind": "key"})
		with data.catalog as given.catalog
}

# Who owns what the caller makes.

test_the_keys_of_a_team_own_together_in_the_name_of_the_team if {
	_owner(given.team_call) == _team
	_owner(given.with_owner(given.team_call)) == _team
	_owner(given.changed(given.team_call, {"/caller/team": null})) == _team
}

test_the_master_key_owns_alone_what_it_makes_also_beside_a_key if {
	beside := given.changed(given.master_call, {"/caller/key": given.call.caller.key})
	_owner(beside) == {"kind": "master", "id": "master"}
}

test_a_user_owns_what_keys_without_a_team_make if _owner(given.owned_call) == {"kind": "user", "id": "u1"}

test_a_key_of_nobody_owns_what_it_makes if {
	_owner(given.call) == {"kind": "key", "id": "k1"}
	_owner(given.changed(given.call, {"/caller/key/team_id": "", "/caller/key/user_id": ""})) == {"kind": "key", "id": "k1"}
}

test_a_token_owns_for_the_user_where_it_stands_for_no_team if {
	_owner(given.changed(given.token_call, {"/caller/user": given.user("u1")})) == {"kind": "user", "id": "u1"}
}

test_a_token_that_stands_for_nobody_owns_nothing if {
	is_null(_owner(given.token_call))
	is_null(_owner(given.changed(given.token_call, {"/caller/key": given.call.caller.key})))
}

test_a_missing_fact_makes_nobody_an_owner if {
	is_null(_owner(given.without(given.owned_call, "/caller/key/team_id")))
	is_null(_owner(given.without(given.call, "/caller/key/team_id")))
	is_null(_owner(given.without(given.call, "/caller/key/user_id")))
	is_null(_owner(given.without(given.call, "/caller/key/token")))
}

_team := {"kind": "team", "id": "t1"}

_owner(document) := owner if {
	owner := caller.subject.owner with input as document with data.catalog as given.catalog
}
