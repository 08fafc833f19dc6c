package modelward.token_rules.role_model_access_test

import data.modelward.testing_test as given
import data.modelward.token_rules.role_model_access

test_a_model_is_refused_while_the_settings_are_unknown if {
	count(role_model_access.deny) == 1 with input as given.token_call with data.catalog as {}
	every path in ["/tokens/enforce_roles", "/tokens/roles", "/tokens/roles/internal_user/models"] {
		count(role_model_access.deny) == 1 with input as given.token_call
			with data.catalog as given.without(_permitting(["gpt-4o"]), path)
	}
}

test_settings_of_another_type_are_refused if {
	every list in [true, 4, "gpt-4", {}] {
		count(role_model_access.deny) == 1 with input as given.token_call with data.catalog as _permitting(list)
	}
	every enforcing in [null, "no", 0] {
		count(role_model_access.deny) == 1 with input as given.token_call
			with data.catalog as given.changed(_permitting(["gpt-4o"]), {"/tokens/enforce_roles": enforcing})
	}
}

test_a_model_outside_the_list_is_refused_and_named if {
	role_model_access.deny == {concat("", [
		"the role of this token may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as given.token_call with data.catalog as _permitting(["gpt-4o"])
}

test_an_empty_list_is_nothing if {
	count(role_model_access.deny) == 1 with input as given.token_call with data.catalog as _permitting([])
}

test_one_model_outside_the_list_among_several_is_refused if {
	several := given.changed(given.token_call, {"/request/models": ["gpt-4o", "gpt-4"]})
	count(role_model_access.deny) == 1 with input as several with data.catalog as _permitting(["gpt-4o"])
}

test_the_list_of_another_role_does_not_count if {
	team := given.claiming(given.token_call, "t1")
	count(role_model_access.deny) == 1 with input as team with data.catalog as given.changed(
		_permitting(["gpt-4"]),
		{"/tokens/roles/team": {"models": ["gpt-4o"], "routes": null}},
	)
}

test_a_model_in_the_list_passes if {
	role_model_access.deny == set() with input as given.token_call with data.catalog as _permitting(["gpt-4"])
	role_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as given.token_call
		with data.catalog as _permitting(["gpt-4"])
}

test_a_pattern_in_the_list_covers_what_it_matches if {
	role_model_access.grants["gpt-4"].by == "gpt-*" with input as given.token_call
		with data.catalog as _permitting(["gpt-*"])
}

test_a_group_in_the_list_covers_its_models if {
	grouped := given.catalog_of({"gpt-4": {"d1": ["beta"]}}, [])
	role_model_access.grants == {"gpt-4": {"by": "beta", "groups": ["beta"]}} with input as given.token_call
		with data.catalog as given.changed(grouped, {"/tokens": _permitting(["beta"]).tokens})
}

test_a_role_without_a_list_covers_every_model if {
	role_model_access.deny == set() with input as given.token_call with data.catalog as _permitting(null)
	role_model_access.grants == {"gpt-4": {"by": "internal_user", "groups": []}} with input as given.token_call
		with data.catalog as _permitting(null)
}

test_a_role_without_an_entry_covers_every_model if {
	role_model_access.deny == set() with input as given.token_call
		with data.catalog as given.catalog_with_tokens({"enforce_roles": true})
}

test_no_list_counts_where_roles_are_not_enforced if {
	role_model_access.deny == set() with input as given.token_call
		with data.catalog as _unenforced
	not role_model_access.list with input as given.token_call with data.catalog as _unenforced
}

test_a_token_without_role_is_not_covered_by_one if {
	role_model_access.grants == {} with input as given.changed(given.token_call, {"/caller/token/user_id": null})
		with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_roles if {
	role_model_access.list == ["", "gpt-4"] with input as given.token_call with data.catalog as _permitting(["gpt-4"])
}

test_no_list_binds_a_role_without_one if {
	not role_model_access.list with input as given.token_call with data.catalog as _permitting(null)
}

_unenforced := given.changed(_permitting([]), {"/tokens/enforce_roles": false})

_permitting(models) := given.catalog_with_tokens({
	"enforce_roles": true,
	"roles": {"internal_user": {"models": models, "routes": null}},
})
