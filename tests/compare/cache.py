"""What LiteLLM answered before: its answer to a world is always the same, and is what a run waits for."""

import ast
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from compare.worlds import World

Fields = dict[str, Any]
_READ_BY = ("reference.py", "rows.py", "answers.py")


class Answers:
    """Answers by world, in a file; those that were read by other code than today's count for nothing."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("create table if not exists answers (world text primary key, given text)")
        here = Path(__file__).parent
        self._reader = "".join(ast.dump(ast.parse((here / name).read_text())) for name in _READ_BY)

    def of(self, world: World) -> list[Fields] | None:
        """What was answered to the world; `None` when it was not asked."""
        row = self._database.execute("select given from answers where world = ?", [self._name(world)]).fetchone()
        if row is None:
            return None
        given: list[Fields] = json.loads(row[0])
        return given

    def keep(self, world: World, given: list[Fields]) -> None:
        """Keep what was answered to the world."""
        self._database.execute("insert into answers values (?, ?)", [self._name(world), json.dumps(given)])

    def _name(self, world: World) -> str:
        asked = json.dumps([world.config, world.records, world.questions], sort_keys=True)
        return hashlib.sha256((self._reader + asked).encode()).hexdigest()
