"""Page on which a kind of fixture is tried: some records, and the command that makes a million of them."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flask import Flask, render_template, request

from understudy.casting.document_kinds import DocumentSource
from understudy.casting.kind import Kind
from understudy.casting.kind_registry import find_kinds
from understudy.casting.locale_files import shipped_locales
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import LARGEST_SEED
from understudy.casting.scenario_file import START, open_scenario, shipped_scenarios
from understudy.console.control import ControlRefused
from understudy.console.form_values import as_number
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.console.worlds import Answer
from understudy.core.json_pointer import join
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest

SHOWN = 20
MILLION = 1_000_000
MAX_COLUMNS = 30
FORMATS = ("jsonl", "json", "csv", "tsv", "parquet")
"""Formats of the command that is shown, by the endings of files."""


def add_data(app: Flask, services: Services) -> None:
    """Add the page of fixtures."""
    sources = services.document_sources

    @cache
    def all_kinds() -> dict[str, Kind]:
        return find_kinds(sources)

    @app.get(f"{CONSOLE}/data")
    def data() -> Answer:
        """Show the first records of a kind, as the address asks."""
        kinds, refused, records = all_kinds(), None, []
        name = request.args.get("kind") or next(iter(kinds))
        try:
            check_known(name, kinds, "kind of record")
            records = first_records(kinds[name], request.args, sources)
        except (Misconfigured, ControlRefused) as error:
            refused = error if isinstance(error, ControlRefused) else ControlRefused(400, str(error))
        text = render_template(
            "data.html",
            kinds=kinds,
            kind=kinds.get(name),
            locales=shipped_locales(),
            scenarios=list(shipped_scenarios()),
            formats=FORMATS,
            given=request.args,
            records=records,
            columns=columns_of(records),
            command=command_for(kinds[name], request.args, sources) if name in kinds else "",
            refused=refused,
            cell=cell,
        )
        return (text, refused.status) if refused else text


def first_records(kind: Kind, given: Mapping[str, str], sources: tuple[DocumentSource, ...]) -> list[Json]:
    """Return the first records of a kind, made as ``understudy generate`` makes them."""
    name = given.get("scenario") or START
    check_known(name, shipped_scenarios(), "scenario")
    scenario = open_scenario(name, own=dict.fromkeys(source.name for source in sources))
    if given.get("seed"):
        seed = as_number(given["seed"])
        if not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
            raise ControlRefused(400, f"seed is a number from 0 to {LARGEST_SEED}, not {given['seed']!r}")
        scenario = replace(scenario, seed=seed)
    if given.get("locale"):
        check_known(given["locale"], shipped_locales(), "locale")
        scenario = replace(scenario, locales=(given["locale"],))
    return kind.open(LazyCast(scenario))(range(_count(given)))


def _count(given: Mapping[str, str]) -> int:
    count = as_number(given.get("count") or str(SHOWN))
    if not isinstance(count, int) or not 1 <= count <= SHOWN:
        raise ControlRefused(400, f"{SHOWN} records are shown at most; the command makes any number")
    return count


def check_known(name: str, names: Iterable[str], noun: str) -> None:
    """Raise ``ControlRefused`` with the nearest name if one is unknown."""
    known = list(names)
    if name not in known:
        raise ControlRefused(400, f"there is no {noun} {name!r}{nearest(name, known)}")


def columns_of(records: Sequence[Json]) -> list[str]:
    """Return the places of plain values in records as JSON pointers, in the order in which they come first."""
    found: dict[str, None] = {}
    for record in records:
        found |= dict.fromkeys(_places(record, ()))
    return list(found)[:MAX_COLUMNS]


def _places(value: Any, names: tuple[str, ...]) -> list[str]:
    if isinstance(value, dict) and value:
        return [place for name, each in value.items() for place in _places(each, (*names, name))]
    return [join(names)]


def cell(record: Json, place: str) -> Any:
    """Return the value of a record at a place; ``None`` if it has none."""
    value: Any = record
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value.get(name) if isinstance(value, dict) else None
    return value


def command_for(kind: Kind, given: Mapping[str, str], sources: Iterable[DocumentSource]) -> str:
    """Return the command that makes a million of these records."""
    ending = given.get("format", "")
    words = ["understudy", "generate", kind.name, "--count", str(MILLION)]
    asked = {name: given.get(name, "") for name in ("scenario", "seed", "locale")}
    if "locales" in kind.ignores:
        asked["locale"] = ""  # the command refuses what changes nothing
    if asked["scenario"] == START:
        asked["scenario"] = ""
    for name, value in asked.items():
        words += [f"--{name}", value] if value else []
    for source in sources:
        if kind.vendor == source.name:
            words += ["--spec", f"{source.name}={source.entry}"]
    return shlex.join([*words, "--out", f"{kind.name}.{ending if ending in FORMATS else FORMATS[0]}"])
