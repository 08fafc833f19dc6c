package modelward.lib.owner_test

import data.modelward.lib.owner
import data.modelward.testing_test as given

test_an_unknown_owner_binds if owner.binds with input as given.without(given.call, "/caller/user")

test_an_absent_team_id_does_not_free_from_the_owner if {
	owner.binds with input as given.without(given.owned_call, "/caller/key/team_id")
}

test_a_team_id_that_is_no_text_does_not_free_from_the_owner if {
	owner.binds with input as given.changed(given.owned_call, {"/caller/key/team_id": true})
}

test_the_owner_of_a_personal_key_binds if owner.binds with input as given.owned_call

test_a_key_without_owner_is_not_bound if not owner.binds with input as given.call

test_the_owner_of_a_team_key_does_not_bind if not owner.binds with input as given.with_owner(given.team_call)

test_the_owner_of_a_key_whose_team_has_no_record_does_not_bind if {
	not owner.binds with input as given.changed(given.with_owner(given.team_call), {"/caller/team": null})
}

test_a_proxy_admin_does_not_bind if {
	not owner.binds with input as given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin"})
}

test_the_master_key_is_not_bound if not owner.binds with input as given.master_call

test_the_user_of_a_token_without_a_team_binds if {
	owner.binds with input as given.changed(given.token_call, {"/caller/user": given.user("u1")})
		with data.catalog as given.catalog
}

test_the_user_of_a_token_with_a_team_does_not_bind if {
	not owner.binds with input as given.changed(given.token_call, {
		"/caller/user": given.user("u1"),
		"/caller/team": given.team("t1"),
	})
		with data.catalog as given.catalog
}

# A team of the owner (L11).

test_an_owner_without_a_record_needs_a_team if {
	owner.needs_a_team with input as given.changed(given.call, {"/caller/key/user_id": "u9"})
	owner.needs_a_team with input as given.without(given.call, "/caller/key/user_id")
	owner.needs_a_team with input as given.without(given.call, "/caller/user")
}

test_an_owner_with_a_record_needs_a_team if owner.needs_a_team with input as given.owned_call

test_nobody_else_needs_a_team if {
	not owner.needs_a_team with input as given.call
	not owner.needs_a_team with input as given.master_call
	not owner.needs_a_team with input as given.changed(given.team_call, {"/caller/key/user_id": "u9"})
	not owner.needs_a_team with input as given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin"})
	not owner.needs_a_team with input as given.token_call with data.catalog as given.catalog
}
