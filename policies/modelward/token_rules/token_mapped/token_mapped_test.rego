package modelward.token_rules.token_mapped_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_mapped

test_a_token_that_says_nothing_is_refused if {
	count(token_mapped.deny) == 1 with input as {} with data.catalog as given.catalog
}

test_a_token_that_stands_for_nobody_is_refused_while_the_leave_is_unknown if {
	count(token_mapped.deny) == 1 with input as _nobody
		with data.catalog as given.without(given.catalog, "/tokens/allow_unmapped")
	count(token_mapped.deny) == 1 with input as _nobody with data.catalog as given.catalog_with_tokens({"allow_unmapped": "yes"})
}

test_a_token_that_stands_for_nobody_is_refused if {
	refusal := "this token maps to no role, team, user or scope of this proxy; ask the proxy's admin"
	token_mapped.deny == {refusal} with input as _nobody with data.catalog as given.catalog
}

test_a_token_that_stands_for_nobody_is_granted_nothing if {
	token_mapped.grants == {} with input as _nobody with data.catalog as given.catalog
}

test_a_scope_that_no_mapping_names_stands_for_nobody if {
	count(token_mapped.deny) == 1 with input as _with_scope with data.catalog as given.catalog
}

test_a_token_with_a_role_passes if {
	token_mapped.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_the_role_grants_in_place_of_this_rule if {
	token_mapped.grants == {} with input as given.token_call with data.catalog as given.catalog
}

test_a_token_without_role_passes_as_its_team_its_user_or_its_scope if {
	every document in [_with_team, _with_user, _with_scope] {
		token_mapped.deny == set() with input as document with data.catalog as _mapping_scope
		token_mapped.grants == {"gpt-4": {"by": "token", "groups": []}} with input as document
			with data.catalog as _mapping_scope
	}
}

test_a_token_that_stands_for_nobody_passes_where_the_config_lets_it_in if {
	source := given.catalog_with_tokens({"allow_unmapped": true})
	token_mapped.deny == set() with input as _nobody with data.catalog as source
	token_mapped.grants == {"gpt-4": {"by": "token", "groups": []}} with input as _nobody with data.catalog as source
}

_nobody := given.changed(given.token_call, {"/caller/token/user_id": null})

_with_team := given.changed(_nobody, {"/caller/team": given.team("t1")})

_with_user := given.changed(_nobody, {"/caller/user": given.user("u1")})

_with_scope := given.changed(_nobody, {"/caller/token/scopes": ["chat"]})

_mapping_scope := given.catalog_with_tokens({"scopes": [{"scope": "chat", "models": [], "routes": null}]})
