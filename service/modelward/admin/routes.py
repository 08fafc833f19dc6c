"""The routes that the kinds of records have in common."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from inspect import getdoc
from math import ceil
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from modelward.admin.errors import MISSING, MISSING_OR_TAKEN
from modelward.admin.fields import Name
from modelward.admin.models import RecordAnswer, RecordFields
from modelward.admin.name_warnings import WarningRoute
from modelward.contract import Caller, StoredRecord, Subject
from modelward.store import RecordTable

R = TypeVar("R", bound=StoredRecord)
Now = Callable[[], datetime]
"""The time in UTC."""
Handler = Callable[[Any, Request], Awaitable[Any]]
"""Answers what was sent."""


PAGE = {"total_count": int, "current_page": int, "total_pages": int}
"""What the answer with a page says of all pages."""


def counted(total: int, page: int, size: int) -> dict[str, int]:
    """The same for a page with a number; pages count from 1."""
    return {"total_count": total, "current_page": page, "total_pages": ceil(total / size)}


def new_id() -> str:
    """The id of a record whose client chose none."""
    return str(uuid.uuid4())


class RecordRoutes(Generic[R]):
    """The routes of one kind of record. A kind adds to `router` those of these that it has, and its own.

    ID is the field with the id of a record, and ANSWER shows a record.
    """

    PREFIX: ClassVar[str]
    TAG: ClassVar[str]
    ID: ClassVar[str]
    ANSWER: ClassVar[type[RecordAnswer]]

    def __init__(self, table: RecordTable[R], now: Now) -> None:
        self.router = APIRouter(prefix=self.PREFIX, tags=[self.TAG], route_class=WarningRoute)
        self.table = table
        self.now = now

    def add(
        self, path: str, handler: Handler, model: type[BaseModel], answer: Any = None, says: str = "", **options: Any
    ) -> None:
        """A route to a handler that many kinds have, for the `model` that this kind reads. `answer` is what it shows if
        that is no record, `says` describes it if the handler does not, and `options` are FastAPI's."""

        async def read(sent: model, request: Request) -> Any:  # type: ignore[valid-type]
            return await handler(sent, request)

        options = {"methods": ["POST"], "responses": MISSING_OR_TAKEN, "description": says or getdoc(handler)} | options
        self.router.api_route(path, name=handler.__name__, response_model=answer or self.ANSWER, **options)(read)

    def add_info(self, says: str, example: str, parameter: str | None = None) -> None:
        """The route that shows a record, named by the `parameter`, or else by its ID; `example` is such a name."""
        query = Query(alias=parameter or self.ID, examples=[example])

        async def info(record_id: Annotated[Name, query]) -> R:
            return await self.table.get(record_id)

        self.router.get("/info", description=says, responses=MISSING, response_model=self.ANSWER)(info)

    def add_list(self, says: str, answer: Any, path: str = "/list") -> None:
        """The route that shows all records, `answer` being a list of ANSWER."""

        async def list_all() -> list[R]:
            return await self.table.all()

        self.router.get(path, description=says, response_model=answer)(list_all)

    async def new(self, sent: Any, request: Request) -> Any:
        """Make a record, with an id if none is sent."""
        bare: Any = sent.SUBJECT(**{self.ID: getattr(sent, self.ID) or new_id()})
        return await self.answer(await self.make(bare, sent, request))

    async def update(self, sent: Any, request: Request) -> Any:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        return await self.changed(await self.change(getattr(sent, self.ID), sent, request))

    async def delete(self, sent: Any, _: Request) -> Any:
        """Delete records, all or none."""
        return await self.deleted(await self.table.remove(getattr(sent, f"{self.ID}s")))

    async def block(self, sent: Any, request: Request) -> Any:
        """Refuse a record until it is unblocked."""
        return await self._set_blocked(getattr(sent, self.ID), True, request)

    async def unblock(self, sent: Any, request: Request) -> Any:
        """Let a blocked record in again."""
        return await self._set_blocked(getattr(sent, self.ID), False, request)

    async def _set_blocked(self, record_id: str, blocked: bool, request: Request) -> Any:
        changed = {"blocked": blocked}
        return await self.answer(await self.table.change(record_id, lambda each: self._signed(each, changed, request)))

    async def answer(self, record: R) -> Any:
        """What is shown of a record, as far as ANSWER needs more."""
        return record

    async def changed(self, record: R) -> Any:
        """The answer about a record that was changed."""
        return await self.answer(record)

    async def deleted(self, records: list[R]) -> Any:
        """The answer about records that were deleted."""
        return records

    async def make(self, bare: R, sent: RecordFields, request: Request) -> R:
        """Store a new record with the fields that were sent. Raises Invalid and Conflict."""
        return await self.table.add(self.made(bare, sent, request))

    def made(self, bare: R, sent: RecordFields, request: Request) -> R:
        """A new record with the fields that were sent, not stored yet. Raises Invalid."""
        return self._signed(self.edited(bare, sent, request), {}, request, "created")

    async def change(self, record_id: str, sent: RecordFields, request: Request) -> R:
        """Change the fields of a record that were sent. Raises Invalid, NotFound and Conflict."""
        return await self.table.change(record_id, lambda record: self.edited(record, sent, request))

    def edited(self, record: R, sent: RecordFields, request: Request) -> R:
        """The record with the fields that were sent. Raises Invalid."""
        changes = {**sent.changes(self.now()), "extra": {**record.extra, **sent.others}}
        return self._signed(record, changes, request)

    def _signed(self, record: R, changes: dict[str, Any], request: Request, what: str = "updated") -> R:
        """The record with these changes, and with who made them when, as far as it says so: the user, else the key's
        alias or hash, else `master` or `jwt`."""
        caller: Caller = request.state.caller
        subject: Subject = request.state.subject
        of_key = (caller.key.key_alias or caller.key.token) if caller.key is not None else caller.kind
        signed = {**changes, f"{what}_at": self.now(), f"{what}_by": subject.user_id or of_key}
        fields = type(record).model_fields
        return record.model_copy(update={name: value for name, value in signed.items() if name in fields})
