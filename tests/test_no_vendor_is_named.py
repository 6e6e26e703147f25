"""The shipped vendors use nothing that a user's vendor could not use: no other code names one of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/understudy"
SHIPPED = sorted(path.name for path in (SOURCE / "vendors").iterdir() if (path / "operations").is_dir())
NAMED = re.compile("|".join(SHIPPED), re.IGNORECASE)
OWN = ("vendors/", "casting/kinds/")
"""Packages with a part for each shipped vendor."""

MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if not path.relative_to(SOURCE).as_posix().startswith(tuple(f"{each}{name}" for each in OWN for name in SHIPPED))
]


def words(tree: ast.Module) -> Iterator[str]:
    """Yield the names and texts of a module, without its docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(each.name for each in node.names))


def test_there_are_five_shipped_vendors() -> None:
    assert SHIPPED == ["capillary", "contacthub", "crmcom", "ecdp", "twc"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_code_outside_their_own_names_a_shipped_vendor(path: Path) -> None:
    assert [word for word in words(ast.parse(path.read_text())) if NAMED.search(word)] == []
