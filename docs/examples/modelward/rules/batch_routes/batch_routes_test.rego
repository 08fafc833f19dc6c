package modelward.rules.batch_routes_test

import data.modelward.rules.batch_routes
import data.modelward.testing_test as given

test_a_batch_is_refused if _refused(_on(given.call, "/v1/batches"))

test_it_is_refused_below_every_prefix if {
	every route in ["/batches", "/openai/v1/batches", "/v1/batches/{batch_id}/cancel", "/v1/messages/batches"] {
		_refused(_on(given.call, route))
	}
}

test_a_key_for_batches_passes if {
	not _refused(given.changed(_on(given.call, "/v1/batches"), {"/caller/key/metadata": {"batches": true}}))
}

test_the_master_key_passes if not _refused(_on(given.master_call, "/v1/batches"))

test_other_routes_pass if not _refused(given.call)

test_a_request_whose_route_is_not_known_is_refused if _refused(given.without(given.call, "/request/route"))

_on(call, route) := given.changed(call, {"/request/route": route, "/request/path": route})

_refused(call) if count(batch_routes.deny) == 1 with input as call
