"""One YAML file read into nodes that know their place."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from modelward.errors import ConfigError, Problem

MAX_DEPTH = 100


def compose(path: Path, name: str) -> yaml.MappingNode:
    """The map that the file holds; every node's mark carries `name`, the file as messages show it.

    Raises ConfigError when the file cannot be read or is not YAML 1.1 in UTF-8 with one map.
    """
    with _problems(name):
        node = yaml.compose(_Named(_text(path, name), name), Loader=_Loader)
    if node is None:
        raise _error(name, "the file is empty; it needs at least `model_list`")
    if not isinstance(node, yaml.MappingNode):
        raise _error(name, "the file must hold a map of settings such as `model_list:`", node.start_mark)
    return node


def problem_at(mark: yaml.Mark, message: str) -> Problem:
    """A problem at a place of a file."""
    return Problem(mark.name, mark.line + 1, mark.column + 1, message)


class _Named(io.StringIO):
    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


class _TooDeep(yaml.YAMLError):
    pass


class _Loader(yaml.CSafeLoader):
    # libyaml's composer recurses in C and ends the process on a file nested deep enough; these two calls surround
    # every level of it.
    depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _text(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _error(name, "no such file") from None
    except IsADirectoryError:
        raise _error(name, "this is a directory; give a YAML file") from None
    except OSError as error:
        raise _error(name, f"the file cannot be read: {(error.strerror or 'unknown error').lower()}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1)
        raise ConfigError(
            [Problem(name, line + 1, column + 1, "the file is not UTF-8 here; save it as UTF-8")]
        ) from None


@contextmanager
def _problems(name: str) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        message = ", ".join(part for part in (error.context, error.problem) if part)
        raise _error(name, f"this is not YAML: {message}", error.problem_mark or error.context_mark) from None
    except yaml.reader.ReaderError as error:
        raise _error(name, f"this is not YAML: {error.reason}") from None
    except _TooDeep:
        raise _error(name, f"the file is nested deeper than {MAX_DEPTH} levels") from None


def _error(name: str, message: str, mark: yaml.Mark | None = None) -> ConfigError:
    return ConfigError([Problem(name, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)])
