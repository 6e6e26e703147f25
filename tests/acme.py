"""Small vendors for tests: specs as data, and folders of behaviour, written by a test."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

from understudy.app import Understudy, create_app
from understudy.serving import in_background, listen
from understudy.settings import Settings

Json = dict[str, Any]
Write = Callable[[str], str]
NUMBERS = count()

THING = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "size": {"type": "integer"}, "ratio": {"type": "number"}},
}
SENTENCE = {"type": "object", "required": ["said"], "properties": {"said": {"type": "string"}}}


def answers(**examples: Any) -> Json:
    """Return a JSON response with a thing, with these examples."""
    named = {name: {"value": value} for name, value in examples.items()}
    return {"description": "A thing.", "content": {"application/json": {"schema": THING, "examples": named}}}


def refuses() -> Json:
    """Return a JSON response that refuses."""
    example = {"no": {"value": {"said": "no"}}}
    return {"description": "No.", "content": {"application/json": {"schema": SENTENCE, "examples": example}}}


def spec(**changes: Any) -> Json:
    """Return a document with one operation, ``get_thing``; ``changes`` replace its top-level members."""
    operation = {"operationId": "get_thing", "responses": {"200": answers(small={"name": "small"})}}
    return {"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/thing": {"get": operation}}} | (
        changes
    )


def operation_spec(**changes: Any) -> Json:
    """Return a document like ``spec()``; ``changes`` replace members of its operation."""
    made = spec()
    made["paths"]["/thing"]["get"].update(changes)
    return made


class Company:
    """Folder of specs with a package of behaviour."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.specs = folder / "specs"
        self.package = f"acme_vendors_{next(NUMBERS)}"
        self.specs.mkdir()
        (folder / self.package).mkdir()
        (folder / self.package / "__init__.py").touch()

    def write_spec(self, name: str, document: Json | str) -> Path:
        """Write a spec, given as data or text."""
        path = self.specs / f"{name}.yaml"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    def write_folder(self, name: str, files: Mapping[str, str]) -> Path:
        """Write a vendor's folder: files by their path in it, without the suffix."""
        folder = self.root / self.package / name
        for file in ("__init__", *files):
            path = (folder / file).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files.get(file, ""))
            (path.parent / "__init__.py").touch()
        return folder

    def settings(self, **changes: Any) -> Settings:
        """Return settings for these specs and this package, without a cache."""
        given: dict[str, Any] = {"specs": self.specs, "package": self.package, "cache": None, **changes}
        return Settings(**given)

    def start(self, **changes: Any) -> Understudy:
        """Return the application for these vendors."""
        return create_app(self.settings(**changes))


def serving(understudy: Understudy) -> AbstractContextManager[str]:
    """Serve an application on a free port; yield its root URL."""
    return in_background(understudy, listen("127.0.0.1", 0))
