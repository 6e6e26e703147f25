"""Command ``diff``: the changes between two versions of a document, and the recorded calls that they break."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from understudy.changes.change import Change, Effect
from understudy.changes.document_changes import Version, document_changes
from understudy.changes.recorded_calls import CallReport, check_calls
from understudy.commands.options import AS_JSON, FilePath, OneOf, takes
from understudy.commands.tables import print_table
from understudy.commands.vendor_choice import choose_version, no_call_of
from understudy.settings import Settings
from understudy.traffic.har_reader import read_har

FINDINGS = 1
"""Exit code when clients break."""

COLOURS = {Effect.BREAKING: "red", Effect.RISKY: "yellow", Effect.COMPATIBLE: "green"}


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@takes("remote_hosts")
@click.option(
    "--journal",
    "calls",
    multiple=True,
    type=FilePath(),
    metavar="FILE",
    help="Recorded calls, an HTTP archive: fail only if one of them breaks. Repeatable.",
)
@click.option(
    "--fail-on",
    type=OneOf(["breaking", "risky", "none"]),
    default="breaking",
    show_default=True,
    help="Least effect of a change that makes the exit code 1.",
)
@AS_JSON
def diff(settings: Settings, old: str, new: str, calls: Sequence[Path], fail_on: str, *, as_json: bool) -> int:
    r"""Show what changed between two documents, and which changes break clients.

    OLD and NEW are vendors, files or URLs. The exit code is 1 if a change breaks clients; with --journal, if it breaks
    one of the recorded calls.

    \b
    understudy diff acme-1.yaml acme-2.yaml
    understudy journal --har > calls.har
    understudy diff contacthub vendor.json --journal calls.har
    """
    before, after = choose_version(settings, old), choose_version(settings, new)
    changes = document_changes(before, after)
    report = _calls(calls, before, after, changes, old) if calls else None
    if as_json:
        click.echo(json.dumps(_as_json(changes, report), indent=2, ensure_ascii=False))
    else:
        _print_changes(changes)
        if report is not None:
            _print_calls(report)
    return FINDINGS if _fails(fail_on, changes, report) else 0


def _calls(paths: Sequence[Path], old: Version, new: Version, changes: Sequence[Change], name: str) -> CallReport:
    exchanges = []
    for path in paths:
        found, left_out = read_har(path)
        for line in left_out:
            click.echo(f"left out: {line}", err=True)
        exchanges.extend(found)
    report = check_calls(exchanges, old, new, changes)
    if not report.broken and not report.kept:
        raise no_call_of(paths, len(exchanges), name)
    return report


def _fails(fail_on: str, changes: Sequence[Change], report: CallReport | None) -> bool:
    if fail_on == "none":
        return False
    if report is not None:
        return bool(report.broken)
    failing = {Effect.BREAKING} | ({Effect.RISKY} if fail_on == Effect.RISKY else set())
    return any(each.effect in failing for each in changes)


def _print_changes(changes: Sequence[Change]) -> None:
    for effect, colour in COLOURS.items():
        rows = [
            {"operation": each.at or "(all)", "where": _where(each), "change": each.message}
            for each in changes
            if each.effect is effect
        ]
        if rows:
            click.secho(f"{len(rows)} {effect}", fg=colour, bold=True)
            print_table(rows)
            click.echo()
    counts = Counter(each.effect for each in changes)
    click.echo(", ".join(f"{counts[each]} {each}" for each in COLOURS) if changes else "no difference")


def _where(change: Change) -> str:
    return " ".join(filter(None, (change.where, change.status, change.place)))


def _print_calls(report: CallReport) -> None:
    for each in report.broken:
        click.secho(f"breaks: {each.exchange.method} {each.exchange.target} ({each.operation})", fg="red")
        for reason in each.reasons:
            click.echo(f"  {reason}")
    unknown = f", {len(report.unknown)} of no operation" if report.unknown else ""
    click.echo(f"{len(report.broken)} of your recorded calls break, {report.kept} do not{unknown}")


def _as_json(changes: Sequence[Change], report: CallReport | None) -> dict[str, Any]:
    found: dict[str, Any] = {"changes": [asdict(each) for each in changes]}
    if report is not None:
        found["calls"] = {
            "broken": [
                {
                    "method": each.exchange.method,
                    "target": each.exchange.target,
                    "operation": each.operation,
                    "reasons": list(each.reasons),
                }
                for each in report.broken
            ],
            "kept": report.kept,
            "unknown": [f"{each.method} {each.target}" for each in report.unknown],
        }
    return found
