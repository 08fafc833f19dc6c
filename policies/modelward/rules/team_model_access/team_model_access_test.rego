package modelward.rules.team_model_access_test

import data.modelward.rules.team_model_access
import data.modelward.testing_test as given

test_a_caller_whose_team_is_unknown_is_refused if {
	count(team_model_access.deny) == 1 with input as given.without(given.call, "/caller/team")
		with data.catalog as given.catalog
}

test_a_team_without_a_list_is_refused if {
	count(team_model_access.deny) == 1 with input as given.without(given.team_call, "/caller/team/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4"] {
		count(team_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_an_empty_list_is_refused_without_a_catalogue if {
	count(team_model_access.deny) == 1 with input as given.team_call with data.catalog as {}
}

test_a_model_outside_the_list_is_refused_and_named if {
	team_model_access.deny == {concat("", [
		"the team of this caller may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_one_model_outside_the_list_among_several_is_refused if {
	count(team_model_access.deny) == 1 with input as given.changed(
		_limited(["gpt-4o"]),
		{"/request/models": ["gpt-4o", "gpt-4"]},
	)
		with data.catalog as given.catalog
}

test_a_key_whose_own_list_covers_the_model_is_refused_by_its_team if {
	count(team_model_access.deny) == 1 with input as given.changed(
		_limited(["gpt-4o"]),
		{"/caller/key/models": ["gpt-4"]},
	)
		with data.catalog as given.catalog
}

test_a_key_that_leaves_it_to_the_team_is_bound_by_the_teams_list if {
	count(team_model_access.deny) == 1 with input as given.changed(
		_limited(["gpt-4o"]),
		{"/caller/key/models": ["all-team-models"]},
	)
		with data.catalog as given.catalog
}

test_a_proxy_admins_key_is_bound_by_its_teams_list if {
	admin := given.changed(given.with_owner(_limited(["gpt-4o"])), {"/caller/user/user_role": "proxy_admin"})
	count(team_model_access.deny) == 1 with input as admin with data.catalog as given.catalog
}

test_an_empty_list_is_refused_where_the_config_says_so if {
	count(team_model_access.deny) == 1 with input as given.team_call
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_no_default_models_alone_is_refused if {
	count(team_model_access.deny) == 1 with input as _limited(["no-default-models"]) with data.catalog as given.catalog
}

test_the_target_of_a_team_alias_is_judged if {
	aliased := given.changed(_limited(["fast"]), {
		"/request/models": ["fast"],
		"/caller/team/model_aliases": {"fast": "gpt-4"},
	})
	count(team_model_access.deny) == 1 with input as aliased with data.catalog as given.catalog
}

test_the_target_of_a_key_alias_is_judged_by_the_team if {
	aliased := given.changed(_limited(["gpt-4"]), {
		"/request/models": ["mine"],
		"/caller/key/aliases": {"mine": "gpt-4o"},
	})
	count(team_model_access.deny) == 1 with input as aliased with data.catalog as given.catalog
}

test_a_copy_on_the_key_decides_nothing if {
	copied := given.changed(_limited(["gpt-4o"]), {"/caller/key/metadata": {"team_models": ["gpt-4"]}})
	count(team_model_access.deny) == 1 with input as copied with data.catalog as given.catalog
}

test_a_team_that_does_not_say_its_access_groups_is_refused if {
	count(team_model_access.deny) == 1 with input as given.without(given.team_call, "/caller/team/access_group_ids")
		with data.catalog as given.catalog
}

test_a_group_of_the_key_that_is_assigned_to_neither_lifts_no_refusal if {
	count(team_model_access.deny) == 1 with input as _in_group({}) with data.catalog as given.catalog
}

test_a_group_of_the_key_lifts_a_refusal_if_it_is_assigned_to_the_team_or_the_key if {
	every assigned in [{"assigned_team_ids": ["t1"]}, {"assigned_key_ids": ["k1"]}] {
		team_model_access.deny == set() with input as _in_group(assigned) with data.catalog as given.catalog
	}
}

test_a_model_in_the_list_passes if {
	team_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	team_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_a_team_without_restriction_passes if {
	team_model_access.deny == set() with input as given.team_call with data.catalog as given.catalog
}

test_a_global_alias_passes_by_its_target if {
	aliased := given.changed(given.catalog, {"/aliases": {"house": {"target": "gpt-4", "hidden": false}}})
	team_model_access.deny == set() with input as given.changed(_limited(["gpt-4"]), {"/request/models": ["house"]})
		with data.catalog as aliased
}

test_all_team_models_on_a_team_is_every_entry if {
	everything := given.changed(_limited(["all-team-models"]), {"/request/models": ["gpt-4", "gpt-4o"]})
	team_model_access.deny == set() with input as everything with data.catalog as given.catalog
	team_model_access.grants["gpt-4"] == {"by": "all-team-models", "groups": []} with input as everything
		with data.catalog as given.catalog
}

test_a_key_without_team_passes if {
	team_model_access.deny == set() with input as given.call with data.catalog as given.catalog
	team_model_access.grants == {} with input as given.call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_teams if team_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_where_the_team_lists_everything if {
	not team_model_access.list with input as _limited(["all-team-models"])
}

test_no_list_binds_without_a_team if not team_model_access.list with input as given.call

_in_group(assigned) := given.changed(_limited(["gpt-4o"]), {
	"/caller/key/access_group_ids": ["g1"],
	"/caller/access_groups": {"g1": object.union(given.access_group("g1", ["gpt-4"]), assigned)},
})

_limited(list) := given.changed(given.team_call, {"/caller/team/models": list})

test_an_item_beside_all_team_models_covers_an_unknown_name if {
	every item in ["*", "ghost", "gh*"] {
		count(team_model_access.deny) == 0 with input as given.changed(given.team_call, {
			"/request/models": ["ghost"],
			"/caller/team/models": ["all-team-models", item],
		})
			with data.catalog as given.catalog
	}
}
