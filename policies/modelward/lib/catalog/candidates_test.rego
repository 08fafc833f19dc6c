package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

test_a_listing_asks_about_the_entries if {
	catalog.candidates == {"gpt-4", "gpt-4o"} with input as given.list_call with data.catalog as given.catalog
}

test_a_listing_asks_about_the_callers_own_names if {
	listing := given.changed(given.listed(given.team_call), {
		"/caller/key/aliases": {"mine": "gpt-4"},
		"/caller/team/model_aliases": {"fast": "gpt-4"},
	})
	catalog.candidates == {"gpt-4", "gpt-4o", "mine", "fast", "shared"} with input as listing
		with data.catalog as _private
}

test_a_listing_asks_about_no_other_teams_names if {
	catalog.candidates == {"gpt-4", "gpt-4o"} with input as given.list_call with data.catalog as _private
}

test_a_listing_asks_about_global_aliases_unless_hidden if {
	aliased := given.changed(given.catalog, {"/aliases": {
		"house": {"target": "gpt-4", "hidden": false},
		"secret": {"target": "gpt-4", "hidden": true},
		"unclear": {"target": "gpt-4"},
	}})
	catalog.candidates == {"gpt-4", "gpt-4o", "house"} with input as given.list_call with data.catalog as aliased
}

test_a_listing_asks_about_no_entry_whose_name_a_hidden_alias_has if {
	hidden := given.changed(_private, {"/aliases/gpt-4": {"target": "gpt-4o", "hidden": true}})
	catalog.candidates == {"gpt-4o", "shared"} with input as given.listed(given.team_call) with data.catalog as hidden
	own := given.changed(_private, {"/aliases/shared": {"target": "gpt-4o", "hidden": true}})
	catalog.candidates == {"gpt-4", "gpt-4o"} with input as given.listed(given.team_call) with data.catalog as own
}

test_a_listing_asks_about_no_alias_that_holds_a_star if {
	every wildcards in [false, true] {
		listing := given.changed(given.list_call, {
			"/caller/key/aliases": {"mine": "gpt-4", "my-*": "gpt-4"},
			"/request/wildcards": wildcards,
		})
		catalog.candidates == {"gpt-4", "gpt-4o", "mine"} with input as listing with data.catalog as given.catalog
	}
}

test_a_listing_asks_about_no_patterns if {
	catalog.candidates == set() with input as given.list_call with data.catalog as _wildcards
}

test_a_listing_asks_about_the_patterns_of_the_callers_team_on_request_too if {
	patterns := given.changed(given.catalog, {"/teams/t1": given.scope({"ours/*": {"own": []}}, {"ours/*": 0}, {})})
	listing := given.listed(given.team_call)
	catalog.candidates == {"gpt-4", "gpt-4o"} with input as listing with data.catalog as patterns
	catalog.candidates == {"gpt-4", "gpt-4o", "ours/*"} with input as given.changed(listing, {"/request/wildcards": true})
		with data.catalog as patterns
}

test_a_listing_asks_about_patterns_on_request if {
	listing := given.changed(given.list_call, {"/request/wildcards": true})
	catalog.candidates == {"openai/*", "openai/o1-*"} with input as listing with data.catalog as _wildcards
}

test_the_groups_are_those_of_the_entries_a_caller_may_see if {
	grouped := given.changed(_wildcards, {
		"/teams/t1": given.scope({"shared": {"own": ["ours"]}}, {}, {}),
		"/teams/t2": given.scope({"shared": {"other": ["theirs"]}}, {}, {}),
	})
	catalog.candidate_groups == {"default", "restricted"} with input as given.list_call with data.catalog as grouped
	catalog.candidate_groups == {"default", "restricted", "ours"} with input as given.listed(given.team_call)
		with data.catalog as grouped
}
