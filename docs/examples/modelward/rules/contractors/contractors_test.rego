package modelward.rules.contractors_test

import data.modelward.rules.contractors
import data.modelward.testing_test as given

test_a_contractor_is_refused if _refused(_of("contractor"), "gpt-4o")

test_an_employee_passes if not _refused(_of("employee"), "gpt-4o")

test_a_user_without_the_metadata_is_refused if _refused(given.owned_call, "gpt-4o")

test_a_key_without_a_user_is_refused if _refused(given.call, "gpt-4o")

test_the_master_key_passes if not _refused(given.master_call, "gpt-4o")

test_other_models_are_for_everybody if not _refused(_of("contractor"), "gpt-4")

test_an_alias_of_the_model_is_refused_too if {
	call := given.changed(_of("contractor"), {"/caller/key/aliases": {"mine": "gpt-4o"}})
	_refused(call, "mine")
}

_of(employment) := given.changed(given.owned_call, {"/caller/user/metadata": {"employment": employment}})

_refused(call, model) if {
	asking := given.changed(call, {"/request/models": [model]})
	count(contractors.deny) == 1 with input as asking with data.catalog as _catalog
}

_catalog := given.catalog_of({"gpt-4": {"d1": []}, "gpt-4o": {"d2": ["restricted-models"]}}, [])
