package modelward.token_rules.token_team_header_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_team_header

test_a_token_is_refused_while_it_is_unknown_where_its_team_comes_from if {
	every path in ["/caller", "/caller/origin", "/caller/origin/source"] {
		count(token_team_header.deny) == 1 with input as given.without(_stood_for(given.token_call), path)
	}
	count(token_team_header.deny) == 1 with input as given.token_call
}

test_the_team_of_the_header_is_refused_while_it_is_unknown if {
	asking := given.claiming(_asking("t1"), "t1")
	count(token_team_header.deny) == 1 with input as given.without(_stood_for(asking), "/caller/origin/id")
}

test_a_team_is_refused_while_the_claimed_teams_are_unknown if {
	unsaid := json.remove(_asking("t1"), ["/caller/token/team_id", "/caller/token/team_ids"])
	count(_denied(unsaid)) == 1
}

test_claimed_teams_of_another_type_are_refused if {
	every teams in [null, true, "t1"] {
		count(_denied(given.changed(_asking("t1"), {"/caller/token/team_ids": teams}))) == 1
	}
}

test_a_team_that_the_token_does_not_claim_is_refused if {
	_denied(_asking("t9")) == {concat("", [
		"this token does not claim the team that `x-litellm-team-id` asks for; ",
		"leave the header out",
	])}
}

test_a_team_that_the_token_does_not_claim_is_refused_although_it_is_known if {
	count(_denied(given.changed(_asking("t9"), {"/caller/records/teams": {"t9": given.team("t9")}}))) == 1
}

test_a_team_of_the_user_that_the_token_does_not_claim_is_refused if {
	count(_denied(given.changed(_asking("t9"), {"/caller/records/users/u1/teams": ["t9"]}))) == 1
}

test_a_team_that_shares_the_claimed_alias_with_another_is_refused if {
	count(_denied(_aliased(["t1", "t2"]))) == 1
}

test_the_object_of_a_token_that_is_mapped_to_no_team_is_refused if {
	every mappings in [[], [{"role": "crew", "internal_role": "internal_user"}]] {
		source := given.catalog_with_tokens({"role_mappings": mappings})
		count(token_team_header.deny) == 1 with input as given.stood_for(_of_object, source)
	}
}

test_the_empty_text_is_a_team_that_no_token_claims if count(_denied(_asking(""))) == 1

test_a_team_of_the_claimed_list_passes if _denied(given.of_teams(_asking("t2"), ["t1", "t2"])) == set()

test_the_team_of_the_claim_for_one_passes if _denied(given.claiming(_asking("t1"), "t1")) == set()

test_the_team_that_alone_bears_the_claimed_alias_passes if _denied(_aliased(["t1"])) == set()

test_the_object_of_a_token_that_is_mapped_to_a_team_passes if {
	source := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})
	token_team_header.deny == set() with input as given.stood_for(_of_object, source)
}

test_a_token_without_the_header_passes if _denied(given.token_call) == set()

test_an_admins_token_passes_whatever_the_header_asks_for if _denied(given.as_admin(_asking("t9"))) == set()

_asking(id) := given.changed(given.token_call, {"/caller/token/chosen_team_id": id})

_aliased(ids) := given.changed(_asking("t1"), {
	"/caller/token/team_alias": "crew",
	"/caller/records/teams_of_alias": ids,
})

_of_object := given.changed(_asking("t1"), {"/caller/token/roles": ["crew"], "/caller/token/object_id": "t1"})

_stood_for(document) := given.stood_for(document, given.catalog)

_denied(document) := denied if {
	denied := token_team_header.deny with input as _stood_for(document)
}
