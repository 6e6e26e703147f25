"""Documents of users' own in a suite: those of its configuration, or of the project file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.core.misconfigured import Misconfigured
from understudy.project_file import ProjectFile, find_project
from understudy.settings import has_variables

if TYPE_CHECKING:
    from understudy.settings import Settings

TAKEN = frozenset(
    (
        "cache", "capfd", "capfdbinary", "caplog", "capsys", "capsysbinary", "doctest_namespace", "monkeypatch",
        "pytestconfig", "record_property", "record_testsuite_property", "record_xml_attribute", "recwarn", "request",
        "subtests", "testrun_uid", "tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory", "understudy",
        "understudy_asgi", "understudy_control", "worker_id",
    )
)  # fmt: skip
"""Fixtures of pytest, of its common plugins and of ours, whose names no document's fixture takes."""

settings_key = pytest.StashKey["Settings | None"]()


def own_settings(config: pytest.Config) -> Settings | None:
    """Return the settings of the project, with the documents of the suite's configuration; ``None`` if it has none.

    Raise ``pytest.UsageError`` for a mistake in them.
    """
    if settings_key not in config.stash:
        try:
            config.stash[settings_key] = _read_settings(config)
        except Misconfigured as error:
            raise pytest.UsageError(str(error)) from None
    return config.stash[settings_key]


def document_fixtures(config: pytest.Config) -> dict[str, str]:
    """Return the name of the fixture of each document: its own, with ``_`` for other signs.

    A document whose name a fixture of pytest has gets none: ``understudy.vendor(name)`` is that vendor.
    """
    settings = own_settings(config)
    found: dict[str, str] = {}
    for name, _ in settings.documents if settings else ():
        fixture = re.sub(r"\W", "_", name)
        if fixture.isidentifier() and fixture not in TAKEN and fixture not in found.values():
            found[name] = fixture
    return found


def _read_settings(config: pytest.Config) -> Settings | None:
    project, specs = _project(config), _specs(config)
    if project is None and not specs and not has_variables():
        return None
    # imports click and the commands' options: slow, and not every suite has documents or a project file
    from understudy.contract.foreign.named_documents import named_documents  # noqa: PLC0415
    from understudy.project import settings_of  # noqa: PLC0415

    return settings_of(project, **({"documents": named_documents(specs)} if specs else {}))


def _project(config: pytest.Config) -> ProjectFile | None:
    """Return the project file at or above the working directory, else the suite's root."""
    return find_project(config.invocation_params.dir) or find_project(config.rootpath)


def _specs(config: pytest.Config) -> list[str]:
    """Return the documents of the command line, or of the configuration: there they are relative to its file."""
    given = config.getoption("understudy_spec")
    if given:
        return list(given)
    listed: list[str] = config.getini("understudy_specs")
    if not listed:
        return []
    from understudy.commands.project_settings import below  # noqa: PLC0415 - the same

    folder = config.inipath.parent if config.inipath else config.rootpath
    return [below(Path(folder), each) for each in listed]
