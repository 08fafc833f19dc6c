"""Where an answer shows items of a response or a conversation, and what else may be named again with them."""

from modelward.contract import ObjectKind

Made = tuple[tuple[str, ObjectKind], ...]

_CITATION = "content[].annotations[]"


def shown_items(place: str = "") -> Made:
    """What the items at `place` in an answer show, the answer itself where it is empty: their ids, the containers that
    they ran in, and the files that they cite."""
    head = f"{place}." if place else ""
    return (
        (f"{head}id", "item"),
        (f"{head}container_id", "container"),
        (f"{head}environment.container_id", "container"),
        (f"{head}{_CITATION}.container_id", "container"),
        (f"{head}{_CITATION}.file_id", "cited_file"),
    )


MESSAGE: Made = (("container.id", "container"), ("content[].content.content[].file_id", "cited_file"))
"""What a message of Anthropic's shows: the container that its tools ran in, and the files that they wrote."""

OUTPUT = shown_items("output[]")
"""What a response shows beside its own id."""
