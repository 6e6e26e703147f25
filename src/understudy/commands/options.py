"""Command-line options that several commands have: one for each setting, ``--json`` and ``--world``."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from understudy.contract.foreign.named_documents import named_documents
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import MAIN, WORLD_NAME
from understudy.settings import KEEP_ALIVE, MEBIBYTE, Settings
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


OPTIONS = {
    "host": click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    "port": click.option(
        "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
    ),
    "vendors": click.option("--vendor", "vendors", multiple=True, metavar="NAME", help="Only this one; repeatable."),
    "documents": click.option(
        "--spec",
        "documents",
        multiple=True,
        metavar="[NAME=]SPEC",
        callback=lambda _context, _option, value: named_documents(value),
        help="Your own OpenAPI document: file, folder or URL; only such are served then. Repeatable.",
    ),
    "remote_hosts": click.option(
        "--remote-refs",
        "remote_hosts",
        multiple=True,
        metavar="HOST",
        help="Follow a document's references to HOST too.",
    ),
    "overlays": click.option(
        "--overlay",
        "overlays",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Change your own documents by an OpenAPI Overlay, before anything else. Repeatable.",
    ),
    "records": click.option(
        "--records",
        type=click.IntRange(min=0),
        default=3,
        show_default=True,
        metavar="N",
        help="Records with which each collection of your own documents starts.",
    ),
    "references": click.option(
        "--references",
        type=OneOf(["checked", "free"]),
        default="free",
        show_default=True,
        help="checked: refuse a body that refers to a record which does not exist (your own documents).",
    ),
    "quota": click.option(
        "--quota",
        type=click.IntRange(min=0),
        default=1_000_000,
        show_default=True,
        metavar="N",
        help="Calls an hour of the world's clock, where your own document declares quotas.",
    ),
    "behaviour": click.option(
        "--behaviour",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder with the Python of your own vendors: DIR/NAME/operations/….py. Repeatable.",
    ),
    "is_strict": click.option(
        "--auth",
        "is_strict",
        type=OneOf(["strict", "any"]),
        callback=lambda _context, _option, value: None if value is None else value == "strict",
        help="any: take every well-formed credential (the default for your own documents); strict: only known ones.",
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
        type=click.FloatRange(min=0),
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
WORLD = click.option("--world", default=MAIN, show_default=True, metavar="NAME", help="The world to point at.")


def check_world_name(world: str) -> str:
    """Return the name of a world; raise ``Misconfigured`` if no world can have it."""
    if not WORLD_NAME.fullmatch(world):
        raise Misconfigured(f"{world!r} is no world's name: take letters, digits, '.', '_' and '-', at most 64")
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
