package modelward.token_rules.token_role_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_role

test_a_token_without_role_is_refused_while_the_setting_is_unknown if {
	count(token_role.deny) == 1 with input as _nobody with data.catalog as {}
	every enforcing in [null, "no", 0] {
		count(token_role.deny) == 1 with input as _nobody
			with data.catalog as given.catalog_with_tokens({"enforce_roles": enforcing})
	}
}

test_a_token_without_role_is_refused_where_roles_are_enforced if {
	refusal := "this token has no role at this proxy; ask the proxy's admin"
	token_role.deny == {refusal} with input as _nobody with data.catalog as _enforcing
}

test_a_team_or_user_without_role_is_refused_where_roles_are_enforced if {
	somebody := given.changed(_nobody, {"/caller/team": given.team("t1"), "/caller/user": given.user("u1")})
	count(token_role.deny) == 1 with input as somebody with data.catalog as _enforcing
}

test_a_token_that_says_nothing_is_refused_where_roles_are_enforced if {
	count(token_role.deny) == 1 with input as {} with data.catalog as _enforcing
}

test_a_token_that_any_may_come_in_with_is_refused_where_roles_are_enforced if {
	count(token_role.deny) == 1 with input as _nobody
		with data.catalog as given.catalog_with_tokens({"enforce_roles": true, "allow_unmapped": true})
}

test_a_token_with_a_role_passes if {
	token_role.deny == set() with input as given.token_call with data.catalog as _enforcing
	token_role.deny == set() with input as given.token_call with data.catalog as given.catalog
}

test_a_token_without_role_passes_where_roles_are_not_enforced if {
	token_role.deny == set() with input as _nobody with data.catalog as given.catalog
}

_nobody := given.changed(given.token_call, {"/caller/token/user_id": null})

_enforcing := given.catalog_with_tokens({"enforce_roles": true})
