package modelward.rules.listing_team_test

import data.modelward.rules.listing_team
import data.modelward.testing_test as given

test_a_listing_that_does_not_say_which_team_it_is_of_is_refused if {
	count(listing_team.deny) == 1 with input as {}
	count(listing_team.deny) == 1 with input as given.without(given.list_call, "/request/record")
}

test_a_listing_of_a_team_without_id_is_refused if {
	count(listing_team.deny) == 1 with input as _listing_of(given.team_call, {"kind": "team"})
	count(listing_team.deny) == 1 with input as _listing_of(given.call, {"kind": "team", "id": null})
}

test_a_team_is_refused_while_the_operation_is_unknown if {
	of_other := _listing_of(given.team_call, {"kind": "team", "id": "t2"})
	count(listing_team.deny) == 1 with input as given.without(of_other, "/request/operation")
}

test_a_listing_of_another_team_is_refused if {
	refusal := "this caller is not in the team that `team_id` names; leave `team_id` out"
	of_other := _listing_of(given.with_owner(given.team_call), {"kind": "team", "id": "t2"})
	listing_team.deny == {refusal} with input as of_other
}

test_a_listing_of_a_team_by_a_key_without_team_is_refused if {
	count(listing_team.deny) == 1 with input as _listing_of(given.call, {"kind": "team", "id": "t1"})
}

test_a_listing_of_the_keys_team_passes if {
	listing_team.deny == set() with input as _listing_of(given.team_call, {"kind": "team", "id": "t1"})
}

test_a_listing_of_a_team_of_the_owner_passes if {
	member := given.changed(given.owned_call, {"/caller/user/teams": ["t1", "t2"]})
	listing_team.deny == set() with input as _listing_of(member, {"kind": "team", "id": "t2"})
}

test_a_listing_by_an_admin_passes if {
	admin := given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin"})
	listing_team.deny == set() with input as _listing_of(admin, {"kind": "team", "id": "t2"})
	listing_team.deny == set() with input as _listing_of(given.master_call, {"kind": "team", "id": "t2"})
}

test_the_claimed_teams_count_for_tokens_only if {
	listing := given.changed(given.of_teams(given.token_call, ["t1"]), {"/caller/kind": "key"})
	count(listing_team.deny) == 1 with input as _listing_of(listing, {"kind": "team", "id": "t1"})
}

test_a_listing_without_a_team_id_by_a_token_that_claims_teams_is_refused if {
	listing := given.of_teams(given.token_call, ["t1"])
	every record in [{"kind": "team"}, {"kind": "team", "id": null}] {
		count(listing_team.deny) == 1 with input as _listing_of(listing, record)
	}
}

test_a_listing_that_names_no_team_passes if listing_team.deny == set() with input as given.list_call

test_other_operations_are_not_asked if {
	every operation in ["infer", "info", "manage", "state"] {
		other := given.changed(given.call, {"/request/operation": operation, "/request/record": {"kind": "team", "id": "t2"}})
		listing_team.deny == set() with input as other
	}
}

_listing_of(call, record) := given.changed(given.listed(call), {"/request/record": record})

test_a_token_may_name_any_team_that_it_claims if {
	listing := given.listed(given.of_teams(given.token_call, ["t1", "t2"]))
	every team in ["t1", "t2"] {
		count(listing_team.deny) == 0 with input as given.changed(listing, {"/request/record": {"kind": "team", "id": team}})
	}
	count(listing_team.deny) == 1 with input as given.changed(listing, {"/request/record": {"kind": "team", "id": "t3"}})
}
