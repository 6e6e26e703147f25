"""Command ``verify``: the contract suite, against the stand-in or any server."""

import json
import logging
import shlex
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from understudy.commands.options import FilePath, Finite, OneOf, WholeNumber, given_options, takes
from understudy.commands.output_files import check_outputs, read_files, write_output
from understudy.commands.tables import print_table
from understudy.contract.foreign.named_documents import named_documents
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.settings import Settings
from understudy.vendors.discovery import find_specs

INSTALL = "python -m pip install 'schemathesis>=4.32,<4.33'"
"""Command that installs the extra ``verify``, not by our name: PyPI has another package of it."""

INTERRUPTED = 130
STDOUT = "-"
PHASES = ("examples", "coverage", "fuzzing", "stateful", "replays", "credentials", "methods", "lifecycles")
FORMS = ("junit", "json", "sarif", "html")
MAX_LINE = 4000
"""Characters of a line that are printed."""

SECONDS_BETWEEN = 0.1
"""Seconds between two lines of progress."""

EXAMPLES = """\b
Examples:
  understudy verify                    every shipped vendor's stand-in
  understudy verify VENDOR --seed 7    one of them
  understudy verify openapi.yaml       the stand-in of a document of your own
  understudy verify openapi.yaml --url https://api.example.com/v1 --read-only
  understudy verify VENDOR --url "$SANDBOX" --rate-limit 5/s --junit out.xml
"""


def _phases(_context: Any, _option: Any, value: str | None) -> tuple[str, ...]:
    names = tuple(map(str.strip, value.split(","))) if value is not None else PHASES
    for name in names:
        if name not in PHASES:
            raise click.BadParameter(f"{name!r} is unknown{nearest(name, PHASES)} (there are {', '.join(PHASES)})")
    return names


def _outputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the reports."""
    helps = {
        "junit": "Write a report as JUnit XML.",
        "json": "Write a report as JSON.",
        "sarif": "Write a report as SARIF.",
        "html": "Write a report as one page.",
    }
    for form in reversed(FORMS):
        command = click.option(f"--{form}", form, metavar="FILE", help=f"{helps[form]} - is the standard output.")(
            command
        )
    return command


@click.command(epilog=EXAMPLES)
@click.argument("words", nargs=-1, metavar="[[NAME=]SPEC|VENDOR]...")
@takes("documents", "remote_hosts", "overlays", "behaviour", "remap")
@click.option("--url", default="", metavar="URL", help="Server under verification: the base of the document's paths.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Send it each time. Repeatable.")
@click.option(
    "--seed",
    "fuzz_seed",
    type=WholeNumber(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Seed of the made requests.",
)
@click.option("--phases", callback=_phases, metavar="NAME,…", help=f"Only these of {', '.join(PHASES)}.")
@click.option("--operation", "operations", multiple=True, metavar="ID", help="Only this operation. Repeatable.")
@click.option(
    "--examples",
    type=WholeNumber(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Made requests of each operation and phase.",
)
@click.option("--requests", type=WholeNumber(min=1), metavar="N", help="Send no more requests than this.")
@click.option("--seconds", type=Finite(min=1), metavar="N", help="Send no more requests after this time.")
@click.option("--rate-limit", "rate", metavar="N/s", help="Send no more in a second (s), minute (m) or hour (h).")
@click.option("--read-only", "is_read_only", is_flag=True, help="Send no writes: GET, HEAD and OPTIONS only.")
@click.option(
    "--workers",
    type=WholeNumber(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Requests in parallel, if the server allows them.",
)
@click.option("--baseline", type=FilePath(), metavar="FILE", help="Accepted findings, the first line of each.")
@click.option(
    "--progress", type=OneOf(["auto", "off"]), default="auto", show_default=True, help="auto: live, on a terminal."
)
@_outputs
def verify(settings: Settings, words: tuple[str, ...], **values: Any) -> int:
    """Hold a server against its document, by the whole contract suite.

    Without --url it is the stand-in, in this process. Credentials are taken from the variables that `understudy env`
    prints. The exit code is 1 if there is a finding that is in no baseline.
    """  # fmt: skip
    if find_spec("schemathesis") is None:
        raise Misconfigured(f"verify needs Schemathesis: {INSTALL}")
    files = {form: values.pop(form) for form in FORMS}
    settings = _chosen(settings, words)
    _check_files(files, [*read_files(settings), *filter(None, [values["baseline"]])])
    suite = import_module("understudy.verify.suite")
    options = _suite_options(suite, values)
    shows = values["progress"] == "auto" and sys.stderr.isatty()
    done: list[Any] = []
    with _quiet(), show_progress(is_shown=shows) as progress:
        suite.run_suite(settings, options, progress, done)
    report = _report(options, done)
    with redirect_stdout(sys.stderr if STDOUT in files.values() else sys.stdout):
        _print(report, _serve_command(settings, words))
    _write(report, files)
    if any(each.is_interrupted for each in done):
        return INTERRUPTED
    if not report.requests:
        raise Misconfigured(_nothing_sent(values["phases"]))
    return 1 if report.new else 0


def _nothing_sent(phases: tuple[str, ...]) -> str:
    """Return why a run has sent no request: it has verified nothing, and must not pass."""
    given = " and ".join(given_options("phases", "operations", "is_read_only", "seconds"))
    why = f"{given} left no request to send" if given else "the document has no operation"
    hint = "" if {"coverage", "fuzzing"} & {*phases} else "; add the phase coverage"
    return f"nothing was sent: {why}{hint}"


def _suite_options(suite: Any, values: dict[str, Any]) -> Any:
    fuzz = import_module("understudy.verify.schemathesis_run")
    baselines = import_module("understudy.verify.baseline")
    return suite.SuiteOptions(
        fuzz.FuzzOptions(values["fuzz_seed"], values["phases"], values["examples"], values["workers"]),
        url=values["url"],
        headers=suite.parse_headers(values["headers"]),
        rate=suite.parse_rate(values["rate"]) if values["rate"] is not None else 0.0,
        requests=values["requests"],
        seconds=values["seconds"],
        is_read_only=values["is_read_only"],
        operations=values["operations"],
        baseline=baselines.read_baseline(values["baseline"]) if values["baseline"] else baselines.Baseline(),
    )


def _chosen(settings: Settings, words: tuple[str, ...]) -> Settings:
    """Return settings with the vendors and documents that words name; without words those of the project, or all."""
    settings = replace(settings, is_strict=True)
    if not words:
        return settings
    shipped = list(find_specs(settings.specs, (), settings.package))
    vendors = tuple(word for word in words if word in shipped and not Path(word).exists())
    others = [word for word in words if word not in vendors]
    for word in others:
        if word.isidentifier() and not Path(word).exists():
            known = ", ".join(shipped)
            raise Misconfigured(
                f"{word}: neither a file nor a shipped vendor{nearest(word, shipped)} (there are {known})"
            )
    given = settings.documents if given_options("documents") else ()
    unserved = (*settings.unserved, *dict(settings.documents))  # the project's behaviour is for them
    return replace(settings, vendors=vendors, documents=(*given, *named_documents(others)), unserved=unserved)


def _check_files(files: dict[str, str | None], read: Sequence[Path]) -> None:
    """Raise ``Misconfigured`` for a file that cannot be written: it would be noticed only at the end."""
    if list(files.values()).count(STDOUT) > 1:
        raise Misconfigured("two reports cannot both go to the standard output: give one of them a file")
    if empty := next((form for form, name in files.items() if name == ""), ""):
        raise Misconfigured(f"--{empty}: '' names no file")
    paths = {f"--{form}": Path(name) for form, name in files.items() if name is not None and name != STDOUT}
    check_outputs(paths, read)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the log of the server, and warnings of libraries about the documents."""
    logger = logging.getLogger("uvicorn")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


@contextmanager
def show_progress(*, is_shown: bool) -> Iterator[Callable[[str, str, str], None]]:
    """Yield a function that shows a line of progress, no wider than the terminal; the line is removed at the end."""
    last = 0.0
    width = max(shutil.get_terminal_size().columns - 1, 1)

    def show(subject: str, phase: str, rest: str) -> None:
        nonlocal last
        now = time.monotonic()
        if is_shown and now - last >= SECONDS_BETWEEN:
            last = now
            text = f"{subject} {phase} {rest}"
            shown = text if len(text) <= width else f"{text[: width - 1]}…"
            click.echo(f"\r{shown.ljust(width)}", nl=False, err=True)

    try:
        yield show
    finally:
        if is_shown:
            click.echo(f"\r{' ' * width}\r", nl=False, err=True)


def _report(options: Any, done: list[Any]) -> Any:
    data = import_module("understudy.verify.report_data")
    is_whole = not options.operations and options.fuzz.phases == PHASES
    ended = next((each.gate.reason for each in done if each.gate.reason), "")
    stale = options.baseline.stale() if is_whole and not ended else []
    return data.Report(done, options.fuzz.seed, stale, ended)


def _print(report: Any, serve: str) -> None:
    console = import_module("understudy.verify.console_report")
    for each in report.verifications:
        place = ", the stand-in in this process" if each.fresh else f" at {each.subject.printed_url}"
        click.secho(f"{each.subject.name}{place}", bold=True)
        print_table(list(console.operation_rows(each)))
        for scheme, variables in each.subject.credentials.missing.items():
            click.echo(f"no credentials for {scheme}: set {variables}, or give --header")
        if each.counts.too_many and each.subject.url == each.subject.printed_url:
            click.echo(f"{each.counts.too_many:,} answers were 429 (too many requests): give --rate-limit")
        for error in each.errors:
            click.echo(f"not run: {' '.join(error.split())}")
        for finding in each.findings.new:
            click.echo()
            for line in console.finding_lines(finding, report.seed):
                click.echo(
                    line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]}… ({len(line):,} characters: --json FILE)"
                )
    click.echo()
    for line in report.stale:
        click.echo(f"in the baseline, and found no more: {line}")
    if report.ended:
        click.echo(f"ended early: {report.ended}")
    if any(each.fresh and each.findings.new for each in report.verifications):
        click.echo(f"the commands are for a stand-in that runs: {serve}")
    click.secho(console.summary(report), bold=True)


def _serve_command(settings: Settings, words: Sequence[str]) -> str:
    """Return the command that serves the chosen vendors and documents; without a choice it needs no words."""
    if not words and not given_options("documents"):
        return "understudy serve"
    specs = [word for word in words if word not in settings.vendors]
    if given_options("documents"):
        specs = [f"{name}={address}" for name, address in settings.documents]
    return shlex.join(["understudy", "serve", *specs, *(f"--vendor={name}" for name in settings.vendors)])


def _write(report: Any, files: dict[str, str | None]) -> None:
    for form, name in files.items():
        if name is None:
            continue
        made = getattr(import_module(f"understudy.verify.{form}_report"), f"{form}_report") if form != "json" else None
        found = report.to_json() if made is None else made(report)
        text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        if name == STDOUT:
            click.echo(text, nl=False)
        else:
            write_output(Path(name), text)
