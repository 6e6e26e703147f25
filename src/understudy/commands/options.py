"""Command-line options that several commands have: one for each setting, ``--json`` and ``--world``."""

from collections.abc import Callable
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import WORLD_NAME
from understudy.settings import KEEP_ALIVE, MEBIBYTE, Settings, world_name
from understudy.state.journal import MAX_EXCHANGES
from understudy.state.worlds import MAX_WORLDS


class OneOf(click.Choice[str]):
    """Type of a value that is one of some names; an unknown one is refused with the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or fail."""
        if value in self.choices:
            return str(value)
        names = ", ".join(self.choices)
        return self.fail(f"{value!r} is unknown{nearest(str(value), self.choices)} (there are {names})", param, ctx)


class Finite(click.FloatRange):
    """Type of a number within bounds that is neither infinite nor ``nan``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or fail."""
        found = float(super().convert(value, param, ctx))
        return found if isfinite(found) else self.fail(f"{value!r} is no finite number", param, ctx)


def excludes(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that refuses two options of these together; it stands above the options."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(**values: Any) -> Any:
            given = given_options(*names)
            if len(given) > 1:
                raise click.UsageError(f"{given[0]} and {given[1]} exclude each other: give one of them")
            return command(**values)

        return run

    return decorate


def given_options(*names: str) -> list[str]:
    """Return those of a command's options, by their names, that stand on the command line, with their dashes."""
    context = click.get_current_context()
    return [
        option.opts[0]
        for option in context.command.params
        if option.name in names and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]


OPTIONS = {
    "host": click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    "port": click.option(
        "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
    ),
    "vendors": click.option("--vendor", "vendors", multiple=True, metavar="NAME", help="Only this one; repeatable."),
    "is_strict": click.option(
        "--auth",
        "is_strict",
        type=OneOf(["strict", "any"]),
        default="strict",
        show_default=True,
        callback=lambda _context, _option, value: value == "strict",
        help="any: take every well-formed credential.",
    ),
    "seed": click.option("--seed", type=int, help="Another seed than the scenario's."),
    "scenario": click.option(
        "--scenario", type=click.Path(path_type=Path), metavar="FILE|NAME", help="Who exists at the start."
    ),
    "remap": click.option(
        "--remap",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Move operations: a line 'operationId: METHOD /path' each.",
    ),
    "body_limit": click.option(
        "--body-limit",
        type=click.IntRange(min=1),
        default=MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger bodies get 413.",
    ),
    "upload_limit": click.option(
        "--upload-limit",
        type=click.IntRange(min=1),
        default=64 * MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger forms get 413, their files counted.",
    ),
    "snapshot_limit": click.option(
        "--snapshot-limit",
        type=click.IntRange(min=1),
        default=2048 * MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger snapshots are not restored (413).",
    ),
    "journal": click.option(
        "--journal",
        type=click.IntRange(min=1),
        default=MAX_EXCHANGES,
        show_default=True,
        metavar="N",
        help="How many exchanges each world keeps.",
    ),
    "max_worlds": click.option(
        "--max-worlds",
        type=click.IntRange(min=1),
        default=MAX_WORLDS,
        show_default=True,
        metavar="N",
        help="A call that would make one more gets 507.",
    ),
    "world_age": click.option(
        "--world-age",
        type=Finite(min=0),
        default=0,
        show_default=True,
        metavar="SECONDS",
        help="Drop a world that a call has made when none has used it for so long; 0 drops none.",
    ),
    "allows_cors": click.option(
        "--cors", "allows_cors", is_flag=True, help="Let pages of any origin call every vendor (CORS)."
    ),
    "keep_alive": click.option(
        "--keep-alive",
        type=click.IntRange(1, 86_400),
        default=KEEP_ALIVE,
        show_default=True,
        metavar="SECONDS",
        help="How long an idle connection stays open.",
    ),
    "is_secure": click.option(
        "--tls", "is_secure", is_flag=True, help="Speak TLS, for the vendors' host names too; says how to trust it."
    ),
    "reloads": click.option(
        "--reload", "reloads", is_flag=True, help="Take up changed specs, scenarios and vendors' modules; keep state."
    ),
}

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
WORLD = click.option(
    "--world",
    default=world_name,
    metavar="NAME",
    help="The world to point at.  [default: $UNDERSTUDY_WORLD, else main]",
)


def check_world_name(world: str) -> str:
    """Return the name of a world; raise ``Misconfigured`` if no world can have it."""
    if not WORLD_NAME.fullmatch(world):
        raise Misconfigured(
            f"{world[:80]!r} is no world's name: take letters, digits, '.', '_' and '-', at most 64, "
            "the first a letter or digit"
        )
    return world


def takes(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds options to a command and passes their values to it as ``Settings``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(**values: Any) -> Any:
            return command(Settings(**{name: values.pop(name) for name in names}), **values)

        for name in reversed(names):
            run = OPTIONS[name](run)
        return run

    return decorate
