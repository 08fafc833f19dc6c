"""Every list in the docs says what the program does."""

import json
import re

import click
import pytest

import endpoint_page
import provider_tables
import rule_tables
from docs.pages import page, table
from docs.raised_errors import answers, close_codes
from harness.bundles import POLICIES, REPOSITORY, SAMPLE_BUNDLE
from modelward.bundle import read_rules
from modelward.cli import main
from modelward.config.words import litellm_words, words_of_maps
from modelward.contract import Rule
from modelward.gateway.endpoints import FRAMES, ROUTES
from modelward.gateway.metrics import Metrics
from modelward.gateway.request.places import REDIRECTS


def test_the_endpoints_are_what_the_table_of_endpoints_gives() -> None:
    text = page("docs/endpoints.md")
    assert endpoint_page.page(text) == text, "write it anew with `make docs`"


def test_every_template_can_be_put_together_from_the_page() -> None:
    text = page("docs/endpoints.md")
    paths = {row[1] for row in table("docs/endpoints.md", "methods")}
    prefixes = {"", *re.findall(r"`(/[^`]*)`", "".join(re.findall(r"^- below (.*): in ", text, re.MULTILINE)))}
    made = {prefix + path for prefix in prefixes for path in paths}
    assert {row.template for row in ROUTES} <= made


def test_the_refusals_are_those_of_the_rules_in_their_order() -> None:
    documented = [row[:4] for row in table("docs/refusals.md", "rule")]
    rules = (rule for rule in read_rules(POLICIES).values() if rule.order is not None)
    assert documented == [[rule.name, str(rule.order), str(rule.status), rule.type] for rule in rules]


@pytest.mark.parametrize("name", rule_tables.PAGES)
def test_the_tables_of_rules_are_those_of_the_bundle(name: str) -> None:
    rules = json.loads((SAMPLE_BUNDLE / "rules.json").read_bytes())
    assert rule_tables.PAGES[name](page(name), rules) == page(name), "write it anew with `make docs`"


def test_what_a_rule_may_say_in_its_metadata_is_what_the_page_says() -> None:
    fields = set(Rule.model_fields) - {"name", "folder", "title"}
    assert {row[0] for row in table("docs/refusals.md", "field of `custom`")} == fields | {"notes"}


def test_every_answer_of_the_service_beside_the_rules_is_in_the_table() -> None:
    documented = [(row[0], row[1], row[2]) for row in table("docs/refusals.md", "status")]
    found = {(str(int(each.status)), each.type, each.code) for each in answers()}
    assert set(documented) == found
    assert len(documented) == len(found)


def test_every_code_with_which_a_socket_is_closed_is_in_the_table() -> None:
    assert {row[0] for row in table("docs/refusals.md", "close code")} == {str(code) for code in close_codes()}


def test_the_command_line_is_the_one_of_serve() -> None:
    serve = main.commands["serve"]
    options = [each for each in serve.params if isinstance(each, click.Option) and each.name != "help"]
    documented = {row[0]: (row[1], row[2]) for row in table("docs/config.md", "option")}
    expected = {each.opts[0]: (f"MODELWARD_{str(each.name).upper()}", str(each.default)) for each in options}
    assert documented == {"CONFIG": ("MODELWARD_CONFIG", "")} | expected


def test_the_options_of_check_are_those_of_the_page() -> None:
    options = {each.opts[0] for each in main.commands["check"].params if isinstance(each, click.Option)}
    assert {row[0] for row in table("docs/config.md", "option of `check`")} == options


def test_the_settings_are_those_that_have_a_bearing() -> None:
    inner = re.compile(r"(\w+_settings|litellm_params|model_info|litellm_jwtauth|model_list\[\]|credential_list\[\])$")
    places = [place for place in words_of_maps() if place not in litellm_words().records and inner.search(place)]
    settings = {f"{place}.{word}" for place in places for word in words_of_maps()[place].known}
    settings -= {"model_list[].litellm_params", "model_list[].model_info"}
    assert {row[0] for row in table("docs/config.md", "setting")} == settings


def test_the_metrics_are_those_of_the_metrics_page() -> None:
    metrics = Metrics()
    metrics.answers.labels("/v1/models", 200).inc()
    metrics.denials.labels("key_active").inc()
    exposed = set(re.findall(r"^# TYPE (\S+) ", metrics.text().decode(), re.MULTILINE))
    exposed = {name for name in exposed if not name.endswith("_created")}
    assert {row[0].partition("{")[0] for row in table("docs/operations.md", "metric")} == exposed


def test_the_fields_named_as_redirecting_are_refused() -> None:
    named = re.search(
        r"Fields that would\s+send\s+the\s+call\s+somewhere\s+else \((.*?) and the like\)", page("docs/endpoints.md")
    )
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[1])) <= REDIRECTS


def test_every_rule_number_that_code_cites_is_explained() -> None:
    explained = set(re.findall(r"\b([A-Z]\d+)\b", page("docs/rules.md")))
    for source in [*REPOSITORY.glob("policies/**/*.rego"), *REPOSITORY.glob("service/**/*.py")]:
        if source.name.endswith("_test.rego"):
            continue
        cited = set(re.findall(r"\b([MCGLARVFEK]\d{1,2})\b", source.read_text()))
        assert cited <= explained | {"E4", "K3", "K2", "E3", "E2"}, source


def test_the_callers_own_words_are_those_of_the_table_of_endpoints() -> None:
    styles = {"openai": "OpenAI's", "vertex": "Vertex AI's", "watsonx": "watsonx's", "google": "Gemini's"}
    found: dict[str, set[str]] = {}
    for row in ROUTES:
        if row.content and row.upstream is not None:
            style = styles.get(row.upstream.dialect, f"{row.upstream.dialect.capitalize()}'s")
            found.setdefault(style, set()).update(row.content)
    found["frames of sockets"] = {where for row in FRAMES.values() for where in row.content}
    assert {row[0]: _coded(row[1]) for row in table("docs/endpoints.md", "style")} == found


def test_the_tables_of_providers_are_what_the_table_of_providers_gives() -> None:
    pages = [page("docs/config.md"), page("docs/endpoints.md")]
    assert [provider_tables.page(text) for text in pages] == pages, "write them anew with `make docs`"
    assert [head for head in provider_tables.TABLES if head not in "".join(pages)] == []


def _coded(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", f"`{cell}`"))
