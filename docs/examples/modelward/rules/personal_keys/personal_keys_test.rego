package modelward.rules.personal_keys_test

import data.modelward.places
import data.modelward.rules.personal_keys
import data.modelward.testing_test as given

test_a_personal_key_is_refused_other_models if _refused(given.call, "gpt-4o")

test_a_personal_key_calls_the_default_models if not _refused(given.call, "gpt-4")

test_the_default_models_are_covered_by_their_group if {
	personal_keys.grants == {"gpt-4": {"by": "default-models", "groups": ["default-models"]}} with input as given.call
		with data.catalog as _catalog
}

test_a_key_of_a_team_has_no_such_list if not personal_keys.list with input as given.team_call

test_a_key_of_a_team_calls_other_models if not _refused(given.team_call, "gpt-4o")

test_the_master_key_calls_other_models if not _refused(given.master_call, "gpt-4o")

test_a_token_calls_other_models if not _refused(given.token_call, "gpt-4o")

test_a_key_whose_team_is_not_known_is_refused if _refused(given.without(given.call, "/caller/key/team_id"), "gpt-4o")

test_files_of_a_personal_key_stay_where_the_default_models_are if {
	_places(given.call) == {"d1"}
	_places(given.team_call) == {"d1", "d2"}
}

_refused(call, model) if {
	asking := given.changed(call, {"/request/models": [model]})
	count(personal_keys.deny) == 1 with input as asking with data.catalog as _catalog
}

_places(call) := ids if {
	asking := given.changed(call, {"/request/models": [], "/request/operation": "state"})
	ids := places.ids with input as asking with data.catalog as _catalog
}

_catalog := given.catalog_of({"gpt-4": {"d1": ["default-models"]}, "gpt-4o": {"d2": []}}, [])
