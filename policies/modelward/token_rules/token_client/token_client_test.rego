package modelward.token_rules.token_client_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_client

test_a_token_is_refused_while_the_setting_is_unknown if {
	count(token_client.deny) == 1 with input as given.token_call with data.catalog as {}
	count(token_client.deny) == 1 with input as given.token_call with data.catalog as _rejecting(null)
}

test_a_token_that_is_mapped_to_no_key_is_refused_where_the_config_says_so if {
	refusal := "this token's client is not mapped to a key; ask the proxy's admin to map it"
	token_client.deny == {refusal} with input as given.token_call with data.catalog as _rejecting(true)
}

test_an_admins_token_is_refused_too if {
	count(token_client.deny) == 1 with input as given.as_admin(given.token_call) with data.catalog as _rejecting(true)
}

test_a_token_passes_where_the_config_does_not_say_so if {
	token_client.deny == set() with input as given.token_call with data.catalog as given.catalog
}

_rejecting(rejecting) := given.catalog_with_tokens({"reject_unmapped_clients": rejecting})
