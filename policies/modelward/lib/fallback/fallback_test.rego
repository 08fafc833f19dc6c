package modelward.lib.fallback_test

import data.modelward.lib.fallback
import data.modelward.testing_test as given

test_a_rule_binds_while_a_fact_is_missing if {
	every path in ["/request", "/request/fallback"] {
		_binds(given.without(given.fallback_call, path), given.waiving_catalog)
	}
	every path in ["/settings", "/settings/enforce_fallback_model_access"] {
		_binds(given.fallback_call, given.without(given.waiving_catalog, path))
	}
}

test_a_rule_binds_a_fallback_unless_the_config_says_otherwise if _binds(given.fallback_call, given.catalog)

test_a_rule_binds_a_request_that_is_no_fallback if _binds(given.call, given.waiving_catalog)

test_a_value_of_another_type_waives_nothing if {
	every value in [null, 0, "false", [], {}] {
		_binds(given.fallback_call, given.changed(
			given.catalog,
			{"/settings/enforce_fallback_model_access": value},
		))
	}
	every value in [null, 1, "true", [], {}] {
		_binds(given.changed(given.fallback_call, {"/request/fallback": value}), given.waiving_catalog)
	}
}

test_the_built_in_rules_on_lists_of_models_are_waived_and_no_other if {
	{rule | some rule in given.refusals; endswith(rule, "_model_access")} == fallback.rules
	waived := {rule |
		some rule in given.refusals
		fallback.waives(rule) with input as given.fallback_call with data.catalog as given.waiving_catalog
	}
	waived == fallback.rules
}

test_a_rule_of_ones_own_binds_whatever_its_name if {
	every rule in ["eu_model_access", "_model_access", "model_access", "office_hours", ""] {
		not fallback.waives(rule) with input as given.fallback_call with data.catalog as given.waiving_catalog
	}
}

_binds(document, source) if {
	not fallback.waives("key_model_access") with input as document with data.catalog as source
}
