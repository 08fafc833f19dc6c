package modelward.lib.grant_test

import data.modelward.lib.grant
import data.modelward.testing_test as given

# Facts that are missing.

test_an_absent_list_covers_nothing if {
	not _covered_by_key with input as given.without(given.call, "/caller/key/models") with data.catalog as given.catalog
}

test_a_list_covers_what_is_in_it if {
	_covered_by_key with input as given.changed(given.call, {"/caller/key/models": ["gpt-4"]})
		with data.catalog as given.catalog
}

test_a_list_of_another_type_covers_nothing if {
	every list in [null, true, 4, "gpt-4", {"models": "gpt-4"}, {"gpt-4": "*"}] {
		not _covered_by_key with input as given.changed(given.call, {"/caller/key/models": list})
			with data.catalog as given.catalog
	}
}

test_items_that_are_no_texts_cover_nothing if {
	items := [null, true, 4, ["gpt-4"], {"*": "*"}]
	not _covered_by_key with input as given.changed(given.call, {"/caller/key/models": items})
		with data.catalog as given.catalog
}

test_an_empty_list_covers_nothing_while_the_setting_is_unknown if {
	not _cover([], "gpt-4", given.without(given.catalog, "/settings/empty_list"))
	not _cover([], "gpt-4", given.changed(given.catalog, {"/settings/empty_list": null}))
	not _cover([], "gpt-4", given.changed(given.catalog, {"/settings/empty_list": true}))
}

test_without_a_catalogue_a_group_covers_nothing if not _cover(["beta"], "gpt-4", {})

test_a_list_covers_only_what_the_request_names if {
	not grant.cover(["gpt-4o"], "gpt-4o") with input as given.call with data.catalog as given.catalog
}

# Everything (G2).

test_a_star_covers_every_model if _cover(["*"], "gpt-4", given.catalog) == {"by": "*", "groups": []}

test_all_proxy_models_covers_every_model if {
	_cover(["all-proxy-models"], "gpt-4", given.catalog) == {"by": "all-proxy-models", "groups": []}
}

# The name itself (G3).

test_a_name_covers_its_model if _cover(["gpt-4o", "gpt-4"], "gpt-4", given.catalog) == {"by": "gpt-4", "groups": []}

test_a_name_covers_no_other_model if {
	every item in ["gpt-4o", "gpt", "GPT-4", " gpt-4", "gpt-4 "] {
		not _cover([item], "gpt-4", given.catalog)
	}
}

test_a_bare_name_does_not_cover_the_prefixed_one if {
	not _cover(["gpt-4"], "openai/gpt-4", given.catalog_of({"openai/*": {"d1": []}}, ["openai/*"]))
}

test_a_prefixed_name_does_not_cover_the_bare_one if not _cover(["openai/gpt-4"], "gpt-4", given.catalog)

test_a_name_covers_a_model_that_no_entry_bears if _cover(["ghost"], "ghost", given.catalog).by == "ghost"

test_a_global_alias_is_covered_by_its_own_name if _cover(["house"], "house", _aliased).by == "house"

test_a_global_alias_is_covered_by_its_target if _cover(["gpt-4o"], "house", _aliased).by == "gpt-4o"

test_a_global_alias_is_not_covered_by_another_model if not _cover(["gpt-4"], "house", _aliased)

test_a_global_alias_does_not_cover_its_target if not _cover(["house"], "gpt-4o", _aliased)

test_a_key_alias_is_covered_by_its_target if _key_alias(["gpt-4o"]).by == "gpt-4o"

test_a_key_alias_is_not_covered_by_its_own_name if not _key_alias(["mine"])

# Patterns (G5).

test_a_pattern_covers_the_names_that_it_matches if _cover(["gpt-*"], "gpt-4", given.catalog).by == "gpt-*"

test_a_pattern_covers_no_other_name if not _cover(["my-*"], "gpt-4", given.catalog)

test_a_pattern_covers_a_bare_name_under_its_provider if {
	_cover(["openai/*"], "gpt-4", given.catalog).by == "openai/*"
	not _cover(["anthropic/*"], "gpt-4", given.catalog)
}

test_a_pattern_covers_no_name_that_no_provider_claims if {
	not _cover(["openai/*"], "my-gpt", given.catalog_of({"my-gpt": {"d1": []}}, []))
}

test_a_pattern_covers_a_name_whichever_entry_it_resolves_to if {
	tiers := given.catalog_of({"openai/*": {"d1": []}, "openai/o1-*": {"d2": []}}, ["openai/o1-*", "openai/*"])
	_cover(["openai/*"], "openai/o1-mini", tiers).by == "openai/*"
}

test_a_pattern_covers_the_target_of_a_global_alias if _cover(["openai/*"], "house", _aliased).by == "openai/*"

test_a_pattern_with_the_characters_of_an_expression_is_text if {
	not _cover(["gpt-.*"], "gpt-4", given.catalog)
	not _cover(["*|gpt-4"], "gpt-4", given.catalog)
	not _cover(["*(*"], "gpt-4", given.catalog)
}

# Items that mean nothing (G6-G8).

test_an_item_that_names_nothing_known_covers_nothing if {
	not _cover(["nothing"], "gpt-4", given.catalog)
	_cover(["nothing", "gpt-4"], "gpt-4", given.catalog).by == "gpt-4"
}

test_no_default_models_covers_nothing_and_other_items_still_count if {
	not _cover(["no-default-models"], "gpt-4", given.catalog)
	_cover(["no-default-models", "gpt-4"], "gpt-4", given.catalog).by == "gpt-4"
}

test_all_team_models_is_no_item_of_the_matcher if not _cover(["all-team-models"], "gpt-4", given.catalog)

# A team's own deployment (C6).

test_a_teams_deployment_is_covered_by_either_of_its_names if {
	every item in ["shared", "model_name_t1"] {
		_private([item], "shared").by == item
		_private([item], "model_name_t1").by == item
	}
}

test_a_teams_deployment_is_covered_by_no_common_name if not _private(["gpt-4"], "shared")

_covered_by_key if grant.cover(input.caller.key.models, "gpt-4")

_aliased := given.changed(given.catalog, {"/aliases": {"house": {"target": "gpt-4o", "hidden": false}}})

_cover(list, model, source) := found if {
	found := grant.cover(list, model) with input as given.asking([model]) with data.catalog as source
}

_key_alias(list) := found if {
	asking := given.changed(given.asking(["mine"]), {"/caller/key/aliases": {"mine": "gpt-4o"}})
	found := grant.cover(list, "mine") with input as asking with data.catalog as given.catalog
}

_private(list, model) := found if {
	own := given.scope({"shared": {"own": []}}, {}, {"model_name_t1": "shared"})
	asking := given.changed(given.team_call, {"/request/models": [model]})
	found := grant.cover(list, model) with input as asking
		with data.catalog as given.changed(given.catalog, {"/teams/t1": own})
}

# Special names (C7, G8).

test_a_special_name_covers_no_request_for_a_model_of_that_name if {
	every name in ["no-default-models", "all-team-models"] {
		not _covered_by_name(name) with input as given.changed(given.asking([name]), {"/caller/key/models": [name]})
			with data.catalog as given.catalog
	}
}

test_a_special_name_that_is_an_entry_covers_it if {
	_covered_by_name("no-default-models") with input as given.changed(given.asking(["no-default-models"]), {
		"/caller/key/models": ["no-default-models"],
	})
		with data.catalog as given.catalog_of({"no-default-models": {"d1": []}}, [])
}

test_what_covers_is_the_first_name_in_order if {
	aliased := given.changed(given.catalog, {"/aliases": {"smart": {"target": "gpt-4", "hidden": false}}})
	grant.cover(["smart", "gpt-4"], "smart").by == "gpt-4" with input as given.asking(["smart"])
		with data.catalog as aliased
}

_covered_by_name(name) if grant.cover(input.caller.key.models, name)
