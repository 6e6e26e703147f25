"""Command ``env``: base URLs and credentials as environment variables."""

import json
import shlex
from collections.abc import Mapping

import click

from understudy.client.environment_variables import environment
from understudy.commands.connections import DESCRIBES, find_connections
from understudy.commands.options import AS_JSON, SPECS, WORLD, excludes, takes
from understudy.settings import Settings


def _shell(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _dotenv(variables: Mapping[str, str]) -> str:
    # Quotes only where they are needed: `docker --env-file` would take them for part of the value.
    quoted = {name: json.dumps(value) if "'" in value else shlex.quote(value) for name, value in variables.items()}
    return "\n".join(f"{name}={value}" for name, value in quoted.items())


def _json(variables: Mapping[str, str]) -> str:
    return json.dumps(variables, indent=2, ensure_ascii=False)


@click.command()
@excludes("shell", "dotenv", "as_json")
@SPECS
@takes(*DESCRIBES, "vendors")
@WORLD
@click.option("--shell", is_flag=True, help="Print `export` lines (the default).")
@click.option("--dotenv", is_flag=True, help="Print lines for a .env file.")
@AS_JSON
def env(settings: Settings, world: str, *, shell: bool, dotenv: bool, as_json: bool) -> None:  # noqa: ARG001
    """Print base URLs and credentials as environment variables.

    Each is named UNDERSTUDY_<VENDOR>_<NAME>; a variable that the vendor's public clients read is printed too. They are
    those of the server at $UNDERSTUDY_URL, if that is set, and otherwise of one that is started with these options.
    """
    form = _json if as_json else _dotenv if dotenv else _shell
    root, connections = find_connections(settings, world)
    click.echo(form(environment(root, world, connections)))
