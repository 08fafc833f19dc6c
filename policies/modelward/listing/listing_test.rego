package modelward.listing_test

import data.modelward.access
import data.modelward.listing
import data.modelward.testing_test as given

test_there_is_no_listing_without_a_revision if {
	not listing.listing with input as given.list_call with data.catalog as given.without(given.catalog, "/revision")
}

test_no_model_is_shown_without_a_caller if {
	_models(given.without(given.list_call, "/caller"), given.catalog) == []
}

test_no_model_is_shown_to_a_key_without_a_list if {
	_models(given.without(given.list_call, "/caller/key/models"), given.catalog) == []
}

test_no_model_is_shown_to_a_blocked_key if {
	_models(given.changed(given.list_call, {"/caller/key/blocked": true}), given.catalog) == []
}

test_a_listing_says_its_revision if {
	shown := listing.listing with input as given.list_call with data.catalog as _grouped
	shown == {"models": {"gpt-4", "gpt-4o"}, "groups": {"beta", "vip"}, "revision": "r1"}
}

test_a_key_sees_the_models_of_its_list if {
	_models(given.changed(given.list_call, {"/caller/key/models": ["gpt-4"]}), given.catalog) == ["gpt-4"]
}

test_a_key_sees_the_models_of_its_groups_but_not_the_groups_name if {
	_models(given.changed(given.list_call, {"/caller/key/models": ["beta"]}), _grouped) == ["gpt-4"]
}

test_a_list_that_names_nothing_known_shows_nothing if {
	_models(given.changed(given.list_call, {"/caller/key/models": ["ghost"]}), given.catalog) == []
}

test_every_layer_must_cover_what_is_shown if {
	team := given.changed(given.listed(given.team_call), {"/caller/team/models": ["gpt-4"]})
	_models(team, given.catalog) == ["gpt-4"]
	_models(given.changed(team, {"/caller/key/models": ["all-team-models"]}), given.catalog) == ["gpt-4"]
	_models(given.changed(team, {"/caller/key/models": ["gpt-4o"]}), given.catalog) == []
}

test_all_team_models_without_a_team_shows_everything if {
	left := given.changed(given.list_call, {"/caller/key/models": ["all-team-models"]})
	_models(left, given.catalog) == ["gpt-4", "gpt-4o"]
}

test_an_owner_without_personal_models_sees_nothing if {
	owned := given.changed(given.listed(given.owned_call), {"/caller/user/models": ["gpt-4", "no-default-models"]})
	_models(owned, given.catalog) == []
	_groups(owned, _grouped) == []
}

test_the_master_key_sees_every_common_model if {
	_models(given.listed(given.master_call), _private) == ["gpt-4", "gpt-4o"]
}

test_a_view_only_admin_sees_what_its_lists_cover if {
	viewer := given.changed(given.listed(given.owned_call), {"/caller/user/user_role": "proxy_admin_viewer"})
	_models(viewer, given.catalog) == ["gpt-4", "gpt-4o"]
}

test_a_route_list_that_permits_the_listing_does_not_empty_it if {
	routed := given.changed(given.list_call, {"/caller/key/allowed_routes": ["/v1/models"]})
	_models(routed, given.catalog) == ["gpt-4", "gpt-4o"]
}

test_a_team_sees_its_own_deployment_under_its_public_name if {
	_models(given.listed(given.team_call), _private) == ["gpt-4", "gpt-4o", "shared"]
}

test_no_other_caller_sees_a_teams_deployment if {
	_models(given.list_call, _private) == ["gpt-4", "gpt-4o"]
}

test_aliases_are_shown_unless_hidden if {
	aliased := given.changed(given.catalog, {"/aliases": {
		"house": {"target": "gpt-4", "hidden": false},
		"secret": {"target": "gpt-4", "hidden": true},
	}})
	_models(given.list_call, aliased) == ["gpt-4", "gpt-4o", "house"]
}

test_an_alias_whose_target_is_unknown_or_not_covered_is_not_shown if {
	aliased := given.changed(given.list_call, {
		"/caller/key/aliases": {"mine": "gpt-4", "lost": "ghost", "other": "gpt-4o"},
		"/caller/key/models": ["gpt-4"],
	})
	_models(aliased, given.catalog) == ["gpt-4", "mine"]
}

test_a_wildcard_entry_is_not_shown if _models(given.list_call, _wildcards) == ["gpt-4"]

test_a_wildcard_entry_is_shown_on_request if {
	_models(given.changed(given.list_call, {"/request/wildcards": true}), _wildcards) == ["gpt-4", "openai/*"]
}

test_a_wildcard_entry_that_the_list_does_not_cover_is_not_shown if {
	limited := given.changed(given.list_call, {"/request/wildcards": true, "/caller/key/models": ["openai/o1-*"]})
	_models(limited, _wildcards) == []
}

test_what_is_shown_is_what_may_be_called if {
	limited := given.changed(given.team_call, {
		"/caller/key/models": ["beta", "vip", "ghost"],
		"/caller/team/models": ["gpt-4o", "beta"],
		"/caller/team/model_aliases": {"fast": "gpt-4o", "slow": "ghost"},
	})
	names := ["gpt-4", "gpt-4o", "fast", "slow", "ghost", "beta", "vip"]
	callable := {name | some name in names; _callable(limited, name)}
	callable == {"gpt-4", "gpt-4o", "fast"}
	{name | some name in _models(given.listed(limited), _grouped)} == callable
}

# Groups (V3).

test_the_groups_are_those_that_every_list_holds_or_leaves_open if {
	team := given.changed(given.listed(given.team_call), {
		"/caller/key/models": ["beta", "vip"],
		"/caller/team/models": ["vip", "gpt-4"],
	})
	_groups(team, _grouped) == ["vip"]
	_groups(given.changed(team, {"/caller/key/models": []}), _grouped) == ["vip"]
	_groups(given.changed(team, {"/caller/key/models": ["all-team-models"]}), _grouped) == ["vip"]
	_groups(given.changed(team, {"/caller/team/models": ["all-team-models"]}), _grouped) == ["beta", "vip"]
	_groups(given.changed(team, {"/caller/team/models": ["all-proxy-models"]}), _grouped) == ["beta", "vip"]
}

test_no_group_is_shown_without_a_caller if {
	_groups(given.without(given.list_call, "/caller"), _grouped) == []
}

test_a_list_of_names_alone_shows_no_group if {
	_groups(given.changed(given.list_call, {"/caller/key/models": ["gpt-4"]}), _grouped) == []
}

test_a_group_that_the_catalogue_does_not_hold_is_not_shown if {
	_groups(given.changed(given.list_call, {"/caller/key/models": ["ghosts"]}), _grouped) == []
}

test_the_owners_list_of_a_team_key_hides_no_group if {
	team := given.changed(given.with_owner(given.listed(given.team_call)), {"/caller/user/models": ["gpt-4"]})
	_groups(team, _grouped) == ["beta", "vip"]
}

_grouped := given.catalog_of({"gpt-4": {"d1": ["beta"]}, "gpt-4o": {"d2": ["vip"]}}, [])

_wildcards := given.catalog_of({"gpt-4": {"d1": []}, "openai/*": {"d2": []}}, ["openai/*"])

_private := given.changed(given.catalog, {"/teams": {
	"t1": given.scope({"shared": {"own": []}}, {}, {"model_name_t1": "shared"}),
	"t2": given.scope({"theirs": {"other": []}}, {}, {}),
}})

_models(asking, source) := shown if {
	found := listing.models with input as asking with data.catalog as source
	shown := sort(found)
}

_groups(asking, source) := shown if {
	found := listing.groups with input as asking with data.catalog as source
	shown := sort(found)
}

_callable(call, name) if {
	access.allow with input as given.changed(call, {"/request/models": [name]}) with data.catalog as _grouped
}

test_a_listing_with_wildcards_shows_no_alias_that_cannot_be_called if {
	wildcards := given.catalog_of({"openai/*": {"d1": []}}, ["openai/*"])
	asking := given.changed(given.list_call, {
		"/request/wildcards": true,
		"/caller/key/aliases": {"any": "openai/*", "my*": "openai/gpt-4"},
	})
	listing.models == {"openai/*"} with input as asking with data.catalog as wildcards
}

test_a_hidden_alias_of_an_entrys_name_is_not_listed if {
	aliased := given.changed(given.catalog, {"/aliases": {"gpt-4": {"target": "gpt-4o", "hidden": true}}})
	listing.models == {"gpt-4o"} with input as given.list_call with data.catalog as aliased
}
