package modelward.token_rules.token_team_exists_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_exists

test_a_token_is_refused_while_it_is_unknown_which_team_it_stands_for if {
	stood_for := given.stood_for(_claiming, given.catalog)
	every path in ["/caller/origin", "/caller/origin/id"] {
		count(token_team_exists.deny) == 1 with input as given.without(stood_for, path)
	}
	count(token_team_exists.deny) == 1 with input as given.token_call
}

test_a_team_of_the_header_is_refused_while_it_is_unknown if {
	asking := given.stood_for(given.changed(given.token_call, {"/caller/token/chosen_team_id": "t9"}), given.catalog)
	count(token_team_exists.deny) == 1 with input as given.without(asking, "/caller/origin/id")
	count(token_team_exists.deny) == 1 with input as given.without(asking, "/caller/origin/source")
}

test_an_expected_claim_is_refused_while_it_is_unknown if {
	expecting := given.changed(given.token_call, {"/caller/token/expects_team": true})
	every fact in ["team_id", "team_alias"] {
		count(_denied(given.without(expecting, $"/caller/token/{fact}"))) == 1
	}
}

test_a_team_is_refused_while_the_records_are_unknown if {
	every path in ["/caller/records", "/caller/records/teams"] {
		count(_denied(given.without(_claiming, path))) == 1
	}
}

test_a_claimed_team_without_record_is_refused if {
	refusal := "this token's team does not exist here; ask the proxy's admin to add it"
	_denied(given.changed(_claiming, {"/caller/records/teams": {}})) == {refusal}
}

test_a_claimed_team_without_record_is_refused_although_the_user_has_another if {
	with_team := given.changed(_claiming, {
		"/caller/records/users/u1/teams": ["t2"],
		"/caller/records/teams": {"t2": given.team("t2")},
	})
	count(_denied(with_team)) == 1
}

test_an_alias_that_no_team_bears_is_refused if count(_denied(_aliased([]))) == 1

test_an_alias_that_two_teams_bear_is_refused if count(_denied(_aliased(["t1", "t2"]))) == 1

test_the_object_of_a_mapping_to_a_team_without_record_is_refused if {
	mapped := given.changed(given.token_call, {"/caller/token/roles": ["crew"], "/caller/token/object_id": "t1"})
	source := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})
	count(token_team_exists.deny) == 1 with input as given.stood_for(mapped, source)
}

test_the_team_of_the_header_without_record_is_refused if {
	asking := given.changed(given.token_call, {"/caller/token/chosen_team_id": "t1", "/caller/token/team_ids": ["t1"]})
	count(_denied(asking)) == 1
}

test_the_users_only_team_without_record_is_refused if {
	count(_denied(given.changed(given.token_call, {"/caller/records/users/u1/teams": ["t1"]}))) == 1
}

test_a_claimed_team_with_record_passes if _denied(_claiming) == set()

test_an_alias_that_one_team_bears_passes if _denied(_aliased(["t1"])) == set()

test_that_the_claim_is_absent_is_another_rules_question if {
	_denied(given.changed(given.token_call, {"/caller/token/expects_team": true})) == set()
}

test_that_the_token_does_not_claim_the_team_of_the_header_is_another_rules_question if {
	_denied(given.changed(given.token_call, {"/caller/token/chosen_team_id": "t9"})) == set()
}

test_that_no_listed_team_allows_the_call_is_another_rules_question if {
	_denied(given.changed(given.token_call, {"/caller/token/team_ids": ["t9"]})) == set()
}

test_a_token_without_team_passes if _denied(given.token_call) == set()

test_an_admins_token_passes if {
	_denied(given.as_admin(given.changed(_claiming, {"/caller/records/teams": {}}))) == set()
}

_claiming := given.claiming(given.token_call, "t1")

_aliased(ids) := given.changed(given.token_call, {
	"/caller/token/expects_team": true,
	"/caller/token/team_alias": "crew",
	"/caller/records/teams_of_alias": ids,
	"/caller/records/teams": {"t1": given.team("t1"), "t2": given.team("t2")},
})

_denied(document) := denied if {
	denied := token_team_exists.deny with input as given.stood_for(document, given.catalog)
}
