package modelward.lib.order_test

import data.modelward.lib.order

test_every_place_is_that_of_a_rule_that_denies if {
	denying := {rule | data.modelward.rules[rule].deny} | {rule | data.modelward.token_rules[rule].deny}
	{rule | some rule in order.refusals} - denying == {
		"no_grant", "provider_not_configured", "provider_not_spoken", "rule_malformed",
	}
}

test_no_rule_has_two_places if count(order.refusals) == count({rule | some rule in order.refusals})

test_a_rule_without_a_place_comes_last if {
	every rule in order.refusals {
		order.rank(rule) < order.rank("office_hours")
	}
}

# The order of A6, and within it that of A4.
test_the_order_of_answers_is_that_of_the_spec if {
	ranks := [order.rank(rule) | some rule in _answers]
	ranks == sort(ranks)
}

test_a_tokens_caller_comes_between_the_form_of_the_request_and_the_admin_paths if {
	every rule in _of_the_tokens_caller {
		order.rank("well_formed") < order.rank(rule)
		order.rank(rule) < order.rank("admin_only")
	}
}

test_what_is_missing_comes_with_its_level if {
	every pair in [
		["key_routes", "team_exists"],
		["team_exists", "team_active"],
		["customer_model_access", "project_exists"],
		["project_exists", "project_active"],
		["project_model_access", "org_exists"],
		["org_exists", "org_model_access"],
	] {
		order.rank(pair[0]) < order.rank(pair[1])
	}
}

_answers := [
	"rule_malformed",
	"proxy_routes",
	"well_formed",
	"admin_only",
	"key_active",
	"key_model_access",
	"key_expiry",
	"key_routes",
	"team_active",
	"team_model_access",
	"listing_team",
	"member_model_access",
	"user_active",
	"user_role",
	"user_default_models",
	"user_model_access",
	"user_team_models",
	"customer_active",
	"customer_model_access",
	"project_active",
	"project_model_access",
	"org_model_access",
	"team_org_model_access",
	"role_model_access",
	"role_routes",
	"scope_model_access",
	"names_agree",
	"model_known",
]

_of_the_tokens_caller := {rule | data.modelward.token_rules[rule].deny; startswith(rule, "token_")}
