package modelward.lib.order_test

import data.modelward.lib.order
import data.modelward.testing_test as given

test_the_place_is_that_of_the_catalogue if {
	order.rank("key_active") == 7 with data.catalog.order as {"key_active": 7}
}

test_a_rule_without_a_place_comes_after_all_others if {
	every rule in given.refusals {
		order.rank(rule) < order.rank("office_hours") with data.catalog as given.catalog
	}
}

test_a_rule_has_a_place_where_the_catalogue_has_none if {
	every catalog in [{}, {"order": {}}, {"order": null}, {"order": ["key_active"]}, {"order": "key_active"}] {
		order.rank("key_active") == 1000000 with data.catalog as catalog
	}
}

test_no_rule_has_two_places if count(given.refusals) == count({rule | some rule in given.refusals})

test_every_place_is_that_of_a_rule_that_denies if {
	denying := {rule | data.modelward.rules[rule].deny} | {rule | data.modelward.token_rules[rule].deny}
	{rule | some rule in given.refusals} - denying == {
		"no_grant", "provider_not_configured", "provider_not_spoken", "rule_malformed",
	}
}
