"""One line of a batch file, read as the call that it is (M1)."""

from dataclasses import dataclass

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway import body
from modelward.gateway.batch.cutting import Numbered
from modelward.gateway.customers import customer_id
from modelward.gateway.endpoints.batched import BATCHED
from modelward.gateway.footprint import Footprint, footprint
from modelward.gateway.objects import ObjectId, ids_of
from modelward.gateway.outgoing import Outgoing, Rename
from modelward.gateway.routes import Match, Router

_FIELDS = frozenset({"custom_id", "method", "url", "body"})
_SHAPE = 'a line is {"custom_id": ..., "method": "POST", "url": ..., "body": {...}}'

Group = tuple[str, str | None]
"""What lines are judged together by: their `url`, and the customer they name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One call. `footprint` holds its models, the one that answers first, and `ids` the objects that it names."""

    number: int
    custom_id: str
    url: str
    match: Match
    body: JsonObject
    footprint: Footprint
    customer: str | None
    ids: list[ObjectId]

    @property
    def group(self) -> Group:
        """Which lines it is judged with."""
        return self.url, self.customer

    @property
    def answering(self) -> str:
        """The model that answers it."""
        return self.footprint.models[0]

    def written(self, rename: Rename) -> JsonObject:
        """The line as it travels, each name in it replaced by what `rename` says."""
        outgoing = Outgoing(self.match.route, self.body)
        named = outgoing.named(rename(self.answering), rename)
        return {"custom_id": self.custom_id, "method": "POST", "url": self.url, "body": named}

    def travelling(self) -> list[str]:
        """The names that stand in the line as it travels; those of fallbacks do not."""
        if len(self.footprint.models) == 1:
            return self.footprint.models
        found = list[str]()

        def note(name: str) -> str:
            found.append(name)
            return name

        self.written(note)
        return found


class LineReader:
    """Reads lines. `completion_model` and `model_fields` are the config's (M6, M7); `customer` is the one that the
    upload itself names."""

    def __init__(
        self,
        router: Router,
        completion_model: str | None,
        customer: str | None,
        model_fields: tuple[str, ...] = (),
    ) -> None:
        self._router = router
        self._completion_model = completion_model
        self._model_fields = model_fields
        self._customer = customer

    def read(self, numbered: Numbered) -> Line:
        """The line. Raises Invalid, which names its number, for what is no call of OpenAI's style with a JSON body."""
        number, raw = numbered
        try:
            return self._read(number, body.parse((), raw))
        except Invalid as error:
            raise Invalid(f"line {number} of the file: {error}") from None

    def _read(self, number: int, line: JsonObject) -> Line:
        custom_id, url, call = line.get("custom_id"), line.get("url"), line.get("body")
        if not (line.keys() == _FIELDS and isinstance(custom_id, str) and isinstance(call, dict)):
            raise Invalid(f"it is no call; {_SHAPE}")
        if line["method"] != "POST":
            raise Invalid("its `method` must be `POST`")
        match = self._match(url)
        found = footprint(match, b"", call, self._completion_model)
        if not found.models:
            raise Invalid("its `body` names no model; name one")
        ids = ids_of(match.route, {}, call)
        return Line(number, custom_id, match.route.template, match, call, found, self._customer_of(call), ids)

    def _match(self, url: object) -> Match:
        match = self._router.find("POST", url) if isinstance(url, str) and url in BATCHED else None
        if match is None:
            raise Invalid("its `url` is no path that a batch can call; send one such as `/v1/chat/completions`")
        return match.naming(self._model_fields)

    def _customer_of(self, call: JsonObject) -> str | None:
        own = customer_id((), call)
        if own and self._customer and own != self._customer:
            raise Invalid("it names another customer than the upload does; name one")
        return own or self._customer
