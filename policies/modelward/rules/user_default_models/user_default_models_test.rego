package modelward.rules.user_default_models_test

import data.modelward.rules.user_default_models
import data.modelward.testing_test as given

test_an_owner_that_is_unknown_is_refused if {
	count(user_default_models.deny) == 1 with input as given.without(given.call, "/caller/user")
}

test_an_owner_without_a_list_is_refused if {
	count(user_default_models.deny) == 1 with input as given.without(given.owned_call, "/caller/user/models")
}

test_a_personal_key_is_refused_whatever_else_its_owner_lists if {
	user_default_models.deny == {concat("", [
		"without a team this caller may not call model `gpt-4`; ",
		"use a key of a team, GET /v1/models lists what a caller may call",
	])} with input as _limited(["gpt-4", "no-default-models"])
}

test_each_model_is_refused if {
	several := given.changed(_limited(["no-default-models"]), {"/request/models": ["gpt-4", "gpt-4o"]})
	count(user_default_models.deny) == 2 with input as several
}

test_a_key_that_leaves_it_to_a_team_it_has_not_is_refused if {
	left := given.changed(_limited(["no-default-models"]), {"/caller/key/models": ["all-team-models"]})
	count(user_default_models.deny) == 1 with input as left
}

test_an_owner_with_personal_models_passes if {
	user_default_models.deny == set() with input as given.owned_call
	user_default_models.deny == set() with input as _limited(["gpt-4o"])
}

test_a_team_key_of_such_an_owner_passes if {
	team := given.changed(given.with_owner(given.team_call), {"/caller/user/models": ["no-default-models"]})
	user_default_models.deny == set() with input as team
}

test_a_proxy_admin_passes if {
	admin := given.changed(_limited(["no-default-models"]), {"/caller/user/user_role": "proxy_admin"})
	user_default_models.deny == set() with input as admin
}

test_a_key_without_owner_passes if user_default_models.deny == set() with input as given.call

test_a_token_of_such_a_user_without_a_team_is_refused if {
	count(user_default_models.deny) == 1 with input as given.changed(
		given.token_call,
		{"/caller/user": object.union(given.user("u1"), {"models": ["no-default-models"]})},
	)
}

test_a_token_of_such_a_user_with_a_team_passes if {
	user_default_models.deny == set() with input as given.changed(given.token_call, {
		"/caller/user": object.union(given.user("u1"), {"models": ["no-default-models"]}),
		"/caller/team": given.team("t1"),
	})
}

test_the_master_key_passes if user_default_models.deny == set() with input as given.master_call

test_a_listing_shows_no_group_to_such_a_key if {
	user_default_models.list == ["no-default-models"] with input as _limited(["*", "no-default-models"])
}

test_no_list_binds_other_keys if {
	not user_default_models.list with input as given.owned_call
	not user_default_models.list with input as given.call
}

_limited(list) := given.changed(given.owned_call, {"/caller/user/models": list})
