"""What verifies tokens, and how it refuses them."""

from typing import Any

import pytest

from harness.issuer import Issuer
from modelward import contract
from modelward.errors import Unidentified
from modelward.identity import KeySets, Tokens


def tokens(keys: KeySets, *issuers: contract.Issuer) -> Tokens:
    """What verifies the tokens of those issuers."""
    return Tokens(lambda: issuers, keys)


def trusted(idp: Issuer, **fields: Any) -> contract.Issuer:
    """That issuer as the config names it."""
    return contract.Issuer(key_urls=(idp.url,), **fields)


async def refusal(verifier: Tokens, raw: str) -> Unidentified:
    """How that token is refused; what was sent is never told."""
    with pytest.raises(Unidentified) as refused:
        await verifier.verify(raw)
    assert not [part for part in raw.split(".") if len(part) > 8 and part in str(refused.value)]
    assert "\n" not in str(refused.value)
    assert refused.value.status == 401
    return refused.value


async def kind(verifier: Tokens, raw: str) -> str:
    """The error type of the refusal."""
    return (await refusal(verifier, raw)).kind
