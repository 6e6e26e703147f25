"""Records as their pages show them: columns of a table, the text of a form, fixtures made of one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from understudy.console.control import ControlRefused
from understudy.control.exchange_code import scenario_text, vendor_fixture
from understudy.control.python_literals import STEP, python_literal, python_text
from understudy.core.json_errors import json_mistake
from understudy.core.json_types import Json

MAX_COLUMNS = 5
MAX_CELL = 80
MAX_DEPTH = 3
"""Levels of a record at which columns are looked for."""

MIN_SHARE = 0.4
"""Share of the records that have a column's value, from which it is shown."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Code that makes a record in a test's world: the part of a scenario file, and a fixture for pytest."""

    scenario: str
    pytest: str

    @classmethod
    def of(cls, vendor: str, collection: str, key: str, record: Json) -> "Fixtures":
        """Return the fixtures of a record."""
        fixture, expression = vendor_fixture(vendor)
        code = (
            f"import pytest\n\n\n@pytest.fixture\ndef record({fixture}):\n"
            f"    record = {python_literal(record, STEP, len('record = '))}\n"
            f"    return {expression}.state[{python_text(collection)}].put({python_text(key)}, record)\n"
        )
        return cls(scenario_text(vendor, {collection: [record]}), code)


def find_columns(records: Sequence[Json], key: str) -> list[str]:
    """Return the paths, with dots, of plain values that most of the records have, the most telling ones first."""
    counts: Counter[str] = Counter()
    values: dict[str, set[str]] = {}
    for record in records:
        for path, value in _plain(record):
            if path != key and value not in (None, ""):
                counts[path] += 1
                values.setdefault(path, set()).add(str(value))
    common = [path for path in counts if counts[path] >= MIN_SHARE * len(records)]
    telling = [path for path in common if len(values[path]) > 1 or len(records) == 1]
    chosen = (telling + [path for path in common if path not in telling])[:MAX_COLUMNS]
    return [path for path in counts if path in chosen]


def row_of(record: Json, columns: Sequence[str]) -> list[str]:
    """Return the cells of a record, each cut to a length that fits a table."""
    cells = dict(_plain(record))
    return [_cell(cells.get(column)) for column in columns]


def read_record(text: str) -> Json:
    """Return the record in the text of a form; raise ``ControlRefused`` if it is no JSON object."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ControlRefused(422, f"the record is no JSON: {json_mistake(error)}") from None
    if not isinstance(found, dict):
        raise ControlRefused(422, "the record is no JSON object")
    return found


def _plain(record: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            if depth < MAX_DEPTH:
                yield from _plain(value, f"{prefix}{name}.", depth + 1)
        elif not isinstance(value, list):
            yield f"{prefix}{name}", value


def _cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
