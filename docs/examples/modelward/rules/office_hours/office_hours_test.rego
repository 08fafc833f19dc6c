package modelward.rules.office_hours_test

import data.modelward.rules.office_hours
import data.modelward.testing_test as given

test_the_o1_family_is_open_from_eight if {
	_refused("openai/o1-pro", (8 * _hour) - 1)
	not _refused("openai/o1-pro", 8 * _hour)
}

test_the_o1_family_is_open_until_six_in_the_evening if {
	not _refused("openai/o1-pro", (18 * _hour) - 1)
	_refused("openai/o1-pro", 18 * _hour)
}

test_it_is_closed_on_the_next_day_too if _refused("openai/o1-pro", 25 * _hour)

test_it_is_closed_by_its_bare_name_too if _refused("o1-pro", _hour)

test_it_is_closed_by_an_alias_too if _refused("thinker", _hour)

test_without_a_time_it_is_closed if _refused("openai/o1-pro", null)

test_other_models_have_no_hours if not _refused("gpt-4o", _hour)

test_a_decision_holds_until_the_next_full_hour if {
	_holds_until(8 * _hour) == 9 * _hour
	_holds_until((9 * _hour) - 1) == 9 * _hour
	_holds_until(null) == 0
}

_hour := 3600000000000

_holds_until(time_ns) := until if {
	until := office_hours.holds_until with input as given.changed(given.call, {"/request/time_ns": time_ns})
}

_refused(model, time_ns) if {
	asking := given.changed(given.asking([model]), {"/request/time_ns": time_ns})
	count(office_hours.deny) == 1 with input as asking with data.catalog as _catalog
}

_catalog := given.changed(
	given.catalog_of({"openai/o1-*": {"d1": []}, "gpt-4o": {"d2": []}}, ["openai/o1-*"]),
	{"/aliases": {"thinker": {"target": "openai/o1-pro", "hidden": false}}},
)
