package modelward.rules.well_formed_test

import data.modelward.rules.well_formed
import data.modelward.testing_test as given

test_a_request_whose_form_was_not_judged_is_refused if {
	well_formed.deny == {"the request's form was not judged"} with input as given.without(given.call, "/request/problem")
}

test_a_problem_of_another_type_is_refused if {
	every problem in [null, false, 0, []] {
		count(well_formed.deny) == 1 with input as given.changed(given.call, {"/request/problem": problem})
	}
}

test_a_call_whose_models_are_unknown_is_refused if {
	count(well_formed.deny) == 1 with input as given.without(given.call, "/request/models")
}

test_models_of_another_type_are_refused if {
	every models in [null, true, 0, ""] {
		count(well_formed.deny) == 1 with input as given.asking(models)
	}
}

test_a_request_that_names_no_model_is_refused_while_the_operation_is_unknown if {
	count(well_formed.deny) == 1 with input as given.without(given.asking([]), "/request/operation")
	count(well_formed.deny) == 1 with input as given.changed(given.asking([]), {"/request/operation": "other"})
}

test_a_problem_is_told_as_it_is if {
	well_formed.deny == {"`model` must be a text"} with input as given.changed(
		given.call,
		{"/request/problem": "`model` must be a text"},
	)
}

test_a_problem_hides_that_no_model_was_read if {
	well_formed.deny == {"the body is no JSON"} with input as given.changed(
		given.asking([]),
		{"/request/problem": "the body is no JSON"},
	)
}

test_a_problem_is_refused_for_the_master_key_too if {
	malformed := given.changed(given.master_call, {"/request/problem": "the body is no JSON"})
	count(well_formed.deny) == 1 with input as malformed
}

test_a_problem_of_a_listing_is_refused_too if {
	count(well_formed.deny) == 1 with input as given.changed(given.list_call, {"/request/problem": "the body is no JSON"})
}

test_a_call_that_names_no_model_is_refused if {
	well_formed.deny == {concat("", [
		"the request names no model; ",
		"set `model`, GET /v1/models lists what this caller may use",
	])} with input as given.asking([])
}

test_a_call_that_names_a_model_passes if well_formed.deny == set() with input as given.call

test_other_operations_need_no_model if {
	every operation in ["list", "info", "manage", "state"] {
		well_formed.deny == set() with input as given.changed(given.asking([]), {"/request/operation": operation})
	}
}
