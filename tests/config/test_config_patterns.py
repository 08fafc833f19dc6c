"""A pattern in another language is an error: only `*` is special (C2), and routes have forms of their own (A3)."""

import pytest

from config.reading import Problems, Read
from modelward.config.fields import foreign_pattern, foreign_route

BASE = """
general_settings: {master_key: sk-1}
model_list:
  - {model_name: gpt-4, litellm_params: {model: openai/gpt-4, mock_response: hi}, model_info: {access_groups: [beta]}}
  - {model_name: openai/*, litellm_params: {model: openai/*, mock_response: hi}}
"""

FOREIGN = [
    *("openai/o1-.*", "gpt-4\\..*", ".*", "gpt-4.+", "^gpt-4$", "^gpt", "gpt$", "\\d+", "gpt-\\w*", "(?i)gpt"),
    *("bedrock/anthropic.claude-3.*", "bedrock/.*", "bedrock/us.+", "bedrock/us.*|x", "openai/us.*", "anthropic.*"),
    *("openai/[o1]-*", "gpt-[34]", "o[13]-mini", "[a-z]+", "gpt-4[o]*", "gpt-[!4]*"),
    *("(a|b)", "gpt-4|o1*", "(gpt)*", "(o1)+", "{a,b}", "gpt-{3,4}", "gpt-?"),
    *("re:gpt", "regex:gpt.*", "Glob:x*", "gpt-4%", "openai/%", "%o1%", "openai/+", "openai/#", "!gpt-4"),
]
NAMES = [
    *("gpt-3.5-turbo", "ft:gpt-4o:org::id", "claude-3@20240229", "anthropic.claude-v2:1", "command-r+", "gpt++*"),
    *(
        "[approved] gpt-4",
        "[approved] gpt*",
        "claude-opus-4-6[1m]",
        "GPT-4 (preview)",
        "gpt-4(eu)",
        "foo(*",
        "model-{n",
    ),
    *("*", "**", "openai/*", "*/gpt-4o", "gpt-4.1*", "bedrock/*/1-month-commitment/cohere.command-text-v14", "$"),
    *("gpt-4(eu)", "re"),
    *("bedrock/us.*", "bedrock/anthropic.*", "bedrock/us-gov.anthropic.*", "bedrock/*.anthropic.*", "bedrock/ai21.*"),
    "bedrock_converse/eu.*",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20240620-v1:0",
]


@pytest.mark.parametrize("pattern", FOREIGN)
def test_a_pattern_of_another_language_is_told(pattern: str) -> None:
    said = foreign_pattern(pattern)
    assert said is not None
    assert said.startswith("only `*` is special here")
    assert f"in `{pattern}`" in said


@pytest.mark.parametrize("name", NAMES)
def test_names_and_patterns_of_ours_are_left_alone(name: str) -> None:
    assert foreign_pattern(name) is None


@pytest.mark.parametrize(
    "route",
    [
        *("/v1/.*", "/key/*/x", "^/v1", "/v1$", "/v1/chat*", "/v1/(chat|x)", "/v1/[a]", "regex:/v1", "/v?/x"),
        *("/v1\\/x", "/v1/**", "!/v1"),
    ],
)
def test_a_route_of_another_language_is_told(route: str) -> None:
    said = foreign_route(route)
    assert said is not None
    assert said.startswith("a route is a path, `/x/{y}`, or `/x/*`")


@pytest.mark.parametrize("route", ["/v1/*", "/*", "/openai/deployments/{model}/chat/completions", "llm_api_routes"])
def test_routes_are_left_alone(route: str) -> None:
    assert foreign_route(route) is None


@pytest.mark.parametrize(
    "text",
    [
        "teams: [{team_id: t, models: ['o1-.*']}]",
        "teams: [{team_id: t, members_with_roles: [{user_id: u, allowed_models: ['o1-.*']}]}]",
        "teams: [{team_id: t, model_aliases: {'o1-.*': gpt-4}}]",
        "teams: [{team_id: t, model_aliases: {fast: 'o1-.*'}}]",
        "users: [{user_id: u, models: ['o1-.*']}]",
        "organizations: [{organization_id: o, models: ['o1-.*']}]",
        "projects: [{project_id: p, models: ['o1-.*']}]",
        "customers: [{user_id: c, models: ['o1-.*']}]",
        "access_groups: [{access_group_id: g, access_model_names: ['o1-.*']}]",
        f"keys: [{{key_hash: 'sha256:{'0' * 64}', models: ['o1-.*']}}]",
        f"keys: [{{key_hash: 'sha256:{'0' * 64}', aliases: {{fast: 'o1-.*'}}}}]",
        "router_settings: {model_group_alias: {'o1-.*': gpt-4}}",
        "router_settings: {fallbacks: [{'o1-.*': [gpt-4]}]}",
        "router_settings: {fallbacks: [{gpt-4: ['o1-.']}, {gpt-5: ['o1-?']}]}",
        "litellm_settings: {model_alias_map: {fast: 'o1-?'}}",
    ],
)
def test_it_is_an_error_wherever_models_are_named(problems: Problems, text: str) -> None:
    assert any("only `*` is special here" in problem for problem in problems(BASE + text + "\n"))


@pytest.mark.parametrize("setting", ["role_permissions: [{role: team, models: ['o1-.*']}]", "completion_model: o1-?"])
def test_it_is_an_error_in_general_settings(problems: Problems, setting: str) -> None:
    text = BASE.replace("sk-1}", f"sk-1, {setting}}}")
    assert any("only `*` is special here" in problem for problem in problems(text))


def test_it_is_an_error_for_an_entry(problems: Problems) -> None:
    (problem,) = problems(BASE.replace("openai/*, l", "'openai/o1-.*', l"))
    assert problem.startswith("config.yaml:5:18: only `*` is special here")


def test_it_is_an_error_in_a_scope(problems: Problems) -> None:
    scopes = "scope_mappings: [{scope: s, models: ['o1-.*']}]"
    auth = f"enable_jwt_auth: true, litellm_jwtauth: {{enforce_scope_based_access: true, {scopes}}}"
    found = problems(BASE.replace("sk-1}", f"sk-1, {auth}}}"), {"JWT_PUBLIC_KEY_URL": "https://id.example/keys"})
    assert any("only `*` is special here" in problem for problem in found)


def test_a_group_of_that_very_name_is_a_name(read_text: Read) -> None:
    text = BASE.replace("[beta]", "['what?']") + "teams: [{team_id: t, models: ['what?']}]\n"
    assert read_text(text).warnings == ()


@pytest.mark.parametrize("setting", ["allowed_routes", "admin_only_routes"])
def test_a_route_of_another_language_is_an_error(problems: Problems, setting: str) -> None:
    (problem,) = problems(BASE.replace("sk-1}", f"sk-1, {setting}: ['/v1/.*']}}"))
    assert "`.*` in `/v1/.*` would be taken as it is" in problem


def test_a_route_of_another_language_is_an_error_for_a_key(problems: Problems) -> None:
    (problem,) = problems(f"{BASE}keys: [{{key_hash: 'sha256:{'0' * 64}', allowed_routes: ['/key/*/x']}}]\n")
    assert "a route is a path" in problem
