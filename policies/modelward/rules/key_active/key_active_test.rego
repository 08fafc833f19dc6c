package modelward.rules.key_active_test

import data.modelward.rules.key_active
import data.modelward.testing_test as given

test_a_caller_without_key_is_refused if {
	count(key_active.deny) == 1 with input as {}
	count(key_active.deny) == 1 with input as given.changed(given.call, {"/caller/key": null})
}

test_a_key_that_does_not_say_whether_it_is_blocked_is_refused if {
	count(key_active.deny) == 1 with input as given.without(given.call, "/caller/key/blocked")
}

test_a_key_that_says_it_with_another_type_is_refused if {
	every blocked in [null, "false", 0, []] {
		count(key_active.deny) == 1 with input as given.changed(given.call, {"/caller/key/blocked": blocked})
	}
}

test_a_blocked_key_is_refused if {
	key_active.deny == {"this key is blocked; ask the proxy's admin to unblock it"} with input as given.changed(
		given.call,
		{"/caller/key/blocked": true},
	)
}

test_a_blocked_key_is_refused_on_a_listing_too if {
	count(key_active.deny) == 1 with input as given.changed(given.list_call, {"/caller/key/blocked": true})
}

test_a_key_that_is_not_blocked_passes if key_active.deny == set() with input as given.call

test_a_token_passes if key_active.deny == set() with input as given.token_call

test_the_master_key_passes if key_active.deny == set() with input as given.master_call
