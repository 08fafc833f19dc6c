package modelward.lib.grant_test

import data.modelward.lib.grant
import data.modelward.testing_test as given

# Access groups (G4).

test_a_list_holds_the_groups_in_it if {
	grant.holds(["beta"], "beta")
	not grant.holds(["vip"], "beta")
}

test_what_is_no_list_holds_no_group if {
	every list in [null, "beta", {"models": "beta"}, {"models": "*"}] {
		not grant.holds(list, "beta")
	}
}

test_a_group_covers_the_models_in_it if {
	_cover(["beta"], "gpt-4", _grouped) == {"by": "beta", "groups": ["beta"]}
}

test_a_group_covers_no_other_model if not _cover(["beta"], "gpt-4o", _grouped)

test_all_the_groups_that_cover_are_told if {
	_cover(["vip", "none", "beta"], "gpt-4", _grouped) == {"by": "vip", "groups": ["vip", "beta"]}
}

test_a_name_beside_a_group_leaves_every_deployment_open if {
	_cover(["beta", "gpt-4"], "gpt-4", _grouped) == {"by": "gpt-4", "groups": []}
}

test_a_group_covers_the_alias_of_a_model_in_it if {
	_cover(["beta"], "house", given.changed(_grouped, {"/aliases": {"house": {
		"target": "gpt-4",
		"hidden": false,
	}}})).by == "beta"
}

test_only_the_group_of_the_resolved_entry_counts if {
	tiers := given.catalog_of(
		{"openai/*": {"d1": ["default"]}, "openai/o1-*": {"d2": ["restricted"]}},
		["openai/o1-*", "openai/*"],
	)
	_cover(["restricted"], "openai/o1-mini", tiers).by == "restricted"
	not _cover(["default"], "openai/o1-mini", tiers)
}

test_the_group_of_a_catch_all_entry_does_not_cover_an_entry_of_its_own if {
	not _cover(["everything"], "gpt-4", given.catalog_of({"*": {"d1": ["everything"]}, "gpt-4": {"d2": []}}, ["*"]))
}

test_a_group_covers_a_bare_name_under_its_provider if {
	_cover(["default"], "gpt-4o", given.catalog_of({"openai/*": {"d1": ["default"]}}, ["openai/*"])).by == "default"
}

test_a_group_named_like_an_entry_means_both if {
	both := given.catalog_of({"beta": {"d1": []}, "gpt-4": {"d2": ["beta"]}}, [])
	_cover(["beta"], "beta", both) == {"by": "beta", "groups": []}
	_cover(["beta"], "gpt-4", both) == {"by": "beta", "groups": ["beta"]}
}

# The groups of a listing (V3).

test_an_open_list_holds_every_group if {
	grant.holds([], "beta") with data.catalog as given.catalog
	grant.holds(["*"], "beta")
	grant.holds(["gpt-4", "all-proxy-models"], "beta")
}

test_an_empty_list_holds_no_group_where_the_config_says_so if {
	not grant.holds([], "beta") with data.catalog.settings.empty_list as "deny"
}

test_a_list_holds_the_groups_in_it if grant.holds(["gpt-4", "beta"], "beta")

test_a_list_holds_no_other_group if {
	not grant.holds(["gpt-4", "beta"], "vip")
	not grant.holds(["v*"], "vip")
	not grant.holds([""], "vip")
}

_grouped := given.catalog_of({"gpt-4": {"d1": ["beta"], "d2": ["vip"]}, "gpt-4o": {"d3": []}}, [])
