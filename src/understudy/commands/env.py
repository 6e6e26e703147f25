"""Command ``env``: base URLs and credentials as environment variables."""

import json
import shlex
from collections.abc import Callable, Mapping

import click

from understudy.app import create_app
from understudy.client.environment_variables import environment
from understudy.commands.options import WORLD, check_world_name, takes
from understudy.serving import root_url
from understudy.settings import Settings


def _shell(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _dotenv(variables: Mapping[str, str]) -> str:
    # Quotes only where they are needed: `docker --env-file` would take them for part of the value.
    quoted = {name: json.dumps(value) if "'" in value else shlex.quote(value) for name, value in variables.items()}
    return "\n".join(f"{name}={value}" for name, value in quoted.items())


def _json(variables: Mapping[str, str]) -> str:
    return json.dumps(variables, indent=2, ensure_ascii=False)


FORMS: Mapping[str, Callable[[Mapping[str, str]], str]] = {"shell": _shell, "dotenv": _dotenv, "json": _json}


@click.command()
@takes("documents", "remote_hosts", "overlays", "host", "port", "vendors", "seed", "scenario", "is_secure")
@WORLD
@click.option("--shell", "form", flag_value="shell", default="shell", help="Print `export` lines (the default).")
@click.option("--dotenv", "form", flag_value="dotenv", help="Print lines for a .env file.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
def env(settings: Settings, world: str, form: str) -> None:
    """Print base URLs and credentials as environment variables.

    Each is named UNDERSTUDY_<VENDOR>_<NAME>; a variable that the vendor's public clients read is printed too.
    """
    root = root_url(settings.host, settings.port, is_secure=settings.is_secure)
    click.echo(FORMS[form](environment(root, check_world_name(world), create_app(settings).connections(world))))
