package modelward.lib.order_test

import data.modelward.lib.order

test_every_rule_that_denies_has_a_place_and_no_other_name_has if {
	denying := {rule | data.modelward.rules[rule].deny}
	{rule | some rule in order.refusals} == denying | {"no_grant"}
}

test_no_rule_has_two_places if count(order.refusals) == count({rule | some rule in order.refusals})

test_a_rule_without_a_place_comes_last if {
	every rule in order.refusals {
		order.rank(rule) < order.rank("office_hours")
	}
}

# The order of A6, and within it that of A4.
test_proxy_wide_routes_come_before_the_form_of_the_request if order.rank("proxy_routes") < order.rank("well_formed")

test_the_form_of_the_request_comes_before_the_admin_paths if order.rank("well_formed") < order.rank("admin_only")

test_the_admin_paths_come_before_the_levels if order.rank("admin_only") < order.rank("key_active")

test_the_levels_keep_their_order if {
	levels := [
		"key_active",
		"key_model_access",
		"key_expiry",
		"key_routes",
		"team_active",
		"team_model_access",
		"user_active",
		"user_role",
		"user_model_access",
	]
	ranks := [order.rank(level) | some level in levels]
	ranks == sort(ranks)
}

test_a_missing_team_comes_with_the_teams_level if {
	order.rank("key_routes") < order.rank("team_exists")
	order.rank("team_exists") < order.rank("team_active")
}

test_an_owner_without_personal_models_comes_with_the_owners_list if {
	order.rank("user_role") < order.rank("user_default_models")
	order.rank("user_default_models") < order.rank("user_model_access")
}

test_the_levels_come_before_names_that_differ if order.rank("user_model_access") < order.rank("names_agree")

test_names_that_differ_come_before_an_unknown_model if order.rank("names_agree") < order.rank("model_known")
