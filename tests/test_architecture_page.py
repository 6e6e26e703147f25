"""``docs/architecture.md`` names files, functions and layers that exist."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "understudy"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROSE, _, REST = PAGE.partition("```\n")
DIAGRAM, _, REST = REST.partition("```\n")

QUOTED = re.compile(r"`([^`]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|yaml|json|md|toml))")
"""Relative path of a file with a known suffix, or of a folder, which ends in a slash."""

NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
OTHER = re.compile(r"(?:/|-|x-|(?:[A-Z]{3,6}|make|understudy) ).+")
"""Quoted text that is neither path nor name: a URL's path, an option, a key of the spec, a command."""


def blocks() -> list[str]:
    """Return the page's paragraphs, list items and table rows, each in one string."""
    return [block for block in re.split(r"\n\s*\n|\n(?=\||\d+\. |- )", PROSE + REST) if "`" in block]


def quoted() -> Iterator[tuple[str, str]]:
    """Yield each quoted path with no name, and each quoted name with the path before it in its block."""
    for block in blocks():
        path = ""
        for text in QUOTED.findall(block):
            if PATH.fullmatch(text):
                path = text
                yield path, ""
            elif not OTHER.fullmatch(text):
                yield path, text


def locate(path: str) -> Path | None:
    """Return the file or folder of a path below the repository or below the package; nothing for an unknown one."""
    return next((found for found in (ROOT / path, SOURCE / path) if found.exists()), None)


@cache
def definitions(file: Path) -> frozenset[str]:
    """Return the names that a Python file defines: of functions, classes, constants, and ``Class.member``."""
    return frozenset(_defined(ast.parse(file.read_text(encoding="utf-8")).body, ""))


def _defined(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name
            case ast.ClassDef():
                yield prefix + node.name
                yield from _defined(node.body, f"{prefix}{node.name}.")
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name
            case ast.Assign():
                yield from (prefix + target.id for target in node.targets if isinstance(target, ast.Name))


def _is_module(name: str) -> bool:
    return (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()


@pytest.mark.parametrize("path", sorted({path for path, name in quoted() if not name}))
def test_a_path_on_the_page_exists(path: str) -> None:
    found = locate(path)

    assert found is not None, f"{path} is neither below the repository nor below src/understudy"
    assert found.is_dir() == path.endswith("/")


@pytest.mark.parametrize(("path", "name"), sorted({(path, name) for path, name in quoted() if name}))
def test_a_name_on_the_page_is_defined_in_the_file_before_it(path: str, name: str) -> None:
    assert path, f"{name} has no path before it in its paragraph, list item or table row"
    assert NAME.fullmatch(name), f"{name} is neither a path nor a name; see OTHER"
    file = locate(path)

    assert file is not None
    assert file.suffix == ".py"
    assert name in definitions(file)


def test_the_diagram_has_the_layers_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each.get("containers") == ["understudy"]]
    rows = [[name for name in re.findall(r"\w+", layer) if _is_module(name)] for layer in layers]

    width = DIAGRAM.index("command line")
    shown = [line[:width].split() for line in DIAGRAM.splitlines() if re.match(r"\w", line)]

    assert shown == [names for names in rows if names]


def test_a_request_and_a_record_have_ten_steps_and_fourteen_errands_are_listed() -> None:
    request, record, errands = (
        PAGE.partition(f"## {title}")[2].partition("\n## ")[0]
        for title in ("The life of a request", "The life of a record", "Fourteen errands")
    )

    assert re.findall(r"^(\d+)\. ", request, re.MULTILINE) == [str(number) for number in range(1, 11)]
    assert re.findall(r"^(\d+)\. ", record, re.MULTILINE) == [str(number) for number in range(1, 11)]
    assert len(re.findall(r"^\| ", errands, re.MULTILINE)) == 1 + 14
