package modelward.rules.customer_required_test

import data.modelward.rules.customer_required
import data.modelward.testing_test as given

test_a_call_without_a_customer_is_refused if _refused(_bound)

test_a_call_for_a_customer_passes if not _refused(given.changed(_bound, {"/customer": given.customer([])}))

test_the_models_are_listed_without_a_customer if {
	not _refused(given.changed(given.listed(_bound), {"/request/models": ["gpt-4"]}))
}

test_other_keys_pass if not _refused(given.call)

test_the_master_key_passes if not _refused(given.master_call)

test_a_key_whose_metadata_is_not_known_is_refused if _refused(given.without(given.call, "/caller/key/metadata"))

_bound := given.changed(given.call, {"/caller/key/metadata": {"for_customers": true}})

_refused(call) if count(customer_required.deny) == 1 with input as call
