"""Command ``remap``: a shipped vendor's operations, found in the vendor's own document."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from understudy.changes.change import Change
from understudy.changes.document_changes import Version
from understudy.changes.operation_pairs import Pairing, pair_by_likeness
from understudy.changes.remap_file import FoundMove, find_moves, other_differences, write_remap
from understudy.commands.options import AS_JSON, FilePath, takes
from understudy.commands.output_files import check_outputs, write_output
from understudy.commands.tables import print_table
from understudy.commands.vendor_choice import choose_version
from understudy.contract.compiled_operations import Operation
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

NOT_FOUND = 1
"""Exit code when an operation of ours was not found."""


@click.command()
@click.argument("vendor", metavar="VENDOR")
@click.argument("document", metavar="DOCUMENT")
@takes("remote_hosts")
@click.option("--out", type=FilePath(), metavar="FILE", help="Write the remap file here, not printed.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@AS_JSON
def remap(settings: Settings, vendor: str, document: str, out: Path | None, *, force: bool, as_json: bool) -> int:
    r"""Find a vendor's operations in its own document, and write the remap file.

    DOCUMENT is a file or URL. Operations are paired by what they take and answer and by their words, whatever their
    paths and names are. The exit code is 1 if an operation was not found.

    \b
    understudy remap contacthub https://vendor.example/openapi.json --out FILE
    understudy serve --remap FILE
    """
    check_outputs({"--out": out}, [Path(vendor), Path(document)])
    if out is not None and out.exists() and not force:
        raise Misconfigured(f"--out {out}: is there already; --force writes over it")
    ours, theirs = (choose_version(settings, each) for each in (vendor, document))
    pairing = pair_by_likeness(ours, theirs)
    moves = find_moves(ours, theirs, pairing)
    text = write_remap(ours.document.name, document, moves)
    if out is not None:
        write_output(out, text)
    differences = list(other_differences(ours, theirs, pairing))
    if as_json:
        click.echo(json.dumps(_as_json(pairing, moves, differences), indent=2, ensure_ascii=False))
    else:
        _print(ours, pairing, moves, differences)
        click.echo(text.rstrip() if out is None else f"{out}: written")
    return NOT_FOUND if pairing.unsure else 0


def _print(ours: Version, pairing: Pairing, moves: Sequence[FoundMove], differences: Sequence[Change]) -> None:
    same = len(pairing.pairs) - len(moves)
    click.echo(f"{len(pairing.pairs)} of {len(ours.operations)} operations found: {same} in place, {len(moves)} moved")
    for each in moves:
        if not each.path:
            click.secho(f"{each.operation.id} cannot be moved: {each.obstacle}", fg="yellow")
    for name, candidates in pairing.unsure.items():
        likely = ", ".join(map(_at, candidates))
        click.secho(f"not found: {name} (perhaps {likely})" if candidates else f"not found: {name}", fg="red")
    for operation in pairing.unknown:
        click.echo(f"only in the vendor's document: {_at(operation)}")
    print_table(
        [
            {
                "operation": each.operation,
                "effect": str(each.effect),
                "where": " ".join(filter(None, (each.where, each.status, each.place))),
                "difference": each.message,
            }
            for each in differences
        ]
    )


def _at(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _as_json(pairing: Pairing, moves: Sequence[FoundMove], differences: Sequence[Change]) -> dict[str, Any]:
    return {
        "pairs": {
            name: {"operation": other.id, "method": other.method.upper(), "path": other.path, "likeness": likeness}
            for name, (other, likeness) in pairing.pairs.items()
        },
        "moves": {each.operation.id: f"{each.method} {each.path}" for each in moves if each.path},
        "not_found": {name: [_at(each) for each in candidates] for name, candidates in pairing.unsure.items()},
        "unknown": [_at(each) for each in pairing.unknown],
        "differences": [asdict(each) for each in differences],
    }
