"""One change with what it does to a situation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelward.contract import JsonObject
from modelward.explain.holders import place, title, update, way_of
from modelward.explain.judged import Judged
from modelward.explain.report import Call
from modelward.explain.situation import Edit, Record, Situation


@dataclass(frozen=True, slots=True)
class Step:
    """A change in words, where or how it is made, and its effect; `edit` is `None` where the effect is not known."""

    words: str
    edit: Edit | None
    place: str | None = None
    call: Call | None = None


Remedy = Callable[[Judged, str], Step | None]
"""What a denial by the rule of that name needs; `None` where another rule's change is what is needed."""


def setting(judged: Judged, record: Record, words: str, fields: JsonObject, effect: Mapping[str, object]) -> Step:
    """Fields of a record get other values; `fields` in the words of the API, `effect` in those of the contract."""

    def edit(situation: Situation) -> Situation:
        return situation.with_record(record, lambda found: found.model_copy(update=dict(effect)))

    return recorded(judged, record, words, fields, edit)


def adding(judged: Judged, record: Record, names: Sequence[str], without: Sequence[str] = ()) -> Step:
    """Names are added to the list of a record, in the place of those in `without`."""

    def longer(models: Iterable[str]) -> list[str]:
        return list(dict.fromkeys([*(model for model in models if model not in without), *names]))

    def edit(situation: Situation) -> Situation:
        return situation.with_record(record, lambda found: found.model_copy(update={"models": longer(found.models)}))

    field = way_of(record).models
    words = f"add {quoted(names)} to `{field}` of {title(record)}"
    if without:
        words = f"replace {quoted(without)} by {quoted(names)} in `{field}` of {title(record)}"
    return recorded(judged, record, words, {field: longer(record.models)}, edit)


def recorded(judged: Judged, record: Record, words: str, fields: JsonObject, edit: Edit) -> Step:
    """A change of a record: in the config where that declares it, else by the API."""
    declared = place(record, judged.places)
    return Step(words, edit, declared, None if declared else update(record, fields))


def quoted(names: Iterable[str]) -> str:
    """Names as they stand in a sentence."""
    return ", ".join(f"`{name}`" for name in names)
