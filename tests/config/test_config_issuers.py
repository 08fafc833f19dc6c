"""Whose tokens are trusted (R1)."""

import pytest

from config.reading import TOKEN_ENVIRON, Problems, Read
from modelward.config.fields import Secrets
from modelward.contract import ClaimPaths, Issuer

ON = "general_settings:\n  master_key: sk-1\n  enable_jwt_auth: true\n"
MODELS = "model_list: [{model_name: a, litellm_params: {model: openai/a, mock_response: hi}}]\n"


def with_issuers(*issuers: str, common: str = "") -> str:
    """A config that lists these issuers."""
    lines = "".join(f"      - {{{issuer}}}\n" for issuer in issuers)
    return f"{ON}  litellm_jwtauth:\n    issuers:\n{lines}{common and f'    {common}'}\n{MODELS}"


def test_without_jwt_auth_nobody_is_trusted(read_text: Read) -> None:
    assert read_text(MODELS, TOKEN_ENVIRON).issuers == ()


def test_the_environment_describes_one_issuer(read_text: Read) -> None:
    environ = {
        "JWT_PUBLIC_KEY_URL": "https://one.example/keys, http://two.example:8080/keys,",
        "JWT_AUDIENCE": "gateway, other",
        "JWT_ISSUER": "https://one.example/",
    }
    text = f"{ON}  litellm_jwtauth: {{user_id_jwt_field: sub, public_key_ttl: 60}}\n{MODELS}"
    config = read_text(text, environ)
    assert config.issuers == (
        Issuer(
            key_urls=("https://one.example/keys", "http://two.example:8080/keys"),
            name="https://one.example/",
            audiences=("gateway", "other"),
            paths=ClaimPaths(user_id="sub"),
            key_seconds=60.0,
        ),
    )
    assert config.warnings == ()


def test_the_config_s_own_variables_count_too(read_text: Read) -> None:
    own = "environment_variables: {JWT_PUBLIC_KEY_URL: os.environ/KEYS, JWT_AUDIENCE: gateway}\n"
    (issuer,) = read_text(ON + MODELS + own, {"KEYS": "https://own.example/keys"}).issuers
    assert (issuer.key_urls, issuer.audiences) == (("https://own.example/keys",), ("gateway",))


def test_an_audience_that_is_not_set_is_warned_of(read_text: Read) -> None:
    config = read_text(ON + MODELS, {"JWT_PUBLIC_KEY_URL": "https://id.example/keys"})
    (warning,) = config.warnings
    assert (warning.line, warning.column) == (3, 20)
    assert warning.message == "`JWT_AUDIENCE` is not set: tokens that were issued for other services are trusted too"
    assert (config.issuers[0].audiences, config.issuers[0].name) == ((), None)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {"JWT_PUBLIC_KEY_URL": ""},
            "`JWT_PUBLIC_KEY_URL` in the environment is empty; set it to a text, or unset it",
        ),
        ({}, "needs `JWT_PUBLIC_KEY_URL` in the environment, or `issuers` under `litellm_jwtauth`"),
        (
            {"JWT_PUBLIC_KEY_URL": "file:///keys"},
            "an address in `JWT_PUBLIC_KEY_URL` must be an address that begins with `https://` or `http://`",
        ),
        (
            {"JWT_PUBLIC_KEY_URL": "https://id.example/.well-known/openid-configuration"},
            "an address in `JWT_PUBLIC_KEY_URL` is a discovery document, which is not read; "
            "write the address that it names as `jwks_uri`",
        ),
        (
            {"JWT_PUBLIC_KEY_URL": "\udcff"},
            "the environment variable `JWT_PUBLIC_KEY_URL` is not UTF-8; set it to text",
        ),
        ({"JWT_AUDIENCE": " , "}, "`JWT_AUDIENCE` in the environment is empty; set it to a text, or unset it"),
        ({"JWT_ISSUER": ""}, "`JWT_ISSUER` in the environment is empty; set it to a text, or unset it"),
    ],
)
def test_a_faulty_environment_is_a_problem(problems: Problems, environ: dict[str, str], expected: str) -> None:
    base = {} if not environ else TOKEN_ENVIRON
    assert f"config.yaml:3:20: `enable_jwt_auth`: {expected}" in problems(ON + MODELS, {**base, **environ})


@pytest.mark.parametrize("secrets", ["keep", "refuse"])
def test_where_nothing_is_served_the_claims_are_known_and_the_addresses_of_keys_are_not(
    read_text: Read, secrets: Secrets
) -> None:
    paths = "  litellm_jwtauth: {user_id_jwt_field: sub}\n"
    (unset,) = read_text(ON + paths + MODELS, secrets=secrets).issuers
    (known,) = read_text(ON + paths + MODELS, TOKEN_ENVIRON | {"JWT_ISSUER": "i"}, secrets=secrets).issuers
    assert unset == Issuer((), None, (), ClaimPaths(user_id="sub"))
    assert known == Issuer((), "i", (), ClaimPaths(user_id="sub"))


@pytest.mark.parametrize("secrets", ["keep", "refuse"])
def test_where_nothing_is_served_listed_issuers_have_the_names_that_the_environment_gives(
    read_text: Read, secrets: Secrets
) -> None:
    text = with_issuers("issuer: os.environ/I, jwks_url: os.environ/U, audience: a")
    (unset,), (known,) = (read_text(text, environ, secrets=secrets).issuers for environ in ({}, {"I": "i"}))
    assert (unset.key_urls, unset.name) == ((), None)
    assert (known.key_urls, known.name) == ((), "i")


def test_listed_issuers_have_their_own_claims_before_the_common_ones(read_text: Read) -> None:
    text = with_issuers(
        "issuer: https://one.example, jwks_url: https://one.example/keys, audience: a, user_id_jwt_field: sub",
        "issuer: os.environ/TWO, public_key_url: os.environ/KEYS, audience: [a, b]",
        "issuer: three, jwks_url: https://three.example/keys, disable_audience_validation: true",
        common="user_id_jwt_field: uid",
    )
    environ = {"TWO": "https://two.example/", "KEYS": "https://two.example/jwks"}
    config = read_text(text, environ)
    assert config.issuers == (
        Issuer(("https://one.example/keys",), "https://one.example", ("a",), ClaimPaths(user_id="sub")),
        Issuer(("https://two.example/jwks",), "https://two.example/", ("a", "b"), ClaimPaths(user_id="uid")),
        Issuer(("https://three.example/keys",), "three", (), ClaimPaths(user_id="uid")),
    )
    assert config.warnings == ()


def test_variables_that_listed_issuers_leave_unused_are_warned_of(read_text: Read) -> None:
    text = with_issuers("issuer: i, jwks_url: https://i.example/keys, audience: a")
    (warning,) = read_text(text, {"JWT_PUBLIC_KEY_URL": "https://id.example/keys"}).warnings
    assert (warning.line, warning.column) == (3, 20)
    assert warning.message == (
        "`JWT_PUBLIC_KEY_URL` is not used, as `issuers` are listed: tokens of other issuers are refused"
    )


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        ("jwks_url: https://i.example/keys, audience: a", "6:9: `issuer` is missing"),
        ("issuer: , jwks_url: https://i.example/keys, audience: a", "6:18: `issuer` must be text, not nothing"),
        ("issuer: '', jwks_url: https://i.example/keys, audience: a", "6:18: `issuer`: must not be empty"),
        (
            "issuer: i, audience: a",
            "6:9: item 1 of `issuers`: needs `jwks_url`, the address of its public keys: "
            "discovery documents are not read",
        ),
        (
            "issuer: i, jwks_url: i.example, audience: a",
            "6:31: `jwks_url`: must be an address that begins with `https://` or `http://`",
        ),
        (
            "issuer: i, jwks_url: 'http://[', audience: a",
            "6:31: `jwks_url`: must be an address that begins with `https://` or `http://`",
        ),
        (
            "issuer: i, jwks_url: https://i.example/.well-known/openid-configuration, audience: a",
            "6:31: `jwks_url`: is a discovery document, which is not read; "
            "write the address that it names as `jwks_uri`",
        ),
        (
            "issuer: i, jwks_url: os.environ/UNSET, audience: a",
            "6:31: `jwks_url`: the environment variable `UNSET` is not set; "
            "set it, or name it in `environment_variables`",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys",
            "6:9: item 1 of `issuers`: needs `audience` or `disable_audience_validation: true`, and not both",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: a, disable_audience_validation: true",
            "6:9: item 1 of `issuers`: needs `audience` or `disable_audience_validation: true`, and not both",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: ['']",
            "6:66: item 1 of `audience`: must not be empty",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: a, team_jwt_field: t",
            "6:68: `team_jwt_field` is unknown; did you mean `team_id_jwt_field`?",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: a, end_user_id_jwt_field: t",
            "6:68: `end_user_id_jwt_field` is not supported yet, and ignoring it could widen access; remove it",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: a, user_roles_jwt_field: t",
            "6:68: `user_roles_jwt_field` needs `user_allowed_roles`; set both, or remove this",
        ),
        (
            "issuer: i, jwks_url: https://i.example/keys, audience: a, object_id_jwt_field: t",
            "6:68: `object_id_jwt_field` needs `role_mappings`, which say whose id it is; set them, or remove this",
        ),
    ],
)
def test_a_faulty_issuer_is_reported_at_its_place(problems: Problems, issuer: str, expected: str) -> None:
    assert problems(with_issuers(issuer)) == [f"config.yaml:{expected}"]


def test_an_issuer_listed_twice_is_refused(problems: Problems) -> None:
    twice = ["issuer: i, jwks_url: https://i.example/keys, audience: a"] * 2
    assert problems(with_issuers(*twice)) == ["config.yaml:7:18: the issuer `i` is listed twice; keep one"]
