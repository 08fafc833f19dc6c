package modelward.rules.cost_center_test

import data.modelward.rules.cost_center
import data.modelward.testing_test as given

test_a_key_without_a_cost_center_is_refused if _refused(given.call)

test_a_key_with_a_cost_center_passes if {
	not _refused(given.changed(given.call, {"/caller/key/metadata": {"cost_center": "DE-1042"}}))
}

test_the_cost_center_of_the_team_counts if {
	not _refused(given.changed(given.team_call, {"/caller/team/metadata": {"cost_center": "DE-1042"}}))
}

test_what_is_no_cost_center_is_refused if {
	every value in ["", "unknown", "DE-1042 ", 1042, null, true] {
		_refused(given.changed(given.call, {"/caller/key/metadata": {"cost_center": value}}))
	}
}

test_the_master_key_passes if not _refused(given.master_call)

test_a_request_without_a_model_passes if not _refused(given.list_call)

_refused(call) if count(cost_center.deny) == 1 with input as call
