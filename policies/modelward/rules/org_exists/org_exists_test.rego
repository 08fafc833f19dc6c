package modelward.rules.org_exists_test

import data.modelward.rules.org_exists
import data.modelward.testing_test as given

test_a_caller_that_is_unknown_is_refused if count(org_exists.deny) == 1 with input as {}

test_a_key_that_does_not_say_its_organization_is_refused if {
	count(org_exists.deny) == 1 with input as given.without(given.call, "/caller/key/organization_id")
}

test_a_team_that_does_not_say_its_organization_is_refused if {
	count(org_exists.deny) == 1 with input as given.without(given.team_call, "/caller/team/organization_id")
}

test_a_token_that_does_not_say_its_organization_is_refused if {
	count(org_exists.deny) == 1 with input as given.without(given.token_call, "/caller/token/organization_id")
}

test_a_caller_whose_team_is_unknown_is_refused if {
	count(org_exists.deny) == 1 with input as given.without(given.call, "/caller/team")
	count(org_exists.deny) == 1 with input as given.without(given.token_call, "/caller/team")
}

test_an_organization_is_refused_while_the_records_are_unknown if {
	every document in [_of_key, _of_team, _of_token] {
		count(org_exists.deny) == 1 with input as given.without(document, "/caller/organizations")
	}
}

test_the_organization_of_a_key_without_record_is_refused if {
	refusal := "the organization of this caller or of its team does not exist; ask the proxy's admin to mend it"
	org_exists.deny == {refusal} with input as given.changed(_of_key, {"/caller/organizations": {}})
}

test_the_organization_of_a_team_without_record_is_refused if {
	count(org_exists.deny) == 1 with input as given.changed(_of_team, {"/caller/organizations": {}})
}

test_the_organization_of_a_token_without_record_is_refused if {
	count(org_exists.deny) == 1 with input as given.changed(_of_token, {"/caller/organizations": {}})
}

test_the_organization_of_a_key_does_not_stand_in_for_that_of_its_team if {
	count(org_exists.deny) == 1 with input as given.changed(_of_key, {
		"/caller/key/team_id": "t1",
		"/caller/team": object.union(given.team("t1"), {"organization_id": "o2"}),
	})
}

test_an_admins_token_passes if {
	admin := given.as_admin(given.changed(_of_token, {"/caller/organizations": {}}))
	org_exists.deny == set() with input as admin with data.catalog as given.catalog
}

test_an_organization_with_record_passes if {
	every document in [_of_key, _of_team, _of_token] {
		org_exists.deny == set() with input as document
	}
}

test_a_caller_without_organization_passes if {
	every document in [given.call, given.team_call, given.token_call, given.master_call] {
		org_exists.deny == set() with input as document
	}
}

_known := {"o1": given.organization("o1", [])}

_of_key := given.changed(given.call, {"/caller/key/organization_id": "o1", "/caller/organizations": _known})

_of_team := given.changed(given.team_call, {"/caller/team/organization_id": "o1", "/caller/organizations": _known})

_of_token := given.changed(given.token_call, {"/caller/token/organization_id": "o1", "/caller/organizations": _known})
