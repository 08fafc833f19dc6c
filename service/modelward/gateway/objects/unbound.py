"""What a request may not name: state at an upstream that is bound to nobody here, so that it may be anybody's."""

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.google_state import refuse_at_google
from modelward.gateway.objects.id_words import BUCKETS, ITEMS, LOCATION, MODEL_ID, NEVER, PURPOSE, STORED
from modelward.gateway.objects.purposes import BATCH, known_purpose
from modelward.gateway.objects.references import refuse_references
from modelward.gateway.routes import Route

_S3 = "s3://"


def refuse_unbound(route: Route, value: JsonObject) -> None:
    """Raises Invalid where an object of a body, at any depth, names such state."""
    for key in NEVER.keys() & value.keys():
        if isinstance(value[key], str | list | int | float) and not isinstance(value[key], bool):
            raise Invalid(f"`{key}` is not taken: {NEVER[key]}")
    if isinstance(audio := value.get("audio"), dict) and isinstance(audio.get("id"), str):
        raise Invalid("`audio.id` is not taken: spoken answers belong to nobody here; send their text")
    call = route.upstream
    if call is None:
        return
    if call.path == "uploads" and PURPOSE in value and known_purpose(value) == BATCH:
        raise Invalid("an upload in parts may not be a batch file: its lines would not be judged; use `POST /v1/files`")
    if call.dialect in {"google", "vertex"}:
        refuse_at_google(value)
    elif call.dialect == "bedrock":
        _refuse_at_bedrock(value)
    elif call.path.startswith("evals"):
        _refuse_stored(value)
    elif call.path.startswith(("responses", "conversations")):
        for field in ITEMS & value.keys():
            refuse_references(value[field])


def _refuse_at_bedrock(value: JsonObject) -> None:
    """A bucket is read with the credential of the deployment."""
    for key in BUCKETS & value.keys():
        place = value[key]
        if (isinstance(place, str) and place.strip().lower().startswith(_S3)) or (
            key == LOCATION and isinstance(place, dict)
        ):
            raise Invalid(f"`{key}` is not taken: what lies there belongs to nobody here; send the bytes")
    if isinstance(value.get(MODEL_ID), str):
        raise Invalid(f"`{MODEL_ID}` is not taken in a body, where it is not judged; name the model in the path")


def _refuse_stored(value: JsonObject) -> None:
    for key, types in STORED.items():
        inner = value.get(key)
        if isinstance(inner, dict) and isinstance(kind := inner.get("type"), str) and kind in types:
            raise Invalid(f"`{key}` of type `{kind}` is not taken: it reads what other callers stored; send a file")
