package modelward.lib.pattern_test

import data.modelward.lib.pattern

test_a_name_that_is_no_text_is_matched_by_nothing if {
	not pattern.matches("*", input.request.models[0]) with input.request.models as [null]
	not pattern.matches("**", input.request.models[0]) with input.request.models as [null]
}

test_a_text_without_a_star_matches_nothing if not pattern.matches("gpt-4", "gpt-4")

test_a_star_stands_for_any_run if pattern.matches("openai/*", "openai/gpt-4")

test_a_star_crosses_slashes if pattern.matches("openrouter/*", "openrouter/openai/gpt-4o")

test_a_star_stands_for_nothing_too if pattern.matches("gpt-4o*", "gpt-4o")

test_a_star_alone_matches_every_name if pattern.matches("*", "any/name")

test_a_star_may_stand_first if pattern.matches("*-mini", "o1-mini")

test_a_star_may_stand_in_the_middle if pattern.matches("openai/*-mini", "openai/o1-mini")

test_a_pattern_is_anchored_at_the_start if not pattern.matches("gpt-4*", "my-gpt-4")

test_a_pattern_is_anchored_at_the_end if not pattern.matches("openai/*-mini", "openai/o1-mini-secret")

test_a_pattern_of_several_stars_is_anchored_at_the_start if not pattern.matches("g*t*", "my-gpt")

test_a_pattern_of_several_stars_is_anchored_at_the_end if not pattern.matches("*g*t", "gpt-4")

test_the_texts_around_a_star_do_not_overlap if not pattern.matches("aba*aba", "ababa")

test_the_texts_around_several_stars_do_not_overlap if not pattern.matches("ab*ba*ab", "abab")

test_several_stars_stand_for_several_runs if pattern.matches("a*b*c", "a-1-b-2-c")

test_several_stars_stand_for_nothing_too if pattern.matches("a*b*c", "abc")

test_the_texts_between_stars_keep_their_order if not pattern.matches("*b*a*", "a-b")

test_two_stars_in_a_row_are_like_one if pattern.matches("gpt**", "gpt-4")

test_a_run_may_hold_a_line_break if pattern.matches("a*b*c", "a\nb\nc")

test_a_trailing_line_break_counts if not pattern.matches("a*b*c", "abc\n")

test_a_provider_alone_is_not_under_its_slash if not pattern.matches("openai/*", "openai")

test_case_counts if not pattern.matches("GPT-*", "gpt-4")

test_case_counts_with_several_stars if not pattern.matches("*GPT*", "gpt-4")

test_a_dot_is_a_dot if not pattern.matches("gpt-4.1*", "gpt-4x1-internal")

test_a_dot_among_several_stars_is_a_dot if {
	pattern.matches("*4.1*", "gpt-4.1-mini")
	not pattern.matches("*4.1*", "gpt-4x1-mini")
}

test_a_plus_is_a_plus if {
	pattern.matches("*gpt++*", "gpt++-x")
	not pattern.matches("*gpt++*", "gpttt-x")
}

test_a_bar_is_a_bar if {
	pattern.matches("gpt|o1*", "gpt|o1-mini")
	not pattern.matches("*gpt|o1*", "o1-mini")
}

test_an_open_parenthesis_is_a_character if {
	pattern.matches("*foo(*", "foo(1")
	not pattern.matches("*foo(*", "foo")
}

test_an_open_bracket_is_a_character if {
	pattern.matches("*[approved] gpt*", "[approved] gpt-4")
	not pattern.matches("*[approved] gpt*", "a gpt-4")
}

test_a_brace_is_a_character if {
	pattern.matches("*a{2}*", "a{2}")
	not pattern.matches("*a{2}*", "aa")
}

test_a_question_mark_is_a_character if {
	pattern.matches("*gpt-?*", "gpt-?")
	not pattern.matches("*gpt-?*", "gpt")
}

test_anchors_are_characters if {
	pattern.matches("*^a$*", "^a$")
	not pattern.matches("*^a$*", "a")
}

test_a_backslash_is_a_character if {
	pattern.matches(`*\d\*`, `x\d\x`)
	not pattern.matches(`*\d*`, "1")
}

test_the_end_of_a_quotation_is_text if {
	pattern.matches(`*a\E.*`, `a\E.`)
	not pattern.matches(`*a\E.*`, `a\Ex`)
	not pattern.matches(`*a\E.*`, "a.")
}

test_the_end_of_a_quotation_after_a_backslash_is_text if {
	pattern.matches(`*a\\E.*`, `a\\E.`)
	not pattern.matches(`*a\\E.*`, `a\\Ex`)
}

test_the_start_of_a_quotation_is_text if {
	pattern.matches(`*\Qa.*`, `\Qa.`)
	not pattern.matches(`*\Qa.*`, "a.")
}

test_a_quotation_is_text if not pattern.matches(`*\E.*\Q*`, "anything")

test_a_run_may_hold_any_script if pattern.matches("a*é", "a日本é")

test_a_text_of_any_script_is_itself if {
	pattern.matches("*日本*", "x-日本-é")
	not pattern.matches("*日本*", "x-日-本")
}

test_the_same_letter_spelled_otherwise_is_another if not pattern.matches("caf\u00e9*", "cafe\u0301-1")
