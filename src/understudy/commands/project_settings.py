"""Settings of a project file, checked by the options of the same names."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from understudy.contract.foreign.document_files import is_url
from understudy.contract.foreign.named_documents import GIVEN_NAME
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.project_file import ProjectFile

NAMED = ("documents", "overlays")
"""Settings whose values may be ``NAME=SPEC``, and URLs."""

NAME_OR_FILE = "scenario"
PLURALS = {"documents": "specs"}
PREFIX = "UNDERSTUDY_"


def key_of(option: click.Option) -> str:
    """Return the key of an option in a project file: its name with underscores; in the plural if it is repeatable."""
    name = str(option.name)
    key = option.opts[0].removeprefix("--").replace("-", "_")
    return PLURALS.get(name, name if option.multiple and name == f"{key}s" else key)


def variable_of(option: click.Option) -> str:
    """Return the name of an option's environment variable."""
    return PREFIX + key_of(option).upper()


class ProjectValues:
    """Values of a project file, by the names of their settings."""

    def __init__(self, project: ProjectFile, options: Collection[click.Option]) -> None:
        """Check the keys and the types; raise ``Misconfigured`` for a wrong one, with its place."""
        self._project = project
        self._options = {str(option.name): option for option in options}
        self._given: dict[str, Any] = {}
        by_key = {key_of(option): option for option in options}
        for key, value in project.values.items():
            if key not in by_key:
                known = ", ".join(sorted(by_key))
                raise Misconfigured(
                    f"{project.place(key)}: unknown key {key!r}{nearest(key, by_key)} (there are {known})"
                )
            if fault := _fault(by_key[key], value):
                raise Misconfigured(f"{project.place(key)}: {key} must be {fault}, not {value!r}")
            self._given[str(by_key[key].name)] = value
        for name in self._given.keys() - set(NAMED):  # documents are read only if they are wanted
            self[name]

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def __getitem__(self, name: str) -> Any:
        """Return a setting's value; raise ``Misconfigured`` for one that its option refuses, with its place."""
        option, value = self._options[name], self._given[name]
        folder = self._project.path.parent
        found = (
            [_below(folder, name, option, each) for each in value]
            if option.multiple
            else _below(folder, name, option, value)
        )
        context = click.Context(click.Command("understudy"))
        try:
            cast = option.type_cast_value(context, found)
            return option.callback(context, option, cast) if option.callback else cast
        except (click.BadParameter, Misconfigured) as error:
            reason = error.message if isinstance(error, click.BadParameter) else str(error)
            raise Misconfigured(f"{self._project.place(key_of(option))}: {key_of(option)}: {reason}") from None


def _fault(option: click.Option, value: Any) -> str:
    """Return what a value should be, if it is of another type than its option takes; else an empty text."""
    if option.multiple:
        fits = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
        return "" if fits else 'a list of texts, such as ["…"]'
    if option.is_flag:
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if isinstance(option.type, click.types.FloatParamType):
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "a number"
    return "" if isinstance(value, str) and value else "a text"


def _below(folder: Path, name: str, option: click.Option, value: Any) -> Any:
    """Return a value whose path, if it holds one, is relative to the project file's folder."""
    if name in NAMED:
        return below(folder, value)
    if not isinstance(option.type, click.Path):
        return value
    path = Path(value)
    is_name = name == NAME_OR_FILE and not path.suffix and len(path.parts) == 1 and not (folder / path).exists()
    return value if is_name else str(folder / path)


def below(folder: Path, spec: str) -> str:
    """Return a SPEC whose path, if it is one, is relative to a folder."""
    given = GIVEN_NAME.fullmatch(spec)
    prefix, address = (f"{given[1]}=", given[2]) if given and not (folder / spec).exists() else ("", spec)
    return spec if is_url(address) else f"{prefix}{folder / address}"


def merge_specs(
    documents: tuple[tuple[str, str], ...], named: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return documents with those that are arguments; raise ``Misconfigured`` for a name that two have."""
    found = dict(documents)
    for name, entry in named:
        if found.setdefault(name, entry) != entry:
            raise Misconfigured(f"{entry}: {found[name]} is named {name!r} too: write OTHER-NAME={entry}")
    return tuple(found.items())


def names_of(values: ProjectValues) -> Mapping[str, str]:
    """Return the names and addresses of a project's documents; none if one of them cannot be read."""
    try:
        return dict(values["documents"]) if "documents" in values else {}
    except Misconfigured:
        return {}
