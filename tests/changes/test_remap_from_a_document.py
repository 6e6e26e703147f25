"""Shipped vendors' operations found in documents of other paths and names: every pair, and none wrong."""

import random
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from understudy.app import create_app
from understudy.changes.document_changes import Version
from understudy.changes.operation_pairs import pair_by_likeness
from understudy.changes.remap_file import find_moves, write_remap
from understudy.cli import main
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.document import METHODS, Document, load_document
from understudy.contract.remap import load_moves, remap
from understudy.settings import Settings
from understudy.vendors.discovery import find_specs

SPECS = find_specs(Settings().specs)
TEMPLATE = re.compile(r"\{([^{}]*)\}")


class Renamed:
    """Document of a vendor with other paths, parameter names in them, and operationIds; ``truth`` has the new ids."""

    def __init__(self, document: Document, seed: int, *, keeps_summaries: bool = True) -> None:
        self._random = random.Random(seed)
        self._words: dict[str, str] = {}
        self._document = document
        self.truth: dict[str, str] = {}
        raw = deepcopy(dict(document.raw))
        paths = [(self._path(path), self._item(item, keeps_summaries)) for path, item in raw["paths"].items()]
        self._random.shuffle(paths)
        self.raw = {**raw, "paths": dict(paths)}

    def version(self) -> Version:
        document = Document("other", Path("other"), self.raw)
        return Version(document, compile_operations(document))

    def _word(self, known: str) -> str:
        return self._words.setdefault(known, "".join(self._random.choices("bcdfghjklmnp", k=7)))

    def _path(self, path: str) -> str:
        parts = re.split(r"(\{[^{}]*\}|[^/{}]+)", path)
        return "".join(
            f"{{{self._word(part)}}}" if part.startswith("{") else part if part in ("", "/") else self._word(part)
            for part in parts
        )

    def _item(self, item: dict[str, Any], keeps_summaries: bool) -> dict[str, Any]:  # noqa: FBT001 - one caller
        for method in METHODS:
            if method in item:
                node = item[method]
                old = node["operationId"]
                node["operationId"] = self.truth[old] = self._word(f"{old}()")
                if not keeps_summaries:
                    node.pop("summary", None)
                node["parameters"] = list(self._parameters(node.get("parameters", ())))
        return {**item, "parameters": list(self._parameters(item.get("parameters", ())))}

    def _parameters(self, nodes: Any) -> Iterator[Any]:
        for node in nodes:
            found = self._document.resolve(node)
            is_of_path = found["in"] == "path"
            yield {**found, "name": self._word(f"{{{found['name']}}}")} if is_of_path else node


def ours(vendor: str) -> Version:
    document = load_document(SPECS[vendor])
    return Version(document, compile_operations(document))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("vendor", SPECS)
def test_every_operation_is_found_and_none_wrong(vendor: str, seed: int) -> None:
    mine = ours(vendor)
    renamed = Renamed(mine.document, seed)
    found = pair_by_likeness(mine, renamed.version())
    assert {name: other.id for name, (other, _) in found.pairs.items()} == renamed.truth
    assert not found.unsure
    assert not found.unknown


@pytest.mark.parametrize("vendor", SPECS)
def test_without_summaries_nothing_is_paired_wrongly(vendor: str) -> None:
    mine = ours(vendor)
    renamed = Renamed(mine.document, 4, keeps_summaries=False)
    found = pair_by_likeness(mine, renamed.version())
    assert {name: other.id for name, (other, _) in found.pairs.items()}.items() <= renamed.truth.items()
    assert len(found.pairs) >= len(mine.operations) / 2


@pytest.mark.parametrize("vendor", SPECS)
def test_an_operation_that_is_not_there_is_paired_with_no_other(vendor: str) -> None:
    mine = ours(vendor)
    renamed = Renamed(mine.document, 5)
    left_out = [path for number, path in enumerate(renamed.raw["paths"]) if number % 4 == 1]
    gone = {
        item[method]["operationId"] for path in left_out for item in [renamed.raw["paths"].pop(path)]
        for method in METHODS if method in item
    }  # fmt: skip
    found = pair_by_likeness(mine, renamed.version())
    there = {name: other for name, other in renamed.truth.items() if other not in gone}
    assert {name: other.id for name, (other, _) in found.pairs.items()}.items() <= there.items()
    assert set(renamed.truth) - set(there) <= set(found.unsure)


def test_the_remap_file_moves_our_operations_to_the_vendors_places(tmp_path: Path) -> None:
    mine = ours("contacthub")
    renamed = Renamed(mine.document, 6)
    theirs = renamed.version()
    pairing = pair_by_likeness(mine, theirs)
    path = tmp_path / "remap.yaml"
    path.write_text(write_remap("contacthub", "live.yaml", find_moves(mine, theirs, pairing)))
    moved = remap(mine.document, load_moves(path))
    places = {node["operationId"]: (method, TEMPLATE.sub("{}", at)) for method, at, node, _ in moved.operations()}
    wanted = {each.id: (each.method, TEMPLATE.sub("{}", each.path)) for each in theirs.operations}
    assert places == {name: wanted[other] for name, other in renamed.truth.items()}
    create_app(Settings(vendors=("contacthub",), remap=path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """Document of ECDP at other places, with a field that ours lacks."""
    renamed = Renamed(ours("ecdp").document, 7)
    schemas = renamed.raw["components"]["schemas"] = deepcopy(renamed.raw["components"]["schemas"])
    name = next(name for name, each in schemas.items() if each.get("properties"))
    schemas[name]["properties"]["loyaltyTier"] = {"type": "string"}
    path = tmp_path / "live.yaml"
    path.write_text(yaml.safe_dump(renamed.raw))
    return path


def test_the_command_writes_the_file_and_lists_what_else_differs(live: Path, tmp_path: Path) -> None:
    out = tmp_path / "remap.yaml"
    result = run("remap", "ecdp", str(live), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "15 of 15 operations found: 0 in place, 15 moved" in result.output
    assert "loyaltyTier is added" in result.output
    assert len(load_moves(out)) == 15

    again = run("remap", "ecdp", str(live), "--out", str(out))
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    assert run("remap", "ecdp", str(live), "--out", str(out), "--force").exit_code == 0


def test_an_operation_that_the_vendor_lacks_is_named(tmp_path: Path) -> None:
    document = ours("crmcom").document
    paths = dict(document.raw["paths"])
    gone = paths.pop(next(iter(paths)))
    path = tmp_path / "live.yaml"
    path.write_text(yaml.safe_dump({**document.raw, "paths": paths}))
    result = run("remap", "crmcom", str(path))
    assert result.exit_code == 1
    for method in METHODS:
        if method in gone:
            assert f"not found: {gone[method]['operationId']}" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("remap", "ecpd", "live.yaml"), ("ecpd", "ecdp")),
        (("remap", "ecdp", "nowhere.yaml"), ("nowhere.yaml",)),
        (("diff", "ecdp", "contacthubb"), ("contacthubb", "contacthub")),
    ],
)
def test_an_unknown_document_is_refused_in_one_line(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert all(word in result.output for word in words)
    assert len(result.output.strip().splitlines()) == 1
