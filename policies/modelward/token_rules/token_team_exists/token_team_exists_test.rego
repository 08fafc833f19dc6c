package modelward.token_rules.token_team_exists_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_exists

test_a_team_is_refused_while_the_records_are_unknown if {
	every path in ["/caller/records", "/caller/records/teams"] {
		count(token_team_exists.deny) == 1 with input as given.without(_claiming, path) with data.catalog as given.catalog
	}
}

test_a_claimed_team_without_record_is_refused if {
	refusal := "this token's team does not exist here; ask the proxy's admin to add it"
	token_team_exists.deny == {refusal} with input as given.changed(_claiming, {"/caller/records/teams": {}})
		with data.catalog as given.catalog
}

test_a_claimed_team_without_record_is_refused_although_the_user_has_another if {
	with_team := given.changed(_claiming, {
		"/caller/records/users/u1/teams": ["t2"],
		"/caller/records/teams": {"t2": given.team("t2")},
	})
	count(token_team_exists.deny) == 1 with input as with_team with data.catalog as given.catalog
}

test_an_alias_that_no_team_bears_is_refused if {
	count(token_team_exists.deny) == 1 with input as _aliased([]) with data.catalog as given.catalog
}

test_an_alias_that_two_teams_bear_is_refused if {
	count(token_team_exists.deny) == 1 with input as _aliased(["t1", "t2"]) with data.catalog as given.catalog
}

test_the_object_of_a_mapping_to_a_team_without_record_is_refused if {
	mapped := given.changed(given.token_call, {"/caller/token/roles": ["crew"], "/caller/token/object_id": "t1"})
	count(token_team_exists.deny) == 1 with input as mapped with data.catalog as given.catalog_with_tokens({"role_mappings": [{
		"role": "crew",
		"internal_role": "team",
	}]})
}

test_the_team_of_the_header_without_record_is_refused if {
	asking := given.changed(given.token_call, {"/caller/token/chosen_team_id": "t1", "/caller/token/team_ids": ["t1"]})
	count(token_team_exists.deny) == 1 with input as asking with data.catalog as given.catalog
}

test_the_users_only_team_without_record_is_refused if {
	member := given.changed(given.token_call, {"/caller/records/users/u1/teams": ["t1"]})
	count(token_team_exists.deny) == 1 with input as member with data.catalog as given.catalog
}

test_a_claimed_team_with_record_passes if {
	token_team_exists.deny == set() with input as _claiming with data.catalog as given.catalog
}

test_an_alias_that_one_team_bears_passes if {
	token_team_exists.deny == set() with input as _aliased(["t1"]) with data.catalog as given.catalog
}

test_that_the_claim_is_absent_is_another_rules_question if {
	absent := given.changed(given.token_call, {"/caller/token/expects_team": true})
	token_team_exists.deny == set() with input as absent with data.catalog as given.catalog
}

test_that_the_token_does_not_claim_the_team_of_the_header_is_another_rules_question if {
	asking := given.changed(given.token_call, {"/caller/token/chosen_team_id": "t9"})
	token_team_exists.deny == set() with input as asking with data.catalog as given.catalog
}

test_that_no_listed_team_allows_the_call_is_another_rules_question if {
	listing := given.changed(given.token_call, {"/caller/token/team_ids": ["t9"]})
	token_team_exists.deny == set() with input as listing with data.catalog as given.catalog
}

test_a_token_without_team_passes if {
	token_team_exists.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_an_admins_token_passes if {
	admin := given.as_admin(given.changed(_claiming, {"/caller/records/teams": {}}))
	token_team_exists.deny == set() with input as admin with data.catalog as given.catalog
}

_claiming := given.claiming(given.token_call, "t1")

_aliased(ids) := given.changed(given.token_call, {
	"/caller/token/expects_team": true,
	"/caller/token/team_alias": "crew",
	"/caller/records/teams_of_alias": ids,
	"/caller/records/teams": {"t1": given.team("t1"), "t2": given.team("t2")},
})
