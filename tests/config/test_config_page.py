"""What the page about the config names is what the config knows."""

import re

from docs.pages import page, table
from modelward.config.words import litellm_words, words_of_maps

PAGE = "docs/config.md"
TOKENS = "general_settings.litellm_jwtauth"
MAPS = words_of_maps()
SUBJECTS = {place: MAPS[place] for place in litellm_words().records}


def test_the_refused_settings_are_those_of_the_page() -> None:
    refused = {
        f"{place}.{word}"
        for place, words in MAPS.items()
        for word in words.unsupported
        if place not in SUBJECTS and not place.startswith(TOKENS)
    }
    assert {row[0] for row in table(PAGE, "refused setting")} == refused


def test_the_refused_settings_for_tokens_are_those_of_the_page() -> None:
    named = re.search(r"they\s+are\s+an\s+error\s+where\s+they\s+are\s+set(.*?)auto_register", page(PAGE), re.DOTALL)
    assert named is not None
    others = {"public_routes", "unregistered_jwt_client_behavior"}
    assert set(re.findall(r"\b[a-z]+_\w+", named[1])) - others == MAPS[TOKENS].unsupported.keys()


def test_the_fields_of_declared_subjects_are_those_of_the_page() -> None:
    named = {row[0]: set(re.findall(r"`(\w+)`", f"`{row[1]}`")) for row in table(PAGE, "list")}
    named["teams[].members_with_roles"] -= {"user", "admin"}
    assert named == {place.removesuffix("[]"): words.known for place, words in SUBJECTS.items()}


def test_the_refused_fields_of_declared_subjects_are_on_the_page() -> None:
    section = page(PAGE).partition("## Declared subjects")[2].partition("## Settings that are refused")[0]
    refused = {word for words in SUBJECTS.values() for word in words.unsupported}
    assert refused <= set(re.findall(r"`(\w+)`", section))
