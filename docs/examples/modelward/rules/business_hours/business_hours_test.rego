package modelward.rules.business_hours_test

import data.modelward.rules.business_hours
import data.modelward.testing_test as given

test_a_thursday_passes_from_eight if {
	_refused(_bound, 7)
	not _refused(_bound, 8)
}

test_a_thursday_passes_until_six_in_the_evening if {
	not _refused(_bound, 17)
	_refused(_bound, 18)
}

test_a_friday_at_noon_passes if not _refused(_bound, 24 + 12)

test_a_saturday_at_noon_is_refused if _refused(_bound, (2 * 24) + 12)

test_a_monday_at_noon_passes if not _refused(_bound, (4 * 24) + 12)

test_other_teams_have_no_hours if not _refused(given.team_call, 0)

test_a_key_without_a_team_has_no_hours if not _refused(given.call, 0)

test_a_team_whose_metadata_is_not_known_has_hours if {
	_refused(given.without(given.team_call, "/caller/team/metadata"), 0)
}

_bound := given.changed(given.team_call, {"/caller/team/metadata": {"business_hours": true}})

_refused(call, hours) if {
	asking := given.changed(call, {"/request/time_ns": hours * 3600000000000})
	count(business_hours.deny) == 1 with input as asking
}

test_a_decision_holds_until_the_next_full_hour if {
	business_hours.holds_until == 8 * 3600000000000
		with input as given.changed(_bound, {"/request/time_ns": (8 * 3600000000000) - 1})
	business_hours.holds_until == 0 with input as given.without(_bound, "/request/time_ns")
}
