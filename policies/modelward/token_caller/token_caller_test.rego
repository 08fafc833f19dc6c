package modelward.token_caller_test

import data.modelward.testing_test as given
import data.modelward.token_caller

# Facts that are missing.

test_without_a_token_there_is_no_caller if not token_caller.caller with input as {} with data.catalog as given.catalog

test_a_user_is_unknown_while_the_records_are if {
	every path in ["/caller/records", "/caller/records/users"] {
		_user(given.without(given.token_call, path), given.catalog) == null
	}
}

test_an_unknown_user_stays_unknown_while_the_setting_is_unknown if {
	_user(_unknown, given.without(given.catalog, "/tokens/unknown_users")) == null
	_user(_unknown, given.catalog_with_tokens({"unknown_users": "yes"})) == null
}

# The caller.

test_the_caller_is_the_tokens_with_its_team_member_and_user if {
	claiming := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/members": [given.member(["gpt-4"])]})
	caller := token_caller.caller with input as claiming with data.catalog as given.catalog
	caller == object.union(claiming.caller, {
		"team": given.team("t1"),
		"member": given.member(["gpt-4"]),
		"user": given.user("u1"),
		"owner_teams": [],
		"origin": {"source": "claim", "id": "t1"},
	})
}

test_an_origin_that_the_input_brings_does_not_count if {
	brought := given.changed(given.token_call, {"/caller/origin": {"source": "admin", "id": "t1"}})
	caller := token_caller.caller with input as brought with data.catalog as given.catalog
	caller.origin == {"source": "none", "id": null}
}

test_a_team_member_or_user_that_the_input_brings_does_not_count if {
	brought := given.changed(given.token_call, {
		"/caller/token/user_id": null,
		"/caller/team": given.team("t1"),
		"/caller/member": given.member([]),
		"/caller/user": object.union(given.user("u1"), {"user_role": "proxy_admin"}),
		"/caller/owner_teams": [given.team("t1")],
	})
	caller := token_caller.caller with input as brought with data.catalog as given.catalog
	[caller.team, caller.member, caller.user, caller.owner_teams] == [null, null, null, []]
}

test_a_caller_without_team_has_none if {
	caller := token_caller.caller with input as given.token_call with data.catalog as given.catalog
	caller.team == null
	caller.member == null
}

# The user (R8).

test_the_user_is_the_record_of_the_claimed_id if _user(given.token_call, given.catalog) == given.user("u1")

test_the_user_is_the_record_of_the_object_of_a_mapping if {
	mapped := given.changed(given.token_call, {
		"/caller/token/user_id": null,
		"/caller/token/roles": ["staff"],
		"/caller/token/object_id": "u1",
	})
	source := given.catalog_with_tokens({"role_mappings": [{"role": "staff", "internal_role": "internal_user"}]})
	_user(mapped, source) == given.user("u1")
}

test_an_unknown_user_is_none if _user(_unknown, given.catalog) == null

test_an_unknown_user_is_one_without_lists_where_the_config_lets_new_users_in if {
	_user(_unknown, given.catalog_with_tokens({"unknown_users": true})) == given.user("u1")
}

test_a_known_user_keeps_its_record_where_the_config_lets_new_users_in if {
	limited := object.union(given.user("u1"), {"models": ["gpt-4o"]})
	_user(given.of_user(given.token_call, limited), given.catalog_with_tokens({"unknown_users": true})) == limited
}

test_a_token_without_user_stands_for_no_new_one if {
	nobody := given.changed(_unknown, {"/caller/token/user_id": null})
	_user(nobody, given.catalog_with_tokens({"unknown_users": true})) == null
}

# An admin's token (R6, A2).

test_an_admins_token_has_its_user if _user(given.as_admin(given.token_call), given.catalog) == given.user("u1")

test_an_admins_token_has_neither_team_nor_member if {
	caller := token_caller.caller with input as given.as_admin(_member_of_one_team) with data.catalog as given.catalog
	caller.origin == {"source": "admin", "id": null}
	caller.team == null
	caller.member == null
	caller.user.teams == ["t1"]
}

# The member (L3).

test_the_member_is_the_users_in_the_team if _member({}) == given.member(["gpt-4"])

test_the_scope_in_another_team_is_not_the_members if _member({"team_id": "t2"}) == null

test_the_scope_of_another_user_is_not_the_members if _member({"user_id": "u2"}) == null

# The teams of the user (L11).

test_the_teams_of_the_user_come_with_a_token_without_team if {
	_owner_teams(_in_two_teams, _from_teams) == [given.team("t1"), given.team("t2")]
}

test_a_team_of_the_user_without_record_does_not_come if {
	_owner_teams(given.without(_in_two_teams, "/caller/records/teams/t2"), _from_teams) == [given.team("t1")]
}

test_no_team_of_the_user_comes_with_a_token_that_has_a_team if {
	claiming := given.changed(_in_two_teams, {"/caller/token/team_id": "t1"})
	_owner_teams(claiming, _from_teams) == []
}

test_no_team_of_the_user_comes_where_the_config_does_not_ask_for_it if {
	_owner_teams(_in_two_teams, given.catalog) == []
}

_unknown := given.changed(given.token_call, {"/caller/records/users": {}})

_from_teams := given.changed(given.catalog, {"/settings/personal_keys_from_teams": true})

_member_of_one_team := given.changed(given.claiming(given.token_call, "t1"), {
	"/caller/records/users/u1/teams": ["t1"],
	"/caller/records/members": [given.member(["gpt-4"])],
})

_in_two_teams := given.changed(given.token_call, {
	"/caller/records/users/u1/teams": ["t1", "t2"],
	"/caller/records/teams": {"t1": given.team("t1"), "t2": given.team("t2")},
})

_user(document, source) := found if {
	found := token_caller.user with input as document with data.catalog as source
}

_member(changes) := found if {
	record := object.union(given.member(["gpt-4"]), changes)
	claiming := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/members": [record]})
	found := token_caller.member with input as claiming with data.catalog as given.catalog
}

_owner_teams(document, source) := found if {
	caller := token_caller.caller with input as document with data.catalog as source
	found := caller.owner_teams
}
