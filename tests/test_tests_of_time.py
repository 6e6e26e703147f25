"""Tests that move a clock by seconds freeze it first: a running clock passes a whole second on a busy machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
UNITS = frozenset(("seconds", "milliseconds", "microseconds"))


def moves_by_seconds(function: ast.AST) -> bool:
    """Return whether a function moves a clock by seconds or less."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "move"
        and any(
            keyword.arg in UNITS
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call)
            for keyword in inner.keywords
        )
        for node in ast.walk(function)
    )


def freezes(function: ast.AST) -> bool:
    """Return whether a function freezes a clock, sets a rate of 0, or makes a clock of that rate."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    if any(isinstance(each, ast.Attribute) and each.attr == "freeze" for each in calls):
        return True
    keywords = (keyword for node in ast.walk(function) if isinstance(node, ast.Call) for keyword in node.keywords)
    return any(
        each.arg == "rate" and isinstance(each.value, ast.Constant) and each.value.value == 0 for each in keywords
    )


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module by name."""
    return {node.name: node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def known(path: Path) -> dict[str, ast.FunctionDef]:
    """Return the functions that a test module has or gets as fixtures."""
    folders = [folder for folder in reversed(path.parents) if folder.is_relative_to(TESTS)]
    shared = [folder / "conftest.py" for folder in folders if (folder / "conftest.py").exists()]
    return {name: each for module in (*shared, path) for name, each in functions(module).items()}


def reached(
    function: ast.FunctionDef, by_name: dict[str, ast.FunctionDef], seen: set[str]
) -> Iterator[ast.FunctionDef]:
    """Yield a function, the fixtures that it names, and the functions that it calls."""
    yield function
    names = {argument.arg for argument in function.args.args}
    names |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    for name in sorted((names & by_name.keys()) - seen):
        seen.add(name)
        yield from reached(by_name[name], by_name, seen)


def find_tests() -> list[tuple[Path, str]]:
    return [
        (path, name)
        for path in sorted(TESTS.rglob("test_*.py"))
        for name, function in functions(path).items()
        if name.startswith("test_") and moves_by_seconds(function)
    ]


def test_tests_of_time_are_found() -> None:
    assert len(find_tests()) >= 10


@pytest.mark.parametrize(("path", "name"), find_tests(), ids=lambda part: getattr(part, "stem", part))
def test_the_clock_is_frozen_before_it_moves_by_seconds(path: Path, name: str) -> None:
    by_name = known(path)

    assert any(freezes(each) for each in reached(by_name[name], by_name, {name})), f"{path}: {name}"
