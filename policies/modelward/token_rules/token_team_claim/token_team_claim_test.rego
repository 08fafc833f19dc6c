package modelward.token_rules.token_team_claim_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_claim

test_a_token_without_its_claim_for_a_team_is_refused if {
	refusal := "this token lacks its claim for a team; ask your identity provider for a token with it"
	token_team_claim.deny == {refusal} with input as _expecting with data.catalog as given.catalog
}

test_the_absent_claim_is_refused_although_the_user_has_a_team if {
	with_team := given.changed(_expecting, {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	count(token_team_claim.deny) == 1 with input as with_team with data.catalog as given.catalog
}

test_the_absent_claim_is_refused_although_unknown_teams_give_way if {
	count(token_team_claim.deny) == 1 with input as _expecting
		with data.catalog as given.catalog_with_tokens({"team_claim_fallback": true})
}

test_a_token_with_the_role_of_a_team_but_no_team_is_refused if {
	count(token_team_claim.deny) == 1 with input as given.changed(
		given.token_call,
		{"/caller/token/user_id": null, "/caller/token/roles": ["crew"]},
	)
		with data.catalog as _mapping_crew
}

test_a_claimed_team_that_gives_way_to_no_other_is_refused if {
	unknown := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams": {}})
	count(token_team_claim.deny) == 1 with input as unknown
		with data.catalog as given.catalog_with_tokens({"team_claim_fallback": true})
}

test_a_token_with_its_claim_passes if {
	token_team_claim.deny == set() with input as given.claiming(given.token_call, "t1") with data.catalog as given.catalog
}

test_a_claim_by_alias_passes if {
	aliased := given.changed(_expecting, {"/caller/token/team_alias": "crew"})
	token_team_claim.deny == set() with input as aliased with data.catalog as given.catalog
}

test_that_the_claimed_team_is_unknown_is_another_rules_question if {
	unknown := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams": {}})
	token_team_claim.deny == set() with input as unknown with data.catalog as given.catalog
}

test_an_earlier_source_stands_in_for_the_claim if {
	asking := given.changed(_expecting, {"/caller/token/chosen_team_id": "t1"})
	token_team_claim.deny == set() with input as asking with data.catalog as given.catalog
}

test_the_object_of_a_mapping_to_a_team_stands_in_for_the_claim if {
	mapped := given.changed(_expecting, {"/caller/token/roles": ["crew"], "/caller/token/object_id": "t1"})
	token_team_claim.deny == set() with input as mapped with data.catalog as _mapping_crew
}

test_a_token_of_which_no_claim_is_expected_passes if {
	token_team_claim.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_an_admins_token_passes if {
	token_team_claim.deny == set() with input as given.as_admin(_expecting) with data.catalog as given.catalog
}

_expecting := given.changed(given.token_call, {"/caller/token/expects_team": true})

_mapping_crew := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})
