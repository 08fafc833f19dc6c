package modelward.rules.customer_active_test

import data.modelward.rules.customer_active
import data.modelward.testing_test as given

test_a_customer_that_is_unknown_is_refused if {
	count(customer_active.deny) == 1 with input as given.without(given.call, "/customer")
}

test_a_customer_that_does_not_say_whether_it_is_blocked_is_refused if {
	count(customer_active.deny) == 1 with input as given.without(_blocked(false), "/customer/blocked")
}

test_anything_but_false_is_blocked if {
	every blocked in [null, "false", 0, []] {
		count(customer_active.deny) == 1 with input as _blocked(blocked)
	}
}

test_a_blocked_customer_is_refused if {
	customer_active.deny == {"the customer that the request names is blocked; ask the proxy's admin to unblock it"} with input as _blocked(true)
}

test_a_customer_that_is_not_blocked_passes if customer_active.deny == set() with input as _blocked(false)

test_a_caller_without_a_customer_passes if customer_active.deny == set() with input as given.call

test_the_master_key_passes if customer_active.deny == set() with input as given.master_call

_blocked(blocked) := given.changed(given.call, {"/customer": object.union(given.customer([]), {"blocked": blocked})})
