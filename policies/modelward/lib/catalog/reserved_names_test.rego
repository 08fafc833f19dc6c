package modelward.lib.catalog_test

import data.modelward.lib.catalog
import data.modelward.testing_test as given

test_a_group_is_no_model_even_with_a_catch_all_entry if not _entry("restricted", _catch_all)

test_a_special_name_is_no_model_even_with_a_catch_all_entry if {
	every name in ["no-default-models", "all-team-models", "all-proxy-models"] {
		not _entry(name, _catch_all)
	}
}

test_a_catch_all_entry_takes_every_other_name if _entry("anything", _catch_all).name == "*"

test_a_group_that_is_also_an_entry_is_a_model if {
	both := given.catalog_of({"beta": {"d1": []}, "gpt-4": {"d2": ["beta"]}}, [])
	_entry("beta", both).name == "beta"
}

test_an_entry_with_a_special_name_is_a_model if {
	special := given.catalog_of({"all-team-models": {"d1": []}}, [])
	_entry("all-team-models", special).name == "all-team-models"
}

test_an_alias_named_like_a_group_is_unknown if {
	not _changed_entry("restricted", {"/caller/key/aliases": {"restricted": "gpt-4"}}, _catch_all)
}

_catch_all := given.catalog_of({"*": {"d1": []}, "gpt-4": {"d2": ["restricted"]}}, ["*"])

test_a_teams_own_name_that_is_also_a_group_is_a_model if {
	own := given.scope({"public": {"own": []}}, {}, {"beta": "public"})
	both := given.changed(given.catalog_of({"gpt-4": {"d1": ["beta"]}}, []), {"/teams/t1": own})
	catalog.entry.beta.name == "public" with input as given.changed(given.team_call, {"/request/models": ["beta"]})
		with data.catalog as both
}

test_an_alias_named_like_a_group_is_judged_by_that_name_alone if {
	aliased := given.changed(given.catalog, {
		"/aliases": {"beta": {"target": "gpt-4o", "hidden": false}},
		"/reserved": {"beta": true},
	})
	catalog.names.beta == {"all-proxy-models", "beta"} with input as given.asking(["beta"]) with data.catalog as aliased
}

test_a_callers_alias_named_like_a_group_is_judged_by_that_name_alone if {
	every changes in [
		{"/caller/key/aliases": {"restricted": "gpt-4"}},
		{"/caller/team/model_aliases": {"restricted": "gpt-4"}},
	] {
		asking := given.changed(_as_team("t1", ["restricted"]), changes)
		catalog.names.restricted == {"all-proxy-models", "restricted"} with input as asking with data.catalog as _catch_all
	}
}

test_a_listing_with_wildcards_knows_no_group_as_a_model if {
	listing := given.changed(given.list_call, {"/request/models": ["restricted", "*"], "/request/wildcards": true})
	entries := catalog.entry with input as listing with data.catalog as _catch_all
	object.keys(entries) == {"*"}
}
