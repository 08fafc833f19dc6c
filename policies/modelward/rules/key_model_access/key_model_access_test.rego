package modelward.rules.key_model_access_test

import data.modelward.rules.key_model_access
import data.modelward.testing_test as given

test_a_caller_without_key_is_refused if {
	count(key_model_access.deny) == 1 with input as given.without(given.call, "/caller")
		with data.catalog as given.catalog
	count(key_model_access.deny) == 1 with input as given.changed(given.call, {"/caller/key": null})
		with data.catalog as given.catalog
}

test_a_key_without_a_list_is_refused if {
	count(key_model_access.deny) == 1 with input as given.without(given.call, "/caller/key/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4", {"models": "all-team-models"}] {
		count(key_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_an_empty_list_is_refused_without_a_catalogue if {
	count(key_model_access.deny) == 1 with input as given.call with data.catalog as {}
}

test_a_model_outside_the_list_is_refused_and_named if {
	key_model_access.deny == {concat("", [
		"this key may not call model `gpt-4`; ",
		"GET /v1/models lists what it may call",
	])} with input as _limited(["gpt-4o", "secret-group"]) with data.catalog as given.catalog
}

test_one_model_outside_the_list_among_several_is_refused if {
	asking := given.changed(_limited(["gpt-4o"]), {"/request/models": ["gpt-4o", "gpt-4"]})
	count(key_model_access.deny) == 1 with input as asking with data.catalog as given.catalog
	object.keys(key_model_access.grants) == {"gpt-4o"} with input as asking with data.catalog as given.catalog
}

test_each_model_outside_the_list_is_refused if {
	count(key_model_access.deny) == 2 with input as given.changed(_limited([""]), {"/request/models": ["gpt-4", "gpt-4o"]})
		with data.catalog as given.catalog
}

test_a_key_in_a_team_is_bound_by_its_own_list_too if {
	count(key_model_access.deny) == 1 with input as given.changed(given.team_call, {"/caller/key/models": ["gpt-4o"]})
		with data.catalog as given.catalog
}

test_the_key_of_a_proxy_admin_is_bound_by_its_own_list if {
	admin := given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin", "/caller/key/models": ["gpt-4o"]})
	count(key_model_access.deny) == 1 with input as admin with data.catalog as given.catalog
}

test_a_list_of_an_empty_text_only_is_refused if {
	count(key_model_access.deny) == 1 with input as _limited([""]) with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_the_config_says_so if {
	count(key_model_access.deny) == 1 with input as given.call
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_no_default_models_alone_is_refused if {
	count(key_model_access.deny) == 1 with input as _limited(["no-default-models"]) with data.catalog as given.catalog
}

test_a_key_that_does_not_say_its_access_groups_is_refused if {
	count(key_model_access.deny) == 1 with input as given.without(given.call, "/caller/key/access_group_ids")
		with data.catalog as given.catalog
}

test_a_key_with_access_groups_alone_is_refused_outside_them if {
	count(key_model_access.deny) == 1 with input as _in_group([], ["gpt-4o"]) with data.catalog as given.catalog
}

test_a_key_with_an_access_group_without_record_alone_is_refused if {
	count(key_model_access.deny) == 1 with input as given.changed(given.call, {"/caller/key/access_group_ids": ["g1"]})
		with data.catalog as given.catalog
}

test_a_model_of_an_access_group_passes if {
	key_model_access.deny == set() with input as _in_group(["gpt-4o"], ["gpt-4"]) with data.catalog as given.catalog
	key_model_access.deny == set() with input as _in_group([], ["gpt-4"]) with data.catalog as given.catalog
}

test_a_model_in_the_list_passes if {
	key_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	key_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_a_key_without_restriction_passes if {
	key_model_access.deny == set() with input as given.call with data.catalog as given.catalog
}

test_no_default_models_beside_the_model_passes if {
	key_model_access.deny == set() with input as _limited(["no-default-models", "gpt-4"])
		with data.catalog as given.catalog
}

test_a_key_that_leaves_it_to_the_team_passes_whatever_else_it_lists if {
	left := _limited(["gpt-4o", "all-team-models"])
	key_model_access.deny == set() with input as left with data.catalog as given.catalog
	key_model_access.grants == {"gpt-4": {"by": "all-team-models", "groups": []}} with input as left
		with data.catalog as given.catalog
}

test_a_token_passes if key_model_access.deny == set() with input as given.token_call with data.catalog as given.catalog

test_the_master_key_passes if {
	key_model_access.deny == set() with input as given.master_call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_keys if key_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_a_key_that_leaves_it_to_the_team if {
	not key_model_access.list with input as _limited(["all-team-models", "gpt-4"])
}

_in_group(list, models) := given.changed(_limited(list), {
	"/caller/key/access_group_ids": ["g1"],
	"/caller/access_groups": {"g1": given.access_group("g1", models)},
})

_limited(list) := given.changed(given.call, {"/caller/key/models": list})

test_a_grant_list_of_another_type_that_is_empty_is_refused if {
	every list in ["", {}] {
		count(key_model_access.deny) == 1 with input as given.changed(given.call, {"/caller/key/models": list})
			with data.catalog as given.catalog
	}
}
