package modelward.rules.team_org_model_access_test

import data.modelward.rules.team_org_model_access
import data.modelward.testing_test as given

test_a_team_that_is_unknown_is_refused if {
	count(team_org_model_access.deny) == 1 with input as given.without(given.call, "/caller/team")
		with data.catalog as given.catalog
}

test_a_team_that_does_not_say_its_organization_is_refused if {
	count(team_org_model_access.deny) == 1 with input as given.without(given.team_call, "/caller/team/organization_id")
		with data.catalog as given.catalog
}

test_an_organization_without_record_is_refused if {
	count(team_org_model_access.deny) == 1 with input as given.changed(_limited([]), {"/caller/organizations": {}})
		with data.catalog as given.catalog
}

test_an_organization_without_a_list_is_refused if {
	count(team_org_model_access.deny) == 1 with input as given.without(_limited([]), "/caller/organizations/o1/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4", {}] {
		count(team_org_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_a_model_outside_the_list_is_refused_and_named if {
	team_org_model_access.deny == {concat("", [
		"the organization of this caller's team may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_a_team_is_refused_although_its_own_list_covers_the_model if {
	listed := given.changed(_limited(["gpt-4o"]), {"/caller/team/models": ["gpt-4"]})
	count(team_org_model_access.deny) == 1 with input as listed with data.catalog as given.catalog
}

test_a_key_whose_own_organization_covers_the_model_is_refused if {
	both := given.changed(_limited(["gpt-4o"]), {
		"/caller/key/organization_id": "o2",
		"/caller/organizations/o2": given.organization("o2", ["gpt-4"]),
	})
	count(team_org_model_access.deny) == 1 with input as both with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_the_config_says_so if {
	count(team_org_model_access.deny) == 1 with input as _limited([])
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_a_model_in_the_list_passes if {
	team_org_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	team_org_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_an_empty_list_passes if {
	team_org_model_access.deny == set() with input as _limited([]) with data.catalog as given.catalog
}

test_a_team_without_organization_passes if {
	team_org_model_access.deny == set() with input as given.team_call with data.catalog as given.catalog
}

test_a_caller_without_team_passes if {
	team_org_model_access.deny == set() with input as given.call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_organizations if {
	team_org_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])
}

test_no_list_binds_without_an_organization if not team_org_model_access.list with input as given.team_call

_limited(list) := given.changed(given.team_call, {
	"/caller/team/organization_id": "o1",
	"/caller/organizations": {"o1": given.organization("o1", list)},
})
