package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

test_a_fact_about_whom_a_token_stands_for_that_is_missing_is_refused if {
	_allowed(given.token_call, given.catalog)
	every path in [
		"/caller/token/scopes",
		"/caller/token/roles",
		"/caller/token/user_roles",
		"/caller/token/object_id",
		"/caller/token/chosen_team_id",
		"/caller/token/expects_team",
		"/caller/token/team_id",
		"/caller/token/team_alias",
		"/caller/token/team_ids",
		"/caller/records/teams",
		"/caller/records/teams_of_alias",
		"/caller/records/members",
		"/caller/records/users/u1/user_id",
		"/caller/records/users/u1/teams",
	] {
		not access.allow with input as given.without(given.token_call, path) with data.catalog as given.catalog
	}
}

test_a_team_without_its_id_is_refused if {
	not access.allow with input as given.without(given.claiming(given.token_call, "t1"), "/caller/records/teams/t1/team_id")
		with data.catalog as given.catalog
}

test_a_member_without_its_ids_is_refused if {
	member := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/members": [given.member(["gpt-4"])]})
	_allowed(member, given.catalog)
	every fact in ["team_id", "user_id"] {
		not access.allow with input as given.without(member, $"/caller/records/members/0/{fact}") with data.catalog as given.catalog
	}
}

test_a_token_is_refused_while_the_users_are_unknown_although_new_users_are_let_in if {
	every path in ["/caller/records", "/caller/records/users"] {
		not access.allow with input as given.without(given.token_call, path)
			with data.catalog as given.catalog_with_tokens({"unknown_users": true})
	}
}

test_a_record_that_is_null_or_false_is_refused if {
	every broken in [null, false] {
		not access.allow with input as given.changed(given.token_call, {"/caller/records/users/u1": broken})
			with data.catalog as given.catalog_with_tokens({"unknown_users": true})
		not access.allow with input as given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams/t1": broken})
			with data.catalog as given.catalog
	}
}

test_a_setting_that_says_whom_a_token_stands_for_and_is_missing_is_refused if {
	every path in ["/tokens/admin_scope", "/tokens/role_mappings", "/tokens/enforce_team", "/tokens/user_allowed_roles"] {
		not access.allow with input as given.token_call with data.catalog as given.without(given.catalog, path)
	}
}

test_a_group_name_is_no_model_while_the_reserved_names_are_unknown if {
	everything := given.catalog_of({"gpt-4": {"d1": ["beta"]}, "*": {"d2": []}}, ["*"])
	every name in ["beta", "no-default-models", "all-proxy-models"] {
		not access.allow with input as given.asking([name]) with data.catalog as given.without(everything, "/reserved")
	}
}

test_a_team_of_an_alias_that_is_not_claimed_is_not_chosen_by_the_header if {
	choosing := given.changed(given.of_teams(given.token_call, ["t9"]), {
		"/caller/token/team_ids": [],
		"/caller/token/chosen_team_id": "t9",
		"/caller/records/teams_of_alias": ["t9"],
	})
	not access.allow with input as choosing with data.catalog as given.catalog
}

test_a_team_that_a_user_is_in_twice_is_its_only_team if {
	twice := given.changed(given.token_call, {
		"/caller/records/users/u1/teams": ["t1", "t1"],
		"/caller/records/teams": {"t1": given.changed(given.team("t1"), {"/blocked": true})},
	})
	not access.allow with input as twice with data.catalog as given.catalog
}
