"""Command ``generate``: records of a kind, into a file or a pipe."""

import os
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import click
import orjson

from understudy.casting.document_kinds import DocumentSource
from understudy.casting.kind import Kind
from understudy.casting.kind_registry import find_kind, find_kinds
from understudy.casting.locale_files import shipped_locales
from understudy.casting.record_request import RecordRequest
from understudy.casting.scenario import LARGEST_SEED, MAX_DUPLICATES, MAX_PEOPLE
from understudy.casting.scenario_file import OwnVendors, open_scenario
from understudy.casting.writers.formats import FORMATS, layout_for
from understudy.casting.writers.output_file import STDOUT, check_output
from understudy.casting.writers.parallel_blocks import make_blocks
from understudy.casting.writers.shard_ranges import read_shard, shard_numbers
from understudy.commands.options import OneOf, WholeNumber, excludes, given_options, takes
from understudy.commands.tables import print_pairs
from understudy.commands.write_with_progress import write_records
from understudy.contract.foreign.overlays import check_extended
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

PARALLEL_FROM = 20_000
"""Number of records from which on the start of more processes pays."""

MAX_RECORDS = 2**40
LISTED_WITHOUT = frozenset(("count", "start", "shard", "format_name", "out", "workers"))
"""Options that say nothing where the kinds are only listed; all other options are those of a request."""


IGNORED = {"people": "--people", "locales": "--locale"}
WHY_IGNORED = {
    "people": "no person is in such a record (--count is the number of records)",
    "locales": "nothing in such a record depends on a country",
}
"""Options that some kinds ignore, and the reasons."""


@click.command()
@excludes("is_invalid", "duplicates")
@click.argument("kind", required=False)
@click.option("--list", "is_listing", is_flag=True, help="List the kinds.")
@click.option("--count", type=WholeNumber(0, MAX_RECORDS), help="How many; all of the scenario's unless given.")
@click.option(
    "--from", "start", type=WholeNumber(0, MAX_RECORDS), default=0, show_default=True, help="The first's number."
)
@click.option("--shard", metavar="I/N", default="1/1", help="Only the I-th of N parts of them.")
@click.option("--seed", type=WholeNumber(0, LARGEST_SEED), help="Another seed than the scenario's.")
@click.option("--scenario", "scenario_name", default="start", metavar="FILE|NAME", help="Who exists; [default: start].")
@click.option(
    "--locale", "locales", multiple=True, type=OneOf(shipped_locales()), help="Only people of it; repeatable."
)
@click.option("--format", "format_name", type=OneOf(list(FORMATS)), help="Unless given, by the file's name.")
@click.option(
    "--out", default=STDOUT, metavar="FILE|-", help="Where to; its ending is the format. .gz and .zst compress."
)
@click.option("--people", type=WholeNumber(0, MAX_PEOPLE), help="How many people the records are about.")
@click.option(
    "--duplicates", metavar="PERCENT", help="Percent of near-duplicates, such as 3%, with the truth in duplicate_of."
)
@click.option("--set", "values", multiple=True, metavar="PATH=VALUE", help="Set a value in each; repeatable.")
@click.option("--only", "fields", multiple=True, metavar="PATH,…", help="Keep only these fields; repeatable.")
@click.option(
    "--invalid", "is_invalid", is_flag=True, help="Records that break one rule each, with the rule, place and status."
)
@takes("documents", "remote_hosts", "overlays")
@click.option("--workers", type=WholeNumber(1, 256), help="Processes; as many as cores for large counts.")
def generate(
    settings: Settings,
    kind: str | None,
    is_listing: bool,  # noqa: FBT001 - click hands over by name
    count: int | None,
    start: int,
    shard: str,
    format_name: str | None,
    out: str,
    workers: int | None,
    **wanted: Any,
) -> None:
    """Make records of a KIND: valid, realistic, and the same every time."""
    sources = _sources(settings)
    if is_listing:
        if kind is not None or (other := given_options(*(set(wanted) | LISTED_WITHOUT))):
            raise click.UsageError(f"--list and {kind if kind is not None else other[0]} exclude each other")
        _print_kinds(sources)
        return
    if kind is None:
        raise Misconfigured("generate what? name a kind; understudy generate --list shows them")
    check_output(out)
    own = dict.fromkeys([*(name for name, _ in settings.documents), *settings.unserved])
    request = replace(_record_request(kind, own, **wanted), sources=sources)
    _refuse_ignored(find_kind(kind, sources), wanted)
    if find_kind(kind, sources).is_person and wanted["people"] is not None and (count or 0) > wanted["people"]:
        raise Misconfigured(f"--count {count} is more than --people {wanted['people']}: each of {kind} is a person")
    numbers = shard_numbers(range(start, start + (request.size() if count is None else count)), read_shard(shard))
    request.check_values()
    request.check()
    layout = layout_for(request, out, format_name)
    processes = workers or ((os.cpu_count() or 1) if len(numbers) >= PARALLEL_FROM else 1)
    write_records(make_blocks(request, layout, numbers, processes), len(numbers), layout, out)


def _refuse_ignored(kind: Kind, wanted: Mapping[str, Any]) -> None:
    """Raise ``Misconfigured`` for an option that would change nothing in the records of a kind."""
    for name in kind.ignores:
        if wanted[name] not in (None, ()):
            raise Misconfigured(f"{IGNORED[name]} changes nothing in {kind.name}: {WHY_IGNORED[name]}; leave it out")


def _sources(settings: Settings) -> tuple[DocumentSource, ...]:
    """Return the documents of the user's own whose kinds there are, too."""
    hosts, overlays = settings.remote_hosts, settings.overlays
    check_extended(overlays, [entry for _, entry in settings.documents])
    return tuple(DocumentSource(name, entry, settings.cache, hosts, overlays) for name, entry in settings.documents)


def _print_kinds(sources: tuple[DocumentSource, ...]) -> None:
    print_pairs({name: kind.summary for name, kind in find_kinds(sources).items()})


def _record_request(
    kind: str,
    own: OwnVendors,
    scenario_name: str,
    seed: int | None,
    locales: tuple[str, ...],
    values: tuple[str, ...],
    fields: tuple[str, ...],
    is_invalid: bool,  # noqa: FBT001 - the same
    people: int | None,
    duplicates: str | None,
) -> RecordRequest:
    scenario = open_scenario(scenario_name, own=own)
    if people is not None:
        scenario = replace(scenario, people=people)
    if duplicates is not None:
        scenario = replace(scenario, duplicates=_parse_percent(duplicates))
    if seed is not None:
        scenario = replace(scenario, seed=seed)
    if locales:
        scenario = replace(scenario, locales=tuple(dict.fromkeys(locales)))
    only = tuple(field.strip() for listed in fields for field in listed.split(","))
    if not all(only):
        raise Misconfigured("--only takes the names of fields, such as base.firstName,base.gender: one is empty")
    return RecordRequest(kind, scenario, tuple(map(_parse_setting, values)), only, is_invalid)


def _parse_percent(text: str) -> int:
    """Return a percentage in hundredths of a percent."""
    try:
        percent = Decimal(text.strip().removesuffix("%"))
        is_known = 0 <= percent <= MAX_DUPLICATES and percent == round(percent, 2)
    except InvalidOperation:
        is_known = False
    if not is_known:
        raise Misconfigured(
            f"--duplicates takes a percentage from 0 to {MAX_DUPLICATES}, such as 3% or 0.25%, not {text!r}"
        )
    return int(percent * 100)


def _parse_setting(text: str) -> tuple[str, Any]:
    """Return the path and the value of ``path=value``; a value that is no JSON is a text."""
    path, sign, value = text.partition("=")
    if not (path and sign):
        raise Misconfigured(f"--set takes path=value, such as base.gender=F, not {text!r}")
    try:
        return path, orjson.loads(value)
    except orjson.JSONDecodeError:
        return path, value
