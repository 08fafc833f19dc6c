package modelward.rules.member_model_access_test

import data.modelward.rules.member_model_access
import data.modelward.testing_test as given

test_a_member_that_is_unknown_is_refused if {
	count(member_model_access.deny) == 1 with input as given.without(given.call, "/caller/member") with data.catalog as given.catalog
}

test_a_member_without_a_list_is_refused if {
	count(member_model_access.deny) == 1 with input as given.without(_limited([]), "/caller/member/allowed_models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4", {}, {"models": "all-team-models"}] {
		count(member_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_a_model_outside_the_list_is_refused_and_named if {
	member_model_access.deny == {concat("", [
		"in its team this caller may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_one_model_outside_the_list_among_several_is_refused if {
	several := given.changed(_limited(["gpt-4o"]), {"/request/models": ["gpt-4o", "gpt-4"]})
	count(member_model_access.deny) == 1 with input as several with data.catalog as given.catalog
}

test_a_list_of_an_empty_text_only_is_refused if {
	count(member_model_access.deny) == 1 with input as _limited([""]) with data.catalog as given.catalog
}

test_a_special_name_covers_nothing if {
	count(member_model_access.deny) == 1 with input as _limited(["no-default-models"]) with data.catalog as given.catalog
}

test_all_team_models_leaves_the_question_to_the_team if {
	every list in [["all-team-models"], ["gpt-4o", "all-team-models"]] {
		member_model_access.deny == set() with input as _limited(list) with data.catalog as given.catalog
		not member_model_access.list with input as _limited(list) with data.catalog as given.catalog
	}
}

test_all_team_models_covers_nothing_while_the_team_is_unknown if {
	every team in [null, true, "t1"] {
		unknown := given.changed(_limited(["all-team-models"]), {"/caller/team": team})
		count(member_model_access.deny) == 1 with input as unknown with data.catalog as given.catalog
	}
}

test_a_member_is_refused_although_its_team_and_key_list_the_model if {
	listed := given.changed(_limited(["gpt-4o"]), {"/caller/team/models": ["gpt-4"], "/caller/key/models": ["gpt-4"]})
	count(member_model_access.deny) == 1 with input as listed with data.catalog as given.catalog
}

test_a_proxy_admin_is_bound_by_its_scope_in_the_team if {
	admin := given.changed(_limited(["gpt-4o"]), {"/caller/user/user_role": "proxy_admin"})
	count(member_model_access.deny) == 1 with input as admin with data.catalog as given.catalog
}

test_a_model_in_the_list_passes if {
	member_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	member_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_a_model_of_a_group_in_the_list_passes if {
	grouped := given.catalog_of({"gpt-4": {"d1": ["beta"]}}, [])
	member_model_access.grants == {"gpt-4": {"by": "beta", "groups": ["beta"]}} with input as _limited(["beta"])
		with data.catalog as grouped
}

test_an_empty_list_passes_and_covers_nothing if {
	member_model_access.deny == set() with input as _limited([]) with data.catalog as given.catalog
	member_model_access.grants == {} with input as _limited([]) with data.catalog as given.catalog
}

test_an_empty_list_passes_even_where_the_config_lets_empty_lists_grant_nothing if {
	member_model_access.deny == set() with input as _limited([])
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_a_caller_without_a_member_passes if {
	member_model_access.deny == set() with input as given.call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_members if member_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_that_is_empty if not member_model_access.list with input as _limited([])

test_no_list_binds_without_a_member if not member_model_access.list with input as given.call

_limited(list) := given.changed(given.with_owner(given.team_call), {"/caller/member": given.member(list)})
