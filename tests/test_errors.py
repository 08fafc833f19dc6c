"""The tree of errors that `modelward.errors` draws is the tree of the classes."""

import importlib
import pkgutil
import re

import modelward
from modelward import errors


def drawn() -> dict[str, str]:
    """Each class of the drawing with the one that it is drawn under."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"(?P<bars>[│├└─ ]*)(?P<name>[A-Z]\w+)(?:  |$)", line):
            depth = len(match["bars"]) // 4
            above[depth:] = [match["name"]]
            if depth:
                found[match["name"]] = above[depth - 1]
    return found


def defined() -> dict[str, type[BaseException]]:
    """Every error of the service, wherever it is defined; those for one module's own use begin with `_`."""
    found: dict[str, type[BaseException]] = {}
    for module in pkgutil.walk_packages(modelward.__path__, "modelward."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            for name, each in vars(importlib.import_module(module.name)).items():
                if isinstance(each, type) and issubclass(each, Exception) and each.__module__.startswith("modelward."):
                    found[name] = each
    return {name: each for name, each in found.items() if not name.startswith("_")}


def test_every_error_is_drawn_under_the_class_that_it_is_one_of() -> None:
    under = {name: each.__bases__[0].__name__ for name, each in defined().items() if name != "ModelwardError"}
    assert drawn() == under


def test_an_error_is_defined_in_this_file_or_named_in_its_last_sentence() -> None:
    elsewhere = {name for name, each in defined().items() if each.__module__ != errors.__name__}
    last = (errors.__doc__ or "").strip().rpartition("\n\n")[2]
    assert elsewhere == set(re.findall(r"[A-Z]\w+", last))
