package modelward.rules.admin_only_test

import data.modelward.rules.admin_only
import data.modelward.testing_test as given

test_an_info_about_a_team_by_a_token_that_does_not_say_its_teams_is_refused if {
	unsaid := json.remove(_own_of_token("team", "t2"), ["/caller/token", "/caller/records"])
	count(admin_only.deny) == 1 with input as unsaid with data.catalog as given.catalog
}

test_an_info_about_the_team_and_the_user_of_a_token_passes if {
	every record in [["team", "t1"], ["user", "u1"]] {
		admin_only.deny == set() with input as _own_of_token(record[0], record[1]) with data.catalog as given.catalog
	}
}

test_an_info_about_another_team_than_the_tokens_is_refused if {
	count(admin_only.deny) == 1 with input as _own_of_token("team", "t2") with data.catalog as given.catalog
}

test_an_info_about_any_team_that_a_token_claims_passes if {
	every team in ["t2", "t3"] {
		listing := given.changed(_own_of_token("team", team), {"/caller/token/team_ids": ["t2", "t3"]})
		admin_only.deny == set() with input as listing with data.catalog as given.catalog
		admin_only.deny == set() with input as given.changed(listing, {"/caller/team": null}) with data.catalog as given.catalog
	}
}

test_an_info_about_what_is_no_team_by_a_token_that_claims_a_team_of_that_id_is_refused if {
	every kind in ["key", "user", "org"] {
		listing := given.changed(_own_of_token(kind, "t2"), {"/caller/token/team_ids": ["t2"]})
		count(admin_only.deny) == 1 with input as listing with data.catalog as given.catalog
	}
}

test_an_info_about_a_team_without_an_id_is_refused if {
	listing := given.changed(_own_of_token("team", null), {"/caller/token/team_ids": [null]})
	count(admin_only.deny) == 1 with input as listing with data.catalog as given.catalog
}

test_the_claimed_teams_count_for_tokens_only if {
	listing := given.changed(_own_of_token("team", "t2"), {"/caller/token/team_ids": ["t2"], "/caller/kind": "key"})
	count(admin_only.deny) == 1 with input as listing with data.catalog as given.catalog
}

test_a_reserved_info_about_a_claimed_team_is_refused if {
	listing := given.changed(_own_of_token("team", "t2"), {"/caller/token/team_ids": ["t2"], "/request/path": "/team/info", "/request/segments": [["", "team", "info"]]})
	count(admin_only.deny) == 1 with input as listing with data.catalog as _reserving(["/team/info"])
}

test_management_by_a_token_is_refused if {
	count(admin_only.deny) == 1 with input as _managing(given.token_call) with data.catalog as given.catalog
}

test_a_token_with_the_admins_scope_may_manage if {
	admin_only.deny == set() with input as _managing(given.as_admin(given.token_call))
		with data.catalog as given.catalog
}

test_the_token_of_a_proxy_admin_may_manage if {
	admin_only.deny == set() with input as _managing(given.changed(
		given.token_call,
		{"/caller/user": object.union(given.user("u1"), {"user_role": "proxy_admin"})},
	))
		with data.catalog as given.catalog
}

_own_of_token(kind, id) := given.changed(given.token_call, {
	"/request/operation": "info",
	"/request/models": [],
	"/request/record": {"kind": kind, "id": id},
	"/caller/team": given.team("t1"),
	"/caller/user": given.user("u1"),
})
