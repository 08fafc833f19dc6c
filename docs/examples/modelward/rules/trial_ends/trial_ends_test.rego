package modelward.rules.trial_ends_test

import data.modelward.rules.trial_ends
import data.modelward.testing_test as given

test_a_team_calls_until_its_trial_ends if not _refused(_until(11), 10)

test_a_team_is_refused_once_its_trial_is_over if _refused(_until(10), 10)

test_an_end_that_is_no_number_is_over if _refused(_until("2030-01-01"), 10)

test_a_request_without_a_time_is_refused if {
	count(trial_ends.deny) == 1 with input as given.changed(_until(11), {"/request/time_ns": null})
}

test_a_team_without_a_trial_passes if not _refused(given.team_call, 10)

test_a_key_without_a_team_passes if not _refused(given.call, 10)

test_a_team_whose_metadata_is_not_known_is_refused if {
	_refused(given.without(given.team_call, "/caller/team/metadata"), 10)
}

test_a_decision_holds_until_the_trial_ends if trial_ends.holds_until == 11000000000 with input as _until(11)

test_a_decision_without_a_trial_has_no_end if {
	is_null(trial_ends.holds_until) with input as given.team_call
	is_null(trial_ends.holds_until) with input as given.call
}

test_a_decision_on_an_end_that_is_not_known_holds_for_no_time if {
	trial_ends.holds_until == 0 with input as _until("2030-01-01")
	trial_ends.holds_until == 0 with input as given.without(given.team_call, "/caller/team/metadata")
}

_until(seconds) := given.changed(given.team_call, {"/caller/team/metadata": {"trial_ends": seconds}})

_refused(call, seconds) if {
	asking := given.changed(call, {"/request/time_ns": seconds * 1000000000})
	count(trial_ends.deny) == 1 with input as asking
}
