package modelward.rules.user_active_test

import data.modelward.rules.user_active
import data.modelward.testing_test as given

test_a_caller_whose_owner_is_unknown_is_refused if {
	count(user_active.deny) == 1 with input as {}
	count(user_active.deny) == 1 with input as given.without(given.call, "/caller/user")
}

test_an_owner_without_metadata_is_refused if {
	count(user_active.deny) == 1 with input as given.without(given.owned_call, "/caller/user/metadata")
}

test_metadata_of_another_type_is_refused if {
	every metadata in [null, true, "{}"] {
		count(user_active.deny) == 1 with input as given.changed(given.owned_call, {"/caller/user/metadata": metadata})
	}
}

test_an_owner_whose_state_is_neither_true_nor_absent_is_refused if {
	every state in [null, "", "true", "false", 0, 1, [], {}, [true]] {
		count(user_active.deny) == 1 with input as _scim(state)
	}
}

test_a_deactivated_owner_is_refused if {
	user_active.deny == {"the user of this caller is deactivated; ask the proxy's admin"} with input as _scim(false)
}

test_a_deactivated_owner_is_refused_on_a_listing_too if {
	count(user_active.deny) == 1 with input as given.listed(_scim(false))
}

test_a_deactivated_owner_of_a_team_key_is_refused if {
	deactivated := given.changed(given.with_owner(given.team_call), {"/caller/user/metadata": {"scim_active": false}})
	count(user_active.deny) == 1 with input as deactivated
}

test_an_active_owner_passes if user_active.deny == set() with input as _scim(true)

test_an_owner_that_scim_says_nothing_of_passes if user_active.deny == set() with input as given.owned_call

test_other_metadata_says_nothing_of_the_state if {
	user_active.deny == set() with input as given.changed(given.owned_call, {"/caller/user/metadata": {"active": false}})
}

test_a_key_without_owner_passes if user_active.deny == set() with input as given.call

test_the_master_key_passes if user_active.deny == set() with input as given.master_call

_scim(active) := given.changed(given.owned_call, {"/caller/user/metadata": {"scim_active": active}})
