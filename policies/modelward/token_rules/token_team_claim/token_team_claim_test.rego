package modelward.token_rules.token_team_claim_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_claim

test_a_token_is_refused_while_it_is_unknown_where_its_team_comes_from if {
	stood_for := given.stood_for(given.token_call, given.catalog)
	every path in ["/caller/origin", "/caller/origin/source"] {
		count(token_team_claim.deny) == 1 with input as given.without(stood_for, path) with data.catalog as given.catalog
	}
	count(token_team_claim.deny) == 1 with input as given.token_call with data.catalog as given.catalog
}

test_a_source_that_is_none_of_the_known_ones_is_refused if {
	stood_for := given.stood_for(given.token_call, given.catalog)
	every source in [null, 7, "", "friend"] {
		count(token_team_claim.deny) == 1 with input as given.changed(stood_for, {"/caller/origin/source": source})
			with data.catalog as given.catalog
	}
}

test_a_token_without_its_claim_for_a_team_is_refused if {
	refusal := "this token lacks its claim for a team; ask your identity provider for a token with it"
	_denied(_expecting, given.catalog) == {refusal}
}

test_the_absent_claim_is_refused_although_the_user_has_a_team if {
	with_team := given.changed(_expecting, {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	count(_denied(with_team, given.catalog)) == 1
}

test_the_absent_claim_is_refused_although_unknown_teams_give_way if count(_denied(_expecting, _falling_back)) == 1

test_a_token_with_the_role_of_a_team_but_no_team_is_refused if {
	teamless := given.changed(given.token_call, {"/caller/token/user_id": null, "/caller/token/roles": ["crew"]})
	count(_denied(teamless, _mapping_crew)) == 1
}

test_a_claimed_team_that_gives_way_to_no_other_is_refused if count(_denied(_unknown, _falling_back)) == 1

test_a_token_with_its_claim_passes if {
	_denied(given.claiming(given.token_call, "t1"), given.catalog) == set()
}

test_a_claim_by_alias_passes if {
	_denied(given.changed(_expecting, {"/caller/token/team_alias": "crew"}), given.catalog) == set()
}

test_that_the_claimed_team_is_unknown_is_another_rules_question if _denied(_unknown, given.catalog) == set()

test_an_earlier_source_stands_in_for_the_claim if {
	_denied(given.changed(_expecting, {"/caller/token/chosen_team_id": "t1"}), given.catalog) == set()
}

test_the_object_of_a_mapping_to_a_team_stands_in_for_the_claim if {
	mapped := given.changed(_expecting, {"/caller/token/roles": ["crew"], "/caller/token/object_id": "t1"})
	_denied(mapped, _mapping_crew) == set()
}

test_a_token_of_which_no_claim_is_expected_passes if _denied(given.token_call, given.catalog) == set()

test_an_admins_token_passes if _denied(given.as_admin(_expecting), given.catalog) == set()

_expecting := given.changed(given.token_call, {"/caller/token/expects_team": true})

_unknown := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams": {}})

_mapping_crew := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})

_falling_back := given.catalog_with_tokens({"team_claim_fallback": true})

_denied(document, source) := denied if {
	denied := token_team_claim.deny with input as given.stood_for(document, source) with data.catalog as source
}
