"""What a file is for: an upstream might read any other word as one that has it run, so only these are taken."""

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.id_words import PURPOSE

BATCH = "batch"
_KNOWN = ("assistants", BATCH, "evals", "fine-tune", "user_data", "vision")


def known_purpose(fields: JsonObject) -> str:
    """The purpose of a file, byte for byte one of those that are known. Raises Invalid."""
    purpose = fields.get(PURPOSE)
    if not isinstance(purpose, str) or purpose not in _KNOWN:
        raise Invalid(f"`{PURPOSE}` must be sent once, as one of {', '.join(f'`{each}`' for each in _KNOWN)}")
    return purpose
