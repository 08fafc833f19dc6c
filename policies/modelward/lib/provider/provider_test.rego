package modelward.lib.provider_test

import data.modelward.lib.provider
import data.modelward.testing_test as given

_of(name) := owners if {
	owners := provider.of(name) with data.catalog as given.catalog
}

test_without_a_table_no_name_has_a_provider if provider.of("gpt-4") == [] with data.catalog as {}

test_a_name_that_is_no_text_has_no_provider if {
	not provider.of(input.request.models[0]) with input.request.models as [null] with data.catalog as given.catalog
}

test_a_name_with_a_slash_has_no_provider if {
	not _of("gpt-4/x")
	not _of("openai/gpt-4")
	not _of("ft:gpt-4:acme/x")
}

test_a_name_that_nobody_publishes_has_no_provider if {
	every name in ["my-gpt", "gpt-4-eu", "gpt-4:eu", "o1secret", "claude-finance", "gpt-4.", "xgpt-4", "gpt", "GPT-4", "", "gpt-4 "] {
		_of(name) == []
	}
}

test_a_published_name_has_the_provider_that_publishes_it if {
	_of("gpt-4") == ["openai"]
	_of("claude-sonnet-4-5") == ["anthropic"]
}

test_a_name_that_two_publish_has_both if _of("gemini-2.5-flash") == ["vertex_ai", "gemini"]

test_a_date_or_one_of_two_words_may_follow if {
	dated := ["gpt-4-2025-06-30", "gpt-4-20250630", "gpt-4-0630", "gpt-4-06-2025"]
	every name in array.concat(dated, ["gpt-4-latest", "gpt-4-preview"]) {
		_of(name) == ["openai"]
	}
}

test_what_is_no_date_may_not_follow if {
	wrong := ["-2025", "-9999", "-1332", "-20251332", "-2025-13-01", "-2025-6-3", "-13-2025", "-063", "-06300", "-", "@20250630"]
	every suffix in wrong {
		_of(concat("", ["gpt-4", suffix])) == []
	}
}

test_nothing_may_follow_or_lead_what_follows if {
	every name in ["gpt-4-0630-eu", "gpt-4-latest-eu", "gpt-4-0630-preview", "gpt-4-latestx", "x-gpt-4-latest"] {
		_of(name) == []
	}
}

test_a_fine_tuned_name_belongs_to_the_provider_of_its_base if {
	every name in ["ft:gpt-4", "ft:gpt-4:acme::1", "ft:gpt-4:", "ft:gpt-4-0613:acme:mine:7", "ft:gpt-4-0613"] {
		_of(name) == ["openai"]
	}
}

test_what_is_fine_tuned_from_no_published_name_has_no_provider if {
	every name in ["ft:my-gpt:acme::1", "ft:gpt-4-eu:acme::1", "ft:", "ft::gpt-4", "xft:gpt-4:a", "ft:ft:gpt-4", "ft:gpt-4x"] {
		_of(name) == []
	}
}

test_a_name_that_the_config_adds_has_the_provider_it_says if {
	added := given.changed(given.catalog, {"/provider_names": {"gpt-4-eu": ["openai"], "gpt-4": ["azure"]}})
	provider.of("gpt-4-eu") == ["openai"] with data.catalog as added
	provider.of("gpt-4") == ["openai", "azure"] with data.catalog as added
}

test_a_name_that_the_config_adds_is_just_that_name if {
	added := given.changed(given.catalog, {"/provider_names": {"my-gpt": ["openai"]}})
	every name in ["my-gpt-latest", "my-gpt-0630", "ft:my-gpt:acme::1", "my-gp", "my-gpt2"] {
		provider.of(name) == [] with data.catalog as added
	}
}
