package modelward.lib.provider_test

import data.modelward.lib.provider
import data.modelward.testing_test as given

test_without_a_table_no_name_has_a_provider if not provider.of("gpt-4") with data.catalog as {}

test_a_name_that_is_no_text_has_no_provider if {
	not provider.of(input.request.models[0]) with input.request.models as [null] with data.catalog as given.catalog
}

test_a_name_that_no_prefix_fits_has_no_provider if not provider.of("my-gpt") with data.catalog as given.catalog

test_a_name_with_a_slash_has_no_provider if not provider.of("gpt-4/x") with data.catalog as given.catalog

test_case_counts if not provider.of("GPT-4") with data.catalog as given.catalog

test_a_name_shorter_than_a_prefix_does_not_fit_it if not provider.of("gpt") with data.catalog as given.catalog

test_an_empty_name_has_no_provider if not provider.of("") with data.catalog as given.catalog

test_a_prefix_gives_the_provider if {
	provider.of("gpt-4") == "openai" with data.catalog as given.catalog
	provider.of("claude-sonnet-4-5") == "anthropic" with data.catalog as given.catalog
}

test_a_fine_tuned_name_belongs_to_the_provider_of_its_base if {
	provider.of("ft:gpt-4:acme::1") == "openai" with data.catalog as given.catalog
}

test_a_name_may_be_a_whole_prefix if provider.of("o1") == "openai" with data.catalog as given.catalog

test_the_longest_prefix_counts if {
	table := {"gp": [{"prefix": "gpt-", "provider": "long"}, {"prefix": "gp", "provider": "short"}]}
	provider.of("gpt-4") == "long" with data.catalog.providers as table
	provider.of("gp4") == "short" with data.catalog.providers as table
}
