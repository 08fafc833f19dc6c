package modelward.rules.master_key_test

import data.modelward.rules.master_key
import data.modelward.testing_test as given

test_an_unknown_caller_is_granted_nothing if {
	count(master_key.grants) == 0 with input as given.without(given.call, "/caller/kind")
}

test_a_key_is_granted_nothing if count(master_key.grants) == 0 with input as given.call

test_the_key_of_a_proxy_admin_is_granted_nothing if {
	count(master_key.grants) == 0 with input as given.changed(given.owned_call, {"/caller/user/user_role": "proxy_admin"})
}

test_the_master_key_is_granted_every_model_it_names if {
	everything := {"by": "master key", "groups": []}
	master_key.grants == {"gpt-4": everything, "gpt-4o": everything} with input as given.changed(
		given.master_call,
		{"/request/models": ["gpt-4", "gpt-4o"]},
	)
}

test_it_refuses_nothing if count(master_key.deny) == 0 with input as given.call
