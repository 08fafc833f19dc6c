package modelward.rules.key_expiry_test

import data.modelward.rules.key_expiry
import data.modelward.testing_test as given

test_a_caller_without_key_is_refused if {
	count(key_expiry.deny) == 1 with input as {}
	count(key_expiry.deny) == 1 with input as given.changed(given.call, {"/caller/key": null})
}

test_a_key_that_does_not_say_when_it_expires_is_refused if {
	count(key_expiry.deny) == 1 with input as given.without(given.call, "/caller/key/expires_ns")
}

test_an_expiry_of_another_type_is_refused if {
	every expiry in [false, true] {
		count(key_expiry.deny) == 1 with input as _expiring(expiry)
	}
}

test_a_key_with_an_expiry_is_refused_while_the_time_is_unknown if {
	count(key_expiry.deny) == 1 with input as given.without(_expiring(2000), "/request/time_ns")
}

test_a_key_past_its_expiry_is_refused if {
	key_expiry.deny == {"this key has expired; ask the proxy's admin for a new one"} with input as _expiring(999)
}

test_a_key_expires_at_its_very_expiry if count(key_expiry.deny) == 1 with input as _expiring(1000)

test_a_key_before_its_expiry_passes if key_expiry.deny == set() with input as _expiring(1001)

test_a_key_without_expiry_passes if key_expiry.deny == set() with input as given.call

test_a_token_passes if key_expiry.deny == set() with input as given.token_call

test_the_master_key_passes if key_expiry.deny == set() with input as given.master_call

# The call is at 1000 ns.
_expiring(expiry) := given.changed(given.call, {"/caller/key/expires_ns": expiry})

test_an_expiry_that_is_a_text_is_refused if {
	count(key_expiry.deny) == 1 with input as given.changed(given.call, {"/caller/key/expires_ns": "1970-01-01T00:00:00Z"})
}

test_a_time_that_is_null_or_false_does_not_keep_a_key_alive if {
	expired := given.changed(given.call, {"/caller/key/expires_ns": 1})
	count(key_expiry.deny) == 1 with input as given.changed(expired, {"/request/time_ns": null})
}

# Until when a decision may be kept.

test_a_decision_holds_until_the_key_expires if key_expiry.holds_until == 1001 with input as _expiring(1001)

test_a_decision_on_an_expired_key_held_until_then if key_expiry.holds_until == 999 with input as _expiring(999)

test_a_decision_on_a_key_without_expiry_has_no_end if is_null(key_expiry.holds_until) with input as given.call

test_a_decision_without_a_key_has_no_end if {
	is_null(key_expiry.holds_until) with input as given.token_call
	is_null(key_expiry.holds_until) with input as given.master_call
}

test_a_decision_on_an_unknown_expiry_holds_for_no_time if {
	key_expiry.holds_until == 0 with input as given.without(given.call, "/caller/key/expires_ns")
	key_expiry.holds_until == 0 with input as _expiring("1970-01-01T00:00:00Z")
	key_expiry.holds_until == 0 with input as {}
}
