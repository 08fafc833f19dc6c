package modelward.token_rules.scope_model_access_test

import data.modelward.testing_test as given
import data.modelward.token_rules.scope_model_access

test_a_model_is_refused_while_the_settings_are_unknown if {
	count(scope_model_access.deny) == 1 with input as _holding(["chat"]) with data.catalog as {}
	every path in ["/tokens/scopes", "/tokens/scopes/0/scope", "/tokens/scopes/0/models", "/tokens/scopes/0/routes"] {
		count(scope_model_access.deny) == 1 with input as _holding(["chat"])
			with data.catalog as given.without(_mapping([["chat", ["gpt-4"], null]]), path)
	}
}

test_scopes_are_enforced_while_the_setting_is_unknown if {
	count(scope_model_access.deny) == 1 with input as given.token_call
		with data.catalog as given.without(given.catalog, "/tokens/enforce_scopes")
}

test_a_setting_of_another_type_is_refused if {
	every enforcing in [null, "no", 0] {
		count(scope_model_access.deny) == 1 with input as given.token_call
			with data.catalog as given.catalog_with_tokens({"enforce_scopes": enforcing})
	}
}

test_a_token_that_does_not_say_its_scopes_is_refused if {
	count(scope_model_access.deny) == 1 with input as given.without(given.token_call, "/caller/token/scopes")
		with data.catalog as _mapping([["chat", ["gpt-4"], null]])
}

test_a_token_without_scopes_is_refused_and_the_model_named if {
	scope_model_access.deny == {concat("", [
		"the scopes of this token do not cover model `gpt-4`; ",
		"GET /v1/models lists what this caller may call",
	])} with input as given.token_call with data.catalog as _mapping([["chat", ["gpt-4"], null]])
}

test_scopes_compare_whole_and_exact if {
	every scope in ["cha", "chats", "Chat", " chat", "chat,other"] {
		count(scope_model_access.deny) == 1 with input as _holding([scope])
			with data.catalog as _mapping([["chat", ["gpt-4"], null]])
	}
}

test_an_empty_list_adds_nothing if {
	count(scope_model_access.deny) == 1 with input as _holding(["chat"]) with data.catalog as _mapping([["chat", [], null]])
}

test_a_scope_for_another_route_adds_nothing if {
	count(scope_model_access.deny) == 1 with input as _holding(["chat"])
		with data.catalog as _mapping([["chat", ["gpt-4"], ["/v1/embeddings"]]])
}

test_an_admins_token_is_bound_too if {
	count(scope_model_access.deny) == 1 with input as given.as_admin(given.token_call)
		with data.catalog as _mapping([["chat", ["gpt-4"], null]])
}

test_every_model_must_be_covered if {
	several := given.changed(_holding(["chat"]), {"/request/models": ["gpt-4", "gpt-4o"]})
	count(scope_model_access.deny) == 1 with input as several with data.catalog as _mapping([["chat", ["gpt-4"], null]])
}

test_a_model_of_a_scope_passes if {
	source := _mapping([["chat", ["gpt-4"], null]])
	scope_model_access.deny == set() with input as _holding(["chat"]) with data.catalog as source
	scope_model_access.grants == {"gpt-4": {"by": "gpt-4", "groups": []}} with input as _holding(["chat"])
		with data.catalog as source
}

test_the_models_of_all_scopes_count_together if {
	several := given.changed(_holding(["chat", "more"]), {"/request/models": ["gpt-4", "gpt-4o"]})
	scope_model_access.deny == set() with input as several
		with data.catalog as _mapping([["chat", ["gpt-4"], null], ["more", ["gpt-4o"], null]])
}

test_a_pattern_of_a_scope_covers_what_it_matches if {
	scope_model_access.deny == set() with input as _holding(["chat"]) with data.catalog as _mapping([["chat", ["gpt-*"], null]])
}

test_a_scope_for_this_route_counts if {
	scope_model_access.deny == set() with input as _holding(["chat"])
		with data.catalog as _mapping([["chat", ["gpt-4"], ["/v1/chat/completions"]]])
}

# On a listing a scope counts if any of its routes may hold a call (V2).

test_a_listing_is_refused_while_the_operation_or_the_routes_are_unknown if {
	source := _mapping([["chat", ["gpt-4"], ["/v1/chat/completions"]]])
	count(scope_model_access.deny) == 1 with input as given.without(_listing, "/request/operation") with data.catalog as source
	every routes in [[], "/v1/embeddings", [null], [7], true] {
		count(scope_model_access.deny) == 1 with input as _listing
			with data.catalog as given.changed(source, {"/tokens/scopes/0/routes": routes})
	}
}

test_a_listing_shows_what_may_be_called_on_any_route if {
	every item in ["/v1/chat/completions", "/v1/*", "/v1/chat/{kind}", "llm_api_routes", "openai_routes"] {
		scope_model_access.deny == set() with input as _listing with data.catalog as _mapping([["chat", ["gpt-4"], [item]]])
	}
	scope_model_access.deny == set() with input as _listing
		with data.catalog as _mapping([["chat", ["gpt-4"], ["info_routes", "/v1/chat/completions"]]])
}

test_a_listing_outside_the_groups_of_calls_shows_what_those_groups_hold if {
	listing := given.changed(_listing, {"/request/path": "/model/info", "/request/segments": [["", "model", "info"]], "/request/groups": ["info_routes"]})
	every item in ["llm_api_routes", "openai_routes"] {
		scope_model_access.deny == set() with input as listing with data.catalog as _mapping([["chat", ["gpt-4"], [item]]])
	}
}

test_a_listing_shows_nothing_that_may_only_be_listed if {
	every item in [
		"/models",
		"/models/{model}",
		"/v1/models/{model}",
		"/model/info",
		"/v1/model/info",
		"/model_group/info",
		"/v1/models",
		"info_routes",
		"management_routes",
	] {
		count(scope_model_access.deny) == 1 with input as _listing with data.catalog as _mapping([["chat", ["gpt-4"], [item]]])
	}
}

test_no_scope_is_asked_for_where_the_config_does_not_enforce_them if {
	scope_model_access.deny == set() with input as given.token_call with data.catalog as given.catalog
	scope_model_access.grants == {} with input as given.token_call with data.catalog as given.catalog
}

test_the_list_that_binds_is_that_of_all_scopes_together if {
	scope_model_access.list == ["", "gpt-4", "beta"] with input as _holding(["chat", "more"])
		with data.catalog as _mapping([["chat", ["gpt-4"], null], ["more", ["beta"], null], ["other", ["*"], null]])
}

test_no_list_binds_where_scopes_are_not_enforced if {
	not scope_model_access.list with input as given.token_call with data.catalog as given.catalog
}

_listing := given.changed(given.listed(_holding(["chat"])), {"/request/models": ["gpt-4"]})

_holding(scopes) := given.changed(given.token_call, {"/caller/token/scopes": scopes})

_mapping(rows) := given.catalog_with_tokens({
	"enforce_scopes": true,
	"scopes": [{"scope": row[0], "models": row[1], "routes": row[2]} | some row in rows],
})
