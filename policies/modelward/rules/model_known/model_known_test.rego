package modelward.rules.model_known_test

import data.modelward.rules.model_known
import data.modelward.testing_test as given

test_every_model_is_refused_without_a_catalogue if {
	count(model_known.deny) == 1 with input as given.call with data.catalog as {}
}

test_a_model_that_is_no_text_is_refused if {
	every model in [null, true, 4, ["gpt-4"]] {
		count(model_known.deny) == 1 with input as given.asking([model]) with data.catalog as given.catalog
	}
}

test_an_unknown_model_is_refused_and_named if {
	model_known.deny == {concat("", [
		"model `ghost` is not known to this proxy; ",
		"GET /v1/models lists what this caller may call",
	])} with input as given.asking(["ghost"]) with data.catalog as given.catalog
}

test_an_unknown_model_beside_a_known_one_is_refused if {
	count(model_known.deny) == 1 with input as given.asking(["gpt-4", "ghost"]) with data.catalog as given.catalog
}

test_each_unknown_model_is_refused if {
	count(model_known.deny) == 2 with input as given.asking(["ghost", "spectre"]) with data.catalog as given.catalog
}

test_an_unknown_model_is_refused_for_the_master_key_too if {
	count(model_known.deny) == 1 with input as given.changed(given.master_call, {"/request/models": ["ghost"]})
		with data.catalog as given.catalog
}

test_a_pattern_a_group_and_a_special_name_are_unknown if {
	grouped := given.catalog_of({"*": {"d1": []}, "gpt-4": {"d2": ["beta"]}}, ["*"])
	every name in ["*", "gpt-*", "beta", "all-proxy-models", "all-team-models", "no-default-models"] {
		count(model_known.deny) == 1 with input as given.asking([name]) with data.catalog as grouped
	}
}

test_another_spelling_of_a_models_name_is_refused_and_no_other_model_is_named if {
	spelled := given.changed(given.catalog_of({"a/*": {"d1": []}, "a/x": {"d2": []}}, ["a/*"]), {
		"/foldings/f": {"case": true, "pattern": "", "forms": ["{model}"], "families": []},
		"/common/fills/a~1*": [{"folding": "f", "name": ["a/", ""], "model": ["", ""], "beside": [], "narrower": false}],
		"/common/spelled/a~1*": {"": true, "f:x": true},
	})
	model_known.deny == {concat("", [
		"model `a/X` is another spelling of a model that has an entry of its own, and is not served by it; ",
		"GET /v1/models lists what this caller may call",
	])} with input as given.asking(["a/X"]) with data.catalog as spelled
}

test_known_models_pass if {
	model_known.deny == set() with input as given.asking(["gpt-4", "gpt-4o"]) with data.catalog as given.catalog
}
