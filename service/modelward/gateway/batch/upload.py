"""The upload of a batch file, read: what is named beside its lines, and what they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelward.errors import Invalid
from modelward.gateway.batch.groups import Groups
from modelward.gateway.batch.lines import LineReader
from modelward.gateway.batch.scanning import scanned
from modelward.gateway.content import Content
from modelward.gateway.customers import customer_id
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import Footprint, footprint
from modelward.gateway.forms.form import Form
from modelward.gateway.forms.parts import FilePart
from modelward.gateway.large import worked
from modelward.gateway.objects import BATCH, ObjectId, ids_of, known_purpose
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import Router

_FIELD = "file"


@dataclass(frozen=True, slots=True)
class Upload:
    """`footprint` and `customer` are what the request names beside the lines, `groups` what these ask for; `ids` are
    objects that tell in which account the file must lie."""

    form: Form
    file: FilePart
    footprint: Footprint
    customer: str | None
    reader: LineReader
    groups: Groups
    ids: Sequence[ObjectId]


async def read_upload(exchange: Exchange, content: Content, router: Router) -> Upload | None:
    """Reads the whole file; `None` for one of another purpose. Raises Invalid, and OSError when it cannot be read."""
    match, fields, snapshot = exchange.match, content.fields, exchange.snapshot
    found = await worked(
        content.size,
        lambda: footprint(match, exchange.query, fields, snapshot.completion_model, exchange.headers),
    )
    purpose = known_purpose(forwarded(match.route, fields))
    ids = ids_of(match.route, {}, fields)
    if purpose != BATCH or not isinstance(content, Form):
        if ids:
            raise Invalid("the form of a file names other objects; leave them out")
        return None
    if [file.name for file in content.files] != [_FIELD]:
        raise Invalid(f"a batch file is one file, the part `{_FIELD}` of the form; send it so")
    customer = customer_id(exchange.headers, fields)
    file = content.files[0]
    reader = LineReader(router, snapshot.completion_model, customer, snapshot.model_fields)
    groups = await scanned(file, reader)
    return Upload(content, file, found, customer, reader, groups, [*ids, *groups.ids])
