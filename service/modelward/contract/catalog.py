"""`data.catalog`: what decisions are made from."""

from typing import Literal

from pydantic import Field

from modelward.contract.caller import TokenSettings
from modelward.contract.subjects import AccessGroup, Contract, Customer, Key, Member, Organization, Project, Team, User

OutOfService = Literal["provider_not_configured", "provider_not_spoken"]


class Unserved(Contract):
    """A deployment that takes no calls, and why; `groups` are its access groups (E5)."""

    why: OutOfService
    groups: dict[str, Literal[True]] = {}


class Entry(Contract):
    """One model name of the catalogue; `deployments` maps each deployment's id to its access groups as an object
    keyed by group (C1, C8). Those that take no calls are in `out_of_service`; `groups` are those of all."""

    deployments: dict[str, dict[str, Literal[True]]]
    out_of_service: dict[str, Unserved] = {}
    groups: dict[str, Literal[True]] = {}


class Wildcard(Contract):
    """A wildcard entry; the lowest `rank` among those that match is the most specific (C3)."""

    name: str
    rank: int


class Family(Contract):
    """Models whose names match `pattern` are the publisher's, at Vertex AI."""

    pattern: str
    publisher: str


class Folding(Contract):
    """Which spellings of a model's name providers take for the same (M8).

    Where `case` is set, upper and lower case are the same. `pattern`, if any, has three groups: a publisher, the model,
    and a version or the like. `forms` are the spellings, with `{publisher}` and `{model}`; the first of `families` that
    fits tells the publisher of a name that has none. A name that begins with `last_of` is what follows its last `/`.
    """

    case: bool = False
    pattern: str = ""
    forms: list[str] = ["{model}"]
    families: list[Family] = []
    last_of: str = ""

    @property
    def folds(self) -> bool:
        """Whether it takes any two spellings for the same."""
        return self.case or bool(self.pattern)


class Fill(Contract):
    """How a wildcard entry's name and the upstream's own name go together (M8).

    `name` and `model` are the literal texts around what is filled in, `folding` a key of the catalogue's foldings.
    `beside` are what else may be before the upstream's name in a name, such as `openai/`. `narrower`: there are more
    specific wildcard entries that such a name may match.
    """

    folding: str
    name: tuple[str, str]
    model: tuple[str, str]
    beside: list[str] = []
    narrower: bool = False


class Scope(Contract):
    """Entries that are looked up together. `wildcards` is keyed by the literal text before the first `*`, `lengths`
    are the distinct lengths of those keys; `names` maps other names of an entry to its public name (C6).

    `fills` are those of every wildcard entry. `spelled` has, by wildcard entry, the keys of the names that narrower
    entries have, each after its folding and a `:`; `folded` are the wildcards in lower case (M8).

    `kinds` has, for each entry of the common scope that is no wildcard, the first one that differs from it in its name
    only: with the same access groups, and under the same providers.
    """

    entries: dict[str, Entry] = {}
    wildcards: dict[str, list[Wildcard]] = {}
    lengths: list[int] = []
    names: dict[str, str] = {}
    fills: dict[str, list[Fill]] = {}
    spelled: dict[str, dict[str, Literal[True]]] = {}
    folded: dict[str, list[Wildcard]] = {}
    kinds: dict[str, str] = {}


class Alias(Contract):
    """A global alias and its final target (C5)."""

    target: str
    hidden: bool = False


class Settings(Contract):
    """The proxy-wide settings that a rule reads; `None` where a route list is not set (A3, G1, L11, F2)."""

    empty_list: Literal["allow", "deny"] = "allow"
    allowed_routes: list[str] | None = None
    admin_only_routes: list[str] = []
    personal_keys_from_teams: bool = False
    enforce_fallback_model_access: bool = True


class Catalog(Contract):
    """`data.catalog`: all that decisions are made from, apart from the subjects kept in the store.

    `reserved` are the names of access groups and the special names, which are no models (C7). `providers` are those of
    each published name, `provider_names` those that the config adds for just a name (C4). Declared subjects are keyed
    by id, members by team and user (K2). `rules` and `token_rules` are the rules that the policies have: one of them
    that does not say what it denies refuses everything (L10). `alike` are those that judge models alike which lists
    hold alike. `order` is the place of those that have one among all that refuse, lowest first (A4, A6).
    """

    revision: str = ""
    common: Scope = Scope()
    teams: dict[str, Scope] = {}
    aliases: dict[str, Alias] = {}
    reserved: dict[str, Literal[True]] = {}
    providers: dict[str, list[str]] = {}
    provider_names: dict[str, list[str]] = {}
    foldings: dict[str, Folding] = {}
    settings: Settings = Settings()
    tokens: TokenSettings = TokenSettings()
    rules: dict[str, Literal[True]] = {}
    token_rules: dict[str, Literal[True]] = {}
    alike: dict[str, Literal[True]] = {}
    order: dict[str, int] = {}
    declared_keys: dict[str, Key] = Field(default={})
    declared_teams: dict[str, Team] = Field(default={})
    declared_members: dict[str, dict[str, Member]] = Field(default={})
    declared_users: dict[str, User] = Field(default={})
    declared_projects: dict[str, Project] = Field(default={})
    declared_organizations: dict[str, Organization] = Field(default={})
    declared_customers: dict[str, Customer] = Field(default={})
    declared_access_groups: dict[str, AccessGroup] = Field(default={})
