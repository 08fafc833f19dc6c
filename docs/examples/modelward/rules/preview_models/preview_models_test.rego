package modelward.rules.preview_models_test

import data.modelward.rules.preview_models
import data.modelward.testing_test as given

test_a_preview_is_refused if _refused(given.call, "openai/gpt-5-preview")

test_it_is_refused_in_another_spelling if _refused(given.call, "openai/GPT-5-Preview")

test_it_is_refused_by_an_alias if {
	_refused(given.changed(given.call, {"/caller/key/aliases": {"mine": "openai/gpt-5-preview"}}), "mine")
}

test_a_key_for_previews_passes if {
	not _refused(given.changed(given.call, {"/caller/key/metadata": {"preview": true}}), "openai/gpt-5-preview")
}

test_the_master_key_passes if not _refused(given.master_call, "openai/gpt-5-preview")

test_a_token_is_refused if _refused(given.token_call, "openai/gpt-5-preview")

test_other_models_pass if not _refused(given.call, "openai/gpt-5")

_refused(call, model) if {
	asking := given.changed(call, {"/request/models": [model]})
	count(preview_models.deny) == 1 with input as asking with data.catalog as _catalog
}

_catalog := given.catalog_of({"openai/*": {"d1": []}}, ["openai/*"])
