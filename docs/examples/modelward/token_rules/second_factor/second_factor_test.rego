package modelward.token_rules.second_factor_test

import data.modelward.testing_test as given
import data.modelward.token_rules.second_factor

test_a_login_without_a_second_factor_is_refused if _refused(_by(["pwd"]), "gpt-4o")

test_a_login_with_a_second_factor_passes if not _refused(_by(["pwd", "mfa"]), "gpt-4o")

test_a_token_that_does_not_say_how_it_logged_in_is_refused if _refused(given.token_call, "gpt-4o")

test_other_models_need_none if not _refused(_by(["pwd"]), "gpt-4")

_by(methods) := given.changed(given.token_call, {"/caller/token/claims": {"amr": methods}})

_refused(call, model) if {
	asking := given.changed(call, {"/request/models": [model]})
	count(second_factor.deny) == 1 with input as asking with data.catalog as _catalog
}

_catalog := given.catalog_of({"gpt-4": {"d1": []}, "gpt-4o": {"d2": ["restricted-models"]}}, [])
