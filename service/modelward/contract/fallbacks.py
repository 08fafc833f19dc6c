"""Which models stand in for one that fails; not shared with Rego."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Targets = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The config's fallbacks (F2), each a model's name, or `*` for every other, with its targets in order.

    `general` answer all other failures, `context_window` a request that is too long for the model, `content_policy`
    one that the upstream refuses for its content.
    """

    general: Targets = field(default_factory=dict)
    context_window: Targets = field(default_factory=dict)
    content_policy: Targets = field(default_factory=dict)
