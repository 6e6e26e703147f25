"""Command ``verify``: the contract suite, against the stand-in or any server."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from understudy.app import create_app
from understudy.commands.options import takes
from understudy.commands.tables import print_table
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

INSTALL = "pip install 'understudy[verify]'"


@click.command()
@click.argument("words", nargs=-1, metavar="[SPEC|VENDOR]...")
@click.option("--seed", "fuzz_seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--examples", type=click.IntRange(min=1), default=20, show_default=True)
@takes("documents", "remote_hosts", "overlays", "behaviour")
def verify(settings: Settings, words: tuple[str, ...], fuzz_seed: int, examples: int) -> None:
    """Hold a server against its document, by the whole contract suite."""
    if find_spec("schemathesis") is None:
        raise Misconfigured(f"verify needs Schemathesis: {INSTALL}")
    settings = replace(settings, vendors=words, is_strict=True)
    run = import_module("understudy.verify.verification")
    fuzz = import_module("understudy.verify.schemathesis_run")
    gates = import_module("understudy.verify.request_gate")
    stand_in = import_module("understudy.verify.stand_in")
    understudy = create_app(settings)
    done: list[Any] = []
    with stand_in.served(understudy) as root:
        for name, vendor in understudy.vendors.items():
            world = understudy.worlds.get_or_create(f"verify-{name}")
            subject = stand_in.stand_in_subject(understudy, vendor, root, world)
            each = run.Verification(
                subject, subject.operations, gates.RequestGate(), fuzz.FuzzOptions(fuzz_seed, examples=examples)
            )
            with stand_in.alternating_minutes(world.clock):
                each.run(lambda *_: None)
            done.append(each)
    _print(done, fuzz_seed)
    sys.exit(1 if run.all_findings(done) else 0)


def _print(done: Sequence[Any], seed: int) -> None:
    report = import_module("understudy.verify.console_report")
    for each in done:
        click.secho(each.subject.name, bold=True)
        print_table(list(report.operation_rows(each)))
        for finding in each.findings:
            for line in report.finding_lines(finding, seed):
                click.echo(line)
        for error in each.errors:
            click.echo(f"not run: {error}")
    click.echo(report.summary(done))
