"""A little vendor of the tests' own: its spec as data, and its folder of behaviour, written where a test asks."""

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
    """A JSON answer of a thing."""
    named = {name: {"value": value} for name, value in examples.items()}
    return {"description": "A thing.", "content": {"application/json": {"schema": THING, "examples": named}}}


def refuses() -> Json:
    """A JSON answer that says no."""
    example = {"no": {"value": {"said": "no"}}}
    return {"description": "No.", "content": {"application/json": {"schema": SENTENCE, "examples": example}}}


def spec(**changes: Any) -> Json:
    """A document with one operation, ``get_thing``; ``changes`` replace its top-level parts."""
    operation = {"operationId": "get_thing", "responses": {"200": answers(small={"name": "small"})}}
    return {"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/thing": {"get": operation}}} | (
        changes
    )


def operation_spec(**changes: Any) -> Json:
    """A document like ``spec()`` whose operation differs in these parts."""
    made = spec()
    made["paths"]["/thing"]["get"].update(changes)
    return made


class Company:
    """A folder of specs and a package of behaviour that belong together."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.specs = folder / "specs"
        self.package = f"acme_vendors_{next(NUMBERS)}"
        self.specs.mkdir()
        (folder / self.package).mkdir()
        (folder / self.package / "__init__.py").touch()

    def write_spec(self, name: str, document: Json | str) -> Path:
        """Write a spec: data, or text as it stands."""
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
        """How to start with these specs and this package, with nothing kept from one start to the next."""
        given: dict[str, Any] = {"specs": self.specs, "package": self.package, "cache": None, **changes}
        return Settings(**given)

    def start(self, **changes: Any) -> Understudy:
        """The stand-in for these vendors."""
        return create_app(self.settings(**changes))


def serving(understudy: Understudy) -> AbstractContextManager[str]:
    """Serve a stand-in on a free port; its root URL."""
    return in_background(understudy, listen("127.0.0.1", 0))
