package modelward.rules.customer_model_access_test

import data.modelward.rules.customer_model_access
import data.modelward.testing_test as given

test_a_customer_that_is_unknown_is_refused if {
	count(customer_model_access.deny) == 1 with input as given.without(given.call, "/customer") with data.catalog as given.catalog
}

test_a_customer_without_a_list_is_refused if {
	count(customer_model_access.deny) == 1 with input as given.without(_limited([]), "/customer/models")
		with data.catalog as given.catalog
}

test_a_list_of_another_type_is_refused if {
	every list in [null, true, 4, "gpt-4", {}] {
		count(customer_model_access.deny) == 1 with input as _limited(list) with data.catalog as given.catalog
	}
}

test_a_model_outside_the_list_is_refused_and_named if {
	customer_model_access.deny == {concat("", [
		"the customer that the request names may not call model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as _limited(["gpt-4o"]) with data.catalog as given.catalog
}

test_one_model_outside_the_list_among_several_is_refused if {
	several := given.changed(_limited(["gpt-4o"]), {"/request/models": ["gpt-4o", "gpt-4"]})
	count(customer_model_access.deny) == 1 with input as several with data.catalog as given.catalog
}

test_a_list_of_an_empty_text_only_is_refused if {
	count(customer_model_access.deny) == 1 with input as _limited([""]) with data.catalog as given.catalog
}

test_special_names_cover_nothing if {
	every name in ["no-default-models", "all-team-models"] {
		count(customer_model_access.deny) == 1 with input as _limited([name]) with data.catalog as given.catalog
	}
}

test_a_token_is_bound_by_the_customers_list if {
	count(customer_model_access.deny) == 1 with input as given.changed(
		given.token_call,
		{"/customer": given.customer(["gpt-4o"])},
	)
		with data.catalog as given.catalog
}

test_a_model_in_the_list_passes if {
	customer_model_access.deny == set() with input as _limited(["gpt-4"]) with data.catalog as given.catalog
	customer_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _limited(["gpt-4"])
		with data.catalog as given.catalog
}

test_a_model_of_a_group_in_the_list_passes if {
	grouped := given.catalog_of({"gpt-4": {"d1": ["beta"]}}, [])
	customer_model_access.grants == {"gpt-4": {"by": "beta", "groups": ["beta"]}} with input as _limited(["beta"])
		with data.catalog as grouped
}

test_an_empty_list_passes_and_covers_nothing if {
	customer_model_access.deny == set() with input as _limited([]) with data.catalog as given.catalog
	customer_model_access.grants == {} with input as _limited([]) with data.catalog as given.catalog
}

test_an_empty_list_passes_even_where_the_config_lets_empty_lists_grant_nothing if {
	customer_model_access.deny == set() with input as _limited([])
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_a_caller_without_a_customer_passes if {
	customer_model_access.deny == set() with input as given.call with data.catalog as given.catalog
}

test_the_list_that_binds_is_the_customers if customer_model_access.list == ["gpt-4"] with input as _limited(["gpt-4"])

test_no_list_binds_that_is_empty if not customer_model_access.list with input as _limited([])

test_no_list_binds_without_a_customer if not customer_model_access.list with input as given.call

_limited(list) := given.changed(given.call, {"/customer": given.customer(list)})
