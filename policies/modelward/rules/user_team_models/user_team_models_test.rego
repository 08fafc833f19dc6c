package modelward.rules.user_team_models_test

import data.modelward.rules.user_team_models
import data.modelward.testing_test as given

test_an_owner_that_is_unknown_is_refused if {
	count(user_team_models.deny) == 1 with input as given.without(given.call, "/caller/user") with data.catalog as _asked
}

test_an_owner_without_a_record_is_refused if {
	count(user_team_models.deny) == 1 with input as _unrecorded with data.catalog as _asked
	user_team_models.list == [""] with input as _unrecorded with data.catalog as _asked
	user_team_models.deny == set() with input as _unrecorded with data.catalog as given.catalog
}

test_an_owner_is_refused_while_it_is_unknown_whether_there_is_one if {
	count(user_team_models.deny) == 1 with input as given.without(given.call, "/caller/key/user_id") with data.catalog as _asked
}

test_a_key_without_an_owner_passes if {
	user_team_models.deny == set() with input as given.call with data.catalog as _asked
}

test_the_key_of_a_team_whose_owner_has_no_record_passes if {
	of_team := given.changed(given.team_call, {"/caller/key/user_id": "u9"})
	user_team_models.deny == set() with input as of_team with data.catalog as _asked
}

_unrecorded := given.changed(given.call, {"/caller/key/user_id": "u9"})

test_an_owner_whose_teams_are_unknown_is_refused if {
	count(user_team_models.deny) == 1 with input as given.without(_in([given.team("t1")]), "/caller/owner_teams")
		with data.catalog as _asked
}

test_a_personal_key_is_refused_while_the_setting_is_unknown if {
	count(user_team_models.deny) == 1 with input as given.owned_call
		with data.catalog as given.without(given.catalog, "/settings/personal_keys_from_teams")
	count(user_team_models.deny) == 1 with input as given.owned_call
		with data.catalog as given.changed(given.catalog, {"/settings/personal_keys_from_teams": null})
}

test_a_team_without_a_list_is_refused if {
	every path in ["/caller/owner_teams/0/models", "/caller/owner_teams/0/access_group_ids"] {
		count(user_team_models.deny) == 1 with input as given.without(_in([given.team("t1")]), path)
			with data.catalog as _asked
	}
}

test_a_team_that_does_not_say_whether_it_is_blocked_is_refused if {
	count(user_team_models.deny) == 1 with input as given.without(
		_in([given.team("t1")]),
		"/caller/owner_teams/0/blocked",
	)
		with data.catalog as _asked
}

test_an_owner_without_teams_is_refused_and_the_model_named if {
	user_team_models.deny == {concat("", [
		"no team of this caller's user may call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _in([]) with data.catalog as _asked
}

test_a_model_that_no_team_covers_is_refused if {
	count(user_team_models.deny) == 1 with input as _in([_team("t1", ["gpt-4o"]), _team("t2", ["other"])])
		with data.catalog as _asked
}

test_a_model_that_a_blocked_team_alone_covers_is_refused if {
	count(user_team_models.deny) == 1 with input as _in([object.union(given.team("t1"), {"blocked": true})])
		with data.catalog as _asked
}

test_each_model_may_be_covered_by_another_team if {
	both := given.changed(
		_in([_team("t1", ["gpt-4o"]), _team("t2", ["gpt-4"])]),
		{"/request/models": ["gpt-4", "gpt-4o"]},
	)
	user_team_models.deny == set() with input as both with data.catalog as _asked
}

test_a_team_without_restriction_covers_every_model if {
	user_team_models.deny == set() with input as _in([given.team("t1")]) with data.catalog as _asked
}

test_a_team_that_lists_everything_covers_every_entry if {
	everything := _in([_team("t1", ["all-team-models"])])
	user_team_models.deny == set() with input as everything with data.catalog as _asked
	count(user_team_models.deny) == 1 with input as given.changed(everything, {"/request/models": ["ghost"]})
		with data.catalog as _asked
}

test_the_groups_of_a_team_narrow_the_deployments if {
	user_team_models.grants == {"gpt-4": {"by": "beta", "groups": ["beta"]}} with input as _in([_team("t1", ["beta"])])
		with data.catalog as _grouped
}

test_the_groups_of_several_teams_add_up if {
	user_team_models.grants["gpt-4"].groups == ["beta", "vip"] with input as _in([_team("t1", ["beta"]), _team("t2", ["vip"])])
		with data.catalog as _grouped
}

test_a_team_that_covers_without_a_group_narrows_nothing if {
	user_team_models.grants["gpt-4"].groups == [] with input as _in([_team("t1", ["beta"]), _team("t2", ["gpt-4"])])
		with data.catalog as _grouped
}

test_a_key_with_a_team_passes if {
	user_team_models.deny == set() with input as given.with_owner(given.team_call) with data.catalog as _asked
}

test_a_key_without_owner_passes if user_team_models.deny == set() with input as given.call with data.catalog as _asked

test_a_proxy_admin_passes if {
	user_team_models.deny == set() with input as given.changed(_in([]), {"/caller/user/user_role": "proxy_admin"})
		with data.catalog as _asked
}

test_a_personal_key_passes_where_the_config_does_not_ask_for_it if {
	user_team_models.deny == set() with input as given.owned_call with data.catalog as given.catalog
	user_team_models.grants == {} with input as _in([given.team("t1")]) with data.catalog as given.catalog
}

test_the_list_that_binds_is_that_of_all_teams_together if {
	user_team_models.list == ["", "gpt-4", "gpt-4o"] with input as _in([_team("t1", ["gpt-4"]), _team("t2", ["gpt-4o"])])
		with data.catalog as _asked
}

test_a_team_that_leaves_everything_open_leaves_the_list_open if {
	every list in [[], ["all-team-models"]] {
		user_team_models.list == ["", "*"] with input as _in([_team("t1", list)]) with data.catalog as _asked
	}
}

test_the_list_of_an_owner_without_teams_holds_nothing if {
	user_team_models.list == [""] with input as _in([]) with data.catalog as _asked
}

test_no_list_binds_where_the_config_does_not_ask_for_it if {
	not user_team_models.list with input as given.owned_call with data.catalog as given.catalog
}

_team(id, models) := object.union(given.team(id), {"models": models})

_in(teams) := given.changed(given.owned_call, {"/caller/owner_teams": teams})

_asked := given.changed(given.catalog, {"/settings/personal_keys_from_teams": true})

_grouped := given.changed(
	given.catalog_of({"gpt-4": {"d1": ["beta"], "d2": ["vip"]}}, []),
	{"/settings/personal_keys_from_teams": true},
)
