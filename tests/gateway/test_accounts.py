"""Which deployments share an account."""

from modelward.contract import Deployment
from modelward.gateway.upstream.providers import account, beside


def at(api_base: str | None, key: str = "k", provider: str = "openai", organization: str | None = None) -> Deployment:
    """A deployment at an address."""
    return Deployment("d", "e", provider, "m", api_key=key, api_base=api_base, organization=organization)


def test_a_providers_own_address_is_the_one_it_has_without_saying() -> None:
    assert account(at(None)) == account(at("https://api.openai.com/v1"))


def test_a_slash_at_the_end_of_an_address_means_nothing() -> None:
    assert beside(at("https://host/v1"), [at("https://host/v1/")])


def test_another_key_address_or_provider_is_another_account() -> None:
    others = [at("https://host/v1", key="x"), at("https://other/v1"), at("https://host/v1", provider="azure")]
    others.append(at("https://host/v1", organization="org-1"))
    assert not beside(at("https://host/v1"), others)
