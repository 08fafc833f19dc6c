package modelward.rules.org_model_access_test

import data.modelward.rules.org_model_access
import data.modelward.testing_test as given

test_a_caller_that_is_unknown_is_refused if {
	count(org_model_access.deny) == 1 with input as given.without(given.call, "/caller") with data.catalog as given.catalog
}

test_a_key_that_does_not_say_its_organization_is_refused if {
	count(org_model_access.deny) == 1 with input as given.without(given.call, "/caller/key/organization_id")
		with data.catalog as given.catalog
}

test_a_token_that_does_not_say_its_organization_is_refused if {
	count(org_model_access.deny) == 1 with input as given.without(given.token_call, "/caller/token/organization_id")
		with data.catalog as given.catalog
}

test_an_organization_without_record_is_refused if {
	count(org_model_access.deny) == 1 with input as given.changed(_limited([]), {"/caller/organizations": {}})
		with data.catalog as given.catalog
}

test_an_organization_without_a_list_is_refused if {
	count(org_model_access.deny) == 1 with input as given.without(_limited([]), "/caller/organizations/o1/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4", {}] {
		count(org_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_an_empty_list_is_refused_without_a_catalogue if {
	count(org_model_access.deny) == 1 with input as _limited([]) with data.catalog as {}
}

test_a_model_outside_the_list_is_refused_and_named if {
	org_model_access.deny == {concat("", [
		"the organization of this caller may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_a_key_is_refused_although_its_own_list_covers_the_model if {
	count(org_model_access.deny) == 1 with input as given.changed(_limited(["gpt-4o"]), {"/caller/key/models": ["gpt-4"]})
		with data.catalog as given.catalog
}

test_a_model_outside_the_list_of_a_tokens_organization_is_refused if {
	count(org_model_access.deny) == 1 with input as _token(["gpt-4o"]) with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_the_config_says_so if {
	count(org_model_access.deny) == 1 with input as _limited([])
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_a_model_in_the_list_passes if {
	org_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	org_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_a_model_in_the_list_of_a_tokens_organization_passes if {
	org_model_access.deny == set() with input as _token(["gpt-4"]) with data.catalog as given.catalog
}

test_an_empty_list_passes if {
	org_model_access.deny == set() with input as _limited([]) with data.catalog as given.catalog
}

test_a_caller_without_organization_passes if {
	every document in [given.call, given.token_call, given.master_call] {
		org_model_access.deny == set() with input as document with data.catalog as given.catalog
	}
}

test_an_admins_token_passes if {
	admin := given.as_admin(_token(["gpt-4o"]))
	org_model_access.deny == set() with input as admin with data.catalog as given.catalog
}

test_the_organization_of_the_team_is_another_rules_question if {
	org_model_access.deny == set() with input as given.changed(given.team_call, {
		"/caller/team/organization_id": "o1",
		"/caller/organizations": {"o1": given.organization("o1", ["gpt-4o"])},
	})
		with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_organizations if org_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_an_admins_token if {
	not org_model_access.list with input as given.as_admin(_token(["gpt-4o"])) with data.catalog as given.catalog
}

test_no_list_binds_without_an_organization if not org_model_access.list with input as given.call

_limited(list) := given.changed(given.call, {
	"/caller/key/organization_id": "o1",
	"/caller/organizations": {"o1": given.organization("o1", list)},
})

_token(list) := given.changed(given.token_call, {
	"/caller/token/organization_id": "o1",
	"/caller/organizations": {"o1": given.organization("o1", list)},
})

test_a_token_is_not_freed_by_a_key_beside_it if {
	beside := given.changed(_token(["gpt-4o"]), {"/caller/key": given.call.caller.key})
	count(org_model_access.deny) == 1 with input as beside with data.catalog as given.catalog
}

test_a_key_is_not_freed_by_a_token_beside_it if {
	count(org_model_access.deny) == 1 with input as given.changed(given.as_admin(given.token_call), {
		"/caller/kind": "key",
		"/caller/key": object.union(given.call.caller.key, {"organization_id": "o1"}),
		"/caller/organizations": {"o1": given.organization("o1", ["gpt-4o"])},
	})
		with data.catalog as given.catalog
}
