"""The rules of the policies as a table, read from the METADATA of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from modelward.bundle.policies import policies_digest, policy_files, shown
from modelward.contract import Rule
from modelward.errors import PolicyError, Problem
from modelward.hints import hint

_NOTES = "notes"
_NOT_GIVEN = {"name", "folder", "title"}
_KNOWN = [*(field for field in Rule.model_fields if field not in _NOT_GIVEN), _NOTES]
_BLOCK = re.compile(r"^#[ \t]*METADATA[ \t]*\n((?:#.*\n)*)", re.MULTILINE)
_PACKAGE = re.compile(r"^package\b", re.MULTILINE)

Rules = Mapping[str, Rule]
"""By name, in the order of their refusals; those without a place come last."""


def read_rules(policies: Path) -> Rules:
    """The rules of the policies. Raises BundleError where these cannot be read, and PolicyError with every problem of
    their METADATA."""
    return _read(policies, policies_digest(policies))


@lru_cache(maxsize=8)
def _read(policies: Path, _digest: str) -> Rules:
    reader = _Reader()
    for folder in ("rules", "token_rules"):
        root = policies / "modelward" / folder
        for name, files in groupby(policy_files(root), key=lambda path: path.relative_to(root).parts[0]):
            reader.rule(list(files), name, folder)
    for path in policy_files(policies / "modelward" / "verdict"):
        reader.verdict(path)
    if reader.problems:
        raise PolicyError(reader.problems)
    in_order = sorted(reader.found.values(), key=lambda rule: (rule.order is None, rule.order or 0, rule.name))
    return {rule.name: rule for rule in in_order}


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a map in METADATA: where its name begins, and its value."""

    line: int
    column: int
    node: yaml.Node

    @property
    def fields(self) -> dict[str, "_Field"]:
        """The fields of its value, which is a map; no field of what is none."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        marks = ((name.value, name.start_mark, value) for name, value in pairs)
        return {str(name): _Field(mark.line + 1, mark.column + 1, value) for name, mark, value in marks}

    @property
    def value(self) -> Any:
        """Its value in Python."""
        return yaml.SafeLoader("").construct_document(self.node)


class _Reader:
    """Takes the rules from files; `problems` are those of their METADATA."""

    def __init__(self) -> None:
        self.found: dict[str, Rule] = {}
        self.problems: list[Problem] = []

    def rule(self, files: Sequence[Path], name: str, folder: str) -> None:
        """The files of a rule, of which one may have `custom`."""
        described = [(path, self._package(path)) for path in files]
        path, about = next((each for each in described if "custom" in each[1]), described[0])
        for other, more in described:
            if other != path and "custom" in more:
                message = f"the rule `{name}` has `custom` in `{path.name}` too; put it into one file"
                self._say(other, more["custom"], message)
        custom = about["custom"].fields if "custom" in about else {}
        self._add(path, custom, name=name, folder=folder, title=str(about["title"].value) if "title" in about else "")

    def verdict(self, path: Path) -> None:
        """A file of the verdict, whose METADATA describes what it refuses by itself."""
        about = self._package(path)
        refusals = about["custom"].fields.get("refusals") if "custom" in about else None
        for name, each in (refusals.fields if refusals else {}).items():
            self._add(path, each.fields, name=name, folder="verdict")

    def _add(self, path: Path, custom: Mapping[str, _Field], **given: str) -> None:
        name = given["name"]
        if name in self.found:
            message = f"there is another rule `{name}`, in `{self.found[name].folder}`; rename this one"
            self.problems.append(Problem(shown(path), 1, 1, message))
            return
        try:
            values = {field: each.value for field, each in custom.items() if field != _NOTES}
            self.found[name] = Rule.model_validate({**values, **given})
        except ValidationError as error:
            self.found[name] = Rule(name=name)
            for problem in error.errors():
                field = str(problem["loc"][0])
                self._say(path, custom[field], _wrong(field, custom[field]))

    def _package(self, path: Path) -> dict[str, _Field]:
        """The METADATA of the package of a file; what only a rule's package has is a problem further down."""
        text = path.read_text(encoding="utf-8", errors="replace")
        package = _PACKAGE.search(text)
        about: dict[str, _Field] = {}
        for block in _BLOCK.finditer(text):
            fields = self._fields(path, text, block)
            if package and block.start() < package.start():
                about = fields
            elif "custom" in fields:
                for name, field in fields["custom"].fields.items():
                    if name in _KNOWN and name != _NOTES:
                        self._say(path, field, f"`{name}` belongs in the METADATA of the package")
        return about

    def _fields(self, path: Path, text: str, block: re.Match[str]) -> dict[str, _Field]:
        before = text.count("\n", 0, block.start(1))
        try:
            node = yaml.compose("\n" * before + re.sub("^#", " ", block[1], flags=re.MULTILINE), yaml.CSafeLoader)
            return {} if node is None else _Field(before + 1, 1, node).fields
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line if mark else before
            self.problems.append(Problem(shown(path), line + 1, 1, "METADATA must be YAML; look here and before"))
            return {}

    def _say(self, path: Path, field: _Field, message: str) -> None:
        self.problems.append(Problem(shown(path), field.line, field.column, message))


def _wrong(field: str, found: _Field) -> str:
    if field not in _KNOWN:
        known = f"; it has {', '.join(f'`{each}`' for each in _KNOWN)}, the last for anything else"
        return f"`custom` of a rule has no `{field}`{hint(field, _KNOWN) or known}"
    return f"`{field}` must be {Rule.model_fields[field].description}, not `{found.value}`"
