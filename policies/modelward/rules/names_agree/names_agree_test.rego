package modelward.rules.names_agree_test

import data.modelward.rules.names_agree
import data.modelward.testing_test as given

test_a_request_that_does_not_say_whether_names_differ_is_refused if {
	count(names_agree.deny) == 1 with input as {}
	count(names_agree.deny) == 1 with input as given.without(given.call, "/request/differ")
}

test_a_request_that_says_it_with_another_type_is_refused if {
	every differ in [null, "false", 0, []] {
		count(names_agree.deny) == 1 with input as given.changed(given.call, {"/request/differ": differ})
	}
}

test_names_that_differ_are_refused if {
	names_agree.deny == {"the request names different models in different places; name one"} with input as given.changed(
		given.call,
		{"/request/differ": true},
	)
}

test_names_that_differ_are_refused_for_the_master_key_too if {
	count(names_agree.deny) == 1 with input as given.changed(given.master_call, {"/request/differ": true})
}

test_names_that_agree_pass if names_agree.deny == set() with input as given.call
