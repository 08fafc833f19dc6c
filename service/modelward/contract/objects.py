"""What a caller made at an upstream and may name again: responses, files, batches and the like."""

from dataclasses import dataclass
from typing import Literal

ObjectKind = Literal[
    "assistant",
    "batch",
    "cited_file",
    "container",
    "conversation",
    "eval",
    "file",
    "fine_tuning_job",
    "item",
    "message_batch",
    "response",
    "thread",
    "upload",
    "vector_store",
    "video",
]


@dataclass(frozen=True, slots=True)
class Use:
    """What running an object asks for: a POST to `path`, for `models`, in the name of a customer.

    `upstream` are the upstream's own names that were written for `models`, in the same order.
    """

    path: str
    models: tuple[str, ...]
    upstream: tuple[str, ...]
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class StateObject:
    """An object bound to who made it. `id` is the upstream's, byte for byte; `deployment` the id of the deployment it
    was made through; `uses` what must be judged again when it is run. `owner` is a text of the form `team:t1`.
    """

    kind: ObjectKind
    id: str
    owner: str
    deployment: str
    uses: tuple[Use, ...] = ()
