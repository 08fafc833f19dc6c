package modelward.rules.user_role_test

import data.modelward.rules.user_role
import data.modelward.testing_test as given

test_a_caller_whose_owner_is_unknown_is_refused if {
	count(user_role.deny) == 1 with input as {}
	count(user_role.deny) == 1 with input as given.without(given.call, "/caller/user")
}

test_an_owner_that_does_not_say_its_role_is_refused if {
	count(user_role.deny) == 1 with input as given.without(given.owned_call, "/caller/user/user_role")
}

test_a_view_only_admin_is_refused_while_the_operation_is_unknown if {
	count(user_role.deny) == 1 with input as given.without(_as_role("proxy_admin_viewer"), "/request/operation")
	count(user_role.deny) == 1 with input as given.changed(_as_role("proxy_admin_viewer"), {"/request/operation": null})
}

test_a_call_by_a_view_only_admin_is_refused if {
	refusal := "a view-only admin may not call models; use a key of another user"
	user_role.deny == {refusal} with input as _as_role("proxy_admin_viewer")
}

test_an_object_of_earlier_calls_is_refused_to_a_view_only_admin if {
	using := given.changed(_as_role("proxy_admin_viewer"), {"/request/operation": "state"})
	count(user_role.deny) == 1 with input as using
}

test_a_call_by_a_view_only_admin_is_refused_in_a_team_too if {
	viewer := given.changed(given.with_owner(given.team_call), {"/caller/user/user_role": "proxy_admin_viewer"})
	count(user_role.deny) == 1 with input as viewer
}

test_a_view_only_admin_may_look if {
	every operation in ["list", "info", "manage"] {
		looking := given.changed(_as_role("proxy_admin_viewer"), {"/request/operation": operation})
		user_role.deny == set() with input as looking
	}
}

test_another_role_passes if {
	every role in [null, "internal_user", "proxy_admin"] {
		user_role.deny == set() with input as _as_role(role)
	}
}

test_a_key_without_owner_passes if user_role.deny == set() with input as given.call

test_the_master_key_passes if user_role.deny == set() with input as given.master_call

_as_role(role) := given.changed(given.owned_call, {"/caller/user/user_role": role})
