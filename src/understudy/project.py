"""Settings of a project for Python: those of its project file and of the environment, as the command line has them."""

from pathlib import Path
from typing import Any

import click

from understudy.commands.options import OPTIONS, all_options, merge_project
from understudy.core.misconfigured import Misconfigured
from understudy.project_file import ProjectFile, find_project
from understudy.settings import Settings


def project_settings(folder: str | Path = ".", **given: Any) -> Settings:
    """Return the settings of the project file in a folder or above it, with others in place of some.

    ``create_app(project_settings())`` is the stand-in that ``understudy serve`` would start. ``given`` are attributes
    of ``Settings``; as options do, they come before environment and file. Raise ``Misconfigured`` for a mistake.
    """
    return settings_of(find_project(Path(folder).resolve()), **given)


def settings_of(project: ProjectFile | None, **given: Any) -> Settings:
    """Return the settings of a project file and the environment, with others in place of some."""
    command = click.Command("understudy", params=[*all_options()])
    try:
        context = command.make_context("understudy", [])
    except click.ClickException as error:
        raise Misconfigured(error.format_message()) from None
    own = {name: context.params[name] for name in OPTIONS}
    return Settings(**(merge_project(context, own, given.get("documents", ()), project) | given))
