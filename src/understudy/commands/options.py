"""Command-line options that several commands have: one for each setting, ``--json`` and ``--world``."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from understudy.commands.project_settings import ProjectValues, merge_specs, names_of, variable_of
from understudy.contract.foreign.named_documents import named_documents
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import WORLD_NAME
from understudy.deliveries.targets import InvalidTarget, split_given, split_host
from understudy.project_file import NO_PROJECT, ProjectFile, find_project
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


class FilePath(click.Path):
    """Type of a path; an empty one, such as of a variable that is not set, is refused: it would be this folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, or fail."""
        return super().convert(value, param, ctx) if value != "" else self.fail("'' names no file", param, ctx)


class WholeNumber(click.IntRange):
    """Type of a whole number within bounds."""

    name = "whole number"


class Finite(click.FloatRange):
    """Type of a number within bounds that is neither infinite nor ``nan``."""

    name = "number"

    def _describe_range(self) -> str:
        """Return the bounds for the help; nothing for a number that has none."""
        return "" if self.min is None and self.max is None else super()._describe_range()

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


class PortOption(click.Option):
    """Option of the port; a variable that a cluster sets for its service ``understudy`` is not meant for it."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return the variable's value, unless it is the address of a service."""
        value = super().resolve_envvar_value(ctx)
        return None if value and "://" in value else value


def _read_each(read: Callable[[str], Any]) -> Callable[..., tuple[Any, ...]]:
    """Return a callback that reads each text of a repeatable option about targets."""

    def callback(_context: click.Context, _option: click.Parameter, value: tuple[str, ...]) -> tuple[Any, ...]:
        try:
            return tuple(read(each) for each in value)
        except InvalidTarget as error:
            raise click.BadParameter(str(error)) from None

    return callback


OPTIONS = {
    "host": click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    "port": click.option(
        "--port",
        cls=PortOption,
        metavar="N",
        type=WholeNumber(0, 65535),
        default=8080,
        show_default=True,
        help="0 takes a free one.",
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
        type=FilePath(),
        metavar="FILE",
        help="Change your own documents by an OpenAPI Overlay, before anything else. Repeatable.",
    ),
    "records": click.option(
        "--records",
        type=WholeNumber(min=0),
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
        type=WholeNumber(min=0),
        default=1_000_000,
        show_default=True,
        metavar="N",
        help="Calls an hour of the world's clock, where your own document declares quotas.",
    ),
    "behaviour": click.option(
        "--behaviour",
        multiple=True,
        type=FilePath(),
        metavar="DIR",
        help="Folder with the Python of your own vendors: DIR/NAME/operations/….py. Repeatable.",
    ),
    "refuses_findings": click.option(
        "--strict-spec/--no-strict-spec",
        "refuses_findings",
        default=False,
        help="Refuse a document of your own of which a part is not obeyed.",
    ),
    "is_strict": click.option(
        "--auth",
        "is_strict",
        type=OneOf(["strict", "any"]),
        callback=lambda _context, _option, value: None if value is None else value == "strict",
        help="any: take every well-formed credential (the default for your own documents); strict: only known ones.",
    ),
    "seed": click.option("--seed", type=int, help="Another seed than the scenario's."),
    "scenario": click.option("--scenario", type=FilePath(), metavar="FILE|NAME", help="Who exists at the start."),
    "scenarios": click.option(
        "--scenarios",
        multiple=True,
        type=FilePath(),
        metavar="FILE|DIR",
        help="More scenarios for worlds, and for --scenario, by their files' names. Repeatable.",
    ),
    "remap": click.option(
        "--remap",
        type=FilePath(),
        metavar="FILE",
        help="Move operations: a line 'operationId: METHOD /path' each.",
    ),
    "body_limit": click.option(
        "--body-limit",
        type=WholeNumber(min=1),
        default=MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger bodies get 413.",
    ),
    "upload_limit": click.option(
        "--upload-limit",
        type=WholeNumber(min=1),
        default=64 * MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger forms get 413, their files counted.",
    ),
    "snapshot_limit": click.option(
        "--snapshot-limit",
        type=WholeNumber(min=1),
        default=2048 * MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger snapshots are not restored (413).",
    ),
    "journal": click.option(
        "--journal",
        type=WholeNumber(min=1),
        default=MAX_EXCHANGES,
        show_default=True,
        metavar="N",
        help="How many exchanges each world keeps.",
    ),
    "replays": click.option(
        "--replay",
        "replays",
        multiple=True,
        type=FilePath(),
        metavar="FILE",
        help="Answer with the recorded calls of an HTTP archive (HAR) where nothing better is known. Repeatable.",
    ),
    "max_worlds": click.option(
        "--max-worlds",
        type=WholeNumber(min=1),
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
    "deliver": click.option(
        "--deliver",
        multiple=True,
        metavar="DESTINATION=URL",
        callback=_read_each(split_given),
        help="Deliver what vendors send by themselves to this destination (* stands for any text) to URL. Repeatable.",
    ),
    "deliver_hosts": click.option(
        "--deliver-host",
        "deliver_hosts",
        multiple=True,
        metavar="HOST",
        callback=_read_each(split_host),
        help="Let URLs of --deliver and of scenarios be on HOST, besides this machine. Repeatable.",
    ),
    "allows_cors": click.option(
        "--cors/--no-cors", "allows_cors", default=False, help="Let pages of any origin call every vendor (CORS)."
    ),
    "keep_alive": click.option(
        "--keep-alive",
        type=WholeNumber(1, 86_400),
        default=KEEP_ALIVE,
        show_default=True,
        metavar="SECONDS",
        help="How long an idle connection stays open.",
    ),
    "is_secure": click.option(
        "--tls/--no-tls",
        "is_secure",
        default=False,
        help="Speak TLS, for the vendors' host names too; says how to trust it.",
    ),
    "reloads": click.option(
        "--reload/--no-reload",
        "reloads",
        default=False,
        help="Take up changed specs, scenarios and vendors' modules; keep state.",
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


SPECS = click.argument("specs", nargs=-1, metavar="[[NAME=]SPEC]...")
"""Documents of users' own as arguments of a command, which ``takes`` adds to those of ``--spec``."""


def all_options() -> list[click.Option]:
    """Return an option for each setting, new ones at each call, with their environment variables."""

    def nothing() -> None:
        pass

    for decorate in OPTIONS.values():
        decorate(nothing)
    found: list[click.Option] = nothing.__click_params__  # type: ignore[attr-defined] # click's own place for them
    for option in found:
        option.envvar = variable_of(option)
    return found


def takes(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds options to a command and passes their values to it as ``Settings``.

    An option that is not given has the value of its environment variable, else that of the project file.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(**values: Any) -> Any:
            own = {name: values.pop(name) for name in names}
            specs = named_documents(_check_specs(values.pop("specs", ())))
            found = merge_project(click.get_current_context(), own, specs, current_project())
            return command(Settings(**found), **values)

        for name in reversed(names):
            run = OPTIONS[name](run)
            option = run.__click_params__[-1]  # type: ignore[attr-defined] # the same
            option.envvar = variable_of(option)
        return run

    return decorate


def _check_specs(specs: tuple[str, ...]) -> tuple[str, ...]:
    """Return SPECs; raise ``Misconfigured`` for the name of a shipped vendor, which is an option."""
    for spec in specs:
        shipped = data_folder("specs") / spec
        is_shipped = spec.isidentifier() and (shipped.is_dir() or shipped.with_suffix(".yaml").is_file())
        if is_shipped and not Path(spec).exists():
            raise Misconfigured(f"{spec}: no such file or folder; the shipped vendor is --vendor {spec}")
    return specs


def current_project() -> ProjectFile | None:
    """Return the project file of the working directory, if there are both."""
    try:
        folder = Path.cwd()
    except OSError:
        return None
    return find_project(folder)


def merge_project(
    context: click.Context,
    own: Mapping[str, Any],
    specs: tuple[tuple[str, str], ...],
    project: ProjectFile | None,
) -> dict[str, Any]:
    """Return the settings of a command: as given, else of the environment, else of the project file, else by default.

    ``specs`` are documents that are the command's arguments: with them those of other sources are left out.
    """
    values = ProjectValues(project or NO_PROJECT, all_options())
    is_default = {name: context.get_parameter_source(name) is ParameterSource.DEFAULT for name in own}
    found = dict(own)
    for name in own:
        if is_default[name] and name in values and not (specs and name == "documents"):
            found[name] = values[name]
    if specs:
        is_given = context.get_parameter_source("documents") is ParameterSource.COMMANDLINE
        found["documents"] = merge_specs(own["documents"] if is_given else (), specs)
    if "behaviour" in values and is_default.get("behaviour") and (specs or not is_default["documents"]):
        found["unserved"] = tuple(names_of(values))
    return found
