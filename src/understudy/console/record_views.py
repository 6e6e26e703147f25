"""Records as their pages show them: columns of a table, the text of a form, fixtures made of one."""

import re
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

ID = re.compile(r"[0-9a-f-]{20,}", re.IGNORECASE)
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
    """Return the paths, with dots, of plain values that most of the records have: those by which records differ.

    Values that differ come before those that are equal, and names and numbers before ids.
    """
    values: dict[str, list[str]] = {}
    for record in records:
        for path, value in _plain(record):
            if path != key and value not in (None, ""):
                values.setdefault(path, []).append(str(value))
    common = [path for path, found in values.items() if len(found) >= MIN_SHARE * len(records)]
    chosen = sorted(common, key=lambda path: _is_dull(values[path]))[:MAX_COLUMNS]
    return [path for path in common if path in chosen]


def _is_dull(values: Sequence[str]) -> tuple[bool, bool]:
    """Return whether values are all equal, and whether most of them are ids: the least goes first."""
    ids = sum(1 for each in values if ID.fullmatch(each))
    return len(values) > 1 and len(set(values)) == 1, 2 * ids > len(values)


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
