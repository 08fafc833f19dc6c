package modelward.rules.fallback_waiver_test

import data.modelward.rules.fallback_waiver
import data.modelward.testing_test as given

test_nothing_is_granted_while_a_fact_is_missing if {
	every path in ["/request", "/request/fallback"] {
		count(fallback_waiver.grants) == 0 with input as given.without(given.fallback_call, path)
			with data.catalog as given.waiving_catalog
	}
	every path in ["/settings", "/settings/enforce_fallback_model_access"] {
		count(fallback_waiver.grants) == 0 with input as given.fallback_call
			with data.catalog as given.without(given.waiving_catalog, path)
	}
}

test_a_fallback_is_not_granted_unless_the_config_says_so if {
	count(fallback_waiver.grants) == 0 with input as given.fallback_call with data.catalog as given.catalog
}

test_a_request_that_is_no_fallback_is_not_granted if {
	count(fallback_waiver.grants) == 0 with input as given.call with data.catalog as given.waiving_catalog
}

test_a_fallback_is_granted_by_the_setting if {
	fallback_waiver.grants == {"gpt-4": {
		"by": "enforce_fallback_model_access: false",
		"groups": [],
	}} with input as given.fallback_call with data.catalog as given.waiving_catalog
}

test_it_refuses_nothing if count(fallback_waiver.deny) == 0 with input as given.call with data.catalog as given.catalog
