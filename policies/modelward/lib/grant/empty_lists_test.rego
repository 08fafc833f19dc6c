package modelward.lib.grant_test

import data.modelward.lib.grant
import data.modelward.testing_test as given

# No restriction (G1).

test_an_empty_list_covers_every_model if {
	_cover([], "gpt-4", given.catalog) == {"by": "no restriction", "groups": []}
}

test_an_empty_list_covers_nothing_where_the_config_says_so if {
	not _cover([], "gpt-4", given.changed(given.catalog, {"/settings/empty_list": "deny"}))
}

test_a_list_of_one_empty_text_is_not_empty if not _cover([""], "gpt-4", given.catalog)

test_an_empty_list_covers_nothing_for_a_layer_that_it_does_not_bind if {
	not grant.cover_only([], "gpt-4") with input as given.call with data.catalog as given.catalog
}

test_a_list_covers_the_same_for_a_layer_that_an_empty_one_does_not_bind if {
	grant.cover_only(["gpt-4"], "gpt-4").by == "gpt-4" with input as given.call with data.catalog as given.catalog
	not grant.cover_only(["gpt-4o"], "gpt-4") with input as given.call with data.catalog as given.catalog
}

test_an_empty_list_is_open if grant.open([]) with data.catalog as given.catalog

test_no_other_list_is_open if {
	every list in [[""], ["*"], ["gpt-4"], null, "", {}] {
		not grant.open(list) with data.catalog as given.catalog
	}
}

test_an_empty_list_is_not_open_where_the_config_says_so_or_says_nothing if {
	not grant.open([]) with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
	not grant.open([]) with data.catalog as {}
}
