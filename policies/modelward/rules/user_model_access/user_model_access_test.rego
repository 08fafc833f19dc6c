package modelward.rules.user_model_access_test

import data.modelward.rules.user_model_access
import data.modelward.testing_test as given

test_a_caller_whose_owner_is_unknown_is_refused if {
	count(user_model_access.deny) == 1 with input as given.without(given.call, "/caller/user")
		with data.catalog as given.catalog
}

test_an_owner_without_a_list_is_refused if {
	count(user_model_access.deny) == 1 with input as given.without(given.owned_call, "/caller/user/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4"] {
		count(user_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_a_key_that_does_not_say_its_team_is_bound_by_the_owners_list if {
	count(user_model_access.deny) == 1 with input as given.without(_limited(["gpt-4o"]), "/caller/key/team_id")
		with data.catalog as given.catalog
}

test_an_empty_list_is_refused_without_a_catalogue if {
	count(user_model_access.deny) == 1 with input as given.owned_call with data.catalog as {}
}

test_a_model_outside_the_list_is_refused_and_named if {
	user_model_access.deny == {concat("", [
		"the user of this caller may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_a_key_that_leaves_it_to_a_team_it_has_not_is_bound_by_the_owners_list if {
	left := given.changed(_limited(["gpt-4o"]), {"/caller/key/models": ["all-team-models"]})
	count(user_model_access.deny) == 1 with input as left with data.catalog as given.catalog
}

test_all_team_models_in_an_owners_list_covers_nothing if {
	count(user_model_access.deny) == 1 with input as _limited(["all-team-models"]) with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_the_config_says_so if {
	count(user_model_access.deny) == 1 with input as given.owned_call
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_a_model_in_the_list_passes if {
	user_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	user_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_an_owner_without_restriction_passes if {
	user_model_access.deny == set() with input as given.owned_call with data.catalog as given.catalog
}

test_a_team_key_is_not_bound_by_its_owners_list if {
	team := given.changed(given.with_owner(given.team_call), {"/caller/user/models": ["gpt-4o"]})
	user_model_access.deny == set() with input as team with data.catalog as given.catalog
}

test_a_proxy_admin_is_not_bound_by_the_own_list if {
	admin := given.changed(_limited(["gpt-4o"]), {"/caller/user/user_role": "proxy_admin"})
	user_model_access.deny == set() with input as admin with data.catalog as given.catalog
}

test_a_key_without_owner_passes if {
	user_model_access.deny == set() with input as given.call with data.catalog as given.catalog
}

test_the_master_key_passes if {
	user_model_access.deny == set() with input as given.master_call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_owners if user_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_a_team_key if not user_model_access.list with input as given.with_owner(given.team_call)

_limited(list) := given.changed(given.owned_call, {"/caller/user/models": list})
