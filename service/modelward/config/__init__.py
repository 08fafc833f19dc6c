"""A LiteLLM `config.yaml`, read with positions and checked (spec section 11)."""

from modelward.config.config import Config, GlobalAlias, Model
from modelward.config.providers import Providers, providers
from modelward.config.read import read
from modelward.config.subjects import DeclaredKey, DeclaredTeam, DeclaredUser

__all__ = [
    "Config",
    "DeclaredKey",
    "DeclaredTeam",
    "DeclaredUser",
    "GlobalAlias",
    "Model",
    "Providers",
    "providers",
    "read",
]
