"""A LiteLLM `config.yaml`, read with positions and checked (spec section 11)."""

from modelward.config.config import Config, GlobalAlias, Model
from modelward.config.keys import DeclaredKey
from modelward.config.place import Place
from modelward.config.published_names import PublishedNames, published_names
from modelward.config.read import read
from modelward.config.spellings import Spellings, frames, inner, key, spellings
from modelward.config.subjects import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredMember,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)

__all__ = [
    "Config",
    "DeclaredAccessGroup",
    "DeclaredCustomer",
    "DeclaredKey",
    "DeclaredMember",
    "DeclaredOrganization",
    "DeclaredProject",
    "DeclaredTeam",
    "DeclaredUser",
    "GlobalAlias",
    "Model",
    "Place",
    "PublishedNames",
    "Spellings",
    "frames",
    "inner",
    "key",
    "published_names",
    "read",
    "spellings",
]
