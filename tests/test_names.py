"""Names and docstrings use the words of the vocabulary: see the glossary in CONTRIBUTING.md and docs/decisions/0017."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = sorted((ROOT / "src" / "understudy").rglob("*.py"))
OTHERS = sorted(
    path for folder in ("tests", "benchmarks", "tools", "examples") for path in (ROOT / folder).rglob("*.py")
)
THIS_FILE = Path(__file__)

RETIRED = frozenset(
    """backstage began crowd doing door dress dressed dressing drawn gather inhabitant introduce introduction
    introductions lane lives moment moments oblivion occasion play roster said says scene scenes settle sitting spoil
    spoils stage stamp tally tell tells told""".split()
)
"""Words that name nothing any more: metaphors, and verbs of people for what a machine does."""

PUBLIC = frozenset(("introduce", "introduction", "introductions"))
"""Names with a retired word that users know: methods of ``RemoteWorld``."""

OPENERS = frozenset(
    """All Everybody Everything Here How Nobody One So Some Somebody Something Such That Then There Those What Whatever
    When Where Whether Which Who Whoever Whom Whose Why""".split()
)
"""Words that put off the noun of a docstring."""

RIDDLES = re.compile(
    r"""\b(backstage|lane|oblivion|roster|scenes?|inhabitants?|crowd|tells?|told|forgets?|forgot|remembers?|remembered
    |knocks?|bids?|meets|notes,\ section|design,\ section|whoever|somebody|anybody|everybody)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that no docstring uses: metaphors, personification, and references to pages that readers do not have."""

MAX_SENTENCES = 2
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|etc|vs)\.")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
PUBLIC_TWICE = frozenset(("Cast",))
"""Class names defined in two modules on purpose: the protocol of a cast, and the public class."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_retired(name: str) -> bool:
    return name not in PUBLIC and not RETIRED.isdisjoint(word.lower() for word in WORD.findall(name))


def names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module gives: of its definitions, parameters and variables."""
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def docstrings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the docstrings of a module, its definitions and its attributes, with the name of each."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | Definition):
            if text := ast.get_docstring(node):
                yield getattr(node, "name", "module"), text
            yield from attribute_docstrings(node.body)


def attribute_docstrings(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for before, node in pairwise(body):
        is_text = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if is_text and isinstance(before, ast.Assign | ast.AnnAssign):
            target = before.target if isinstance(before, ast.AnnAssign) else before.targets[0]
            yield ast.unparse(target), node.value.value  # type: ignore[attr-defined] # as is_text says


def sentences(text: str) -> int:
    """Count the sentences of a docstring's first paragraph."""
    return len(SENTENCE_END.findall(ABBREVIATION.sub("", text.split("\n\n", maxsplit=1)[0])))


def faults_of(name: str, text: str) -> list[str]:
    """Return the faults of a docstring."""
    found = []
    first = text.split(maxsplit=1)[0].strip(".,:;`")
    if first in OPENERS:
        found.append(f"{name} opens with {first!r}: begin with a noun or a verb")
    if sentences(text) > MAX_SENTENCES:
        found.append(f"{name} has more than {MAX_SENTENCES} sentences before the first blank line")
    return found + [f"{name} says {match[0]!r}" for match in RIDDLES.finditer(text)]


@pytest.mark.parametrize("path", [*SOURCE, *OTHERS], ids=name_of)
def test_no_name_has_a_retired_word(path: Path) -> None:
    assert [part for part in path.relative_to(ROOT).with_suffix("").parts if is_retired(part)] == []
    assert [name for name in names(tree_of(path)) if is_retired(name)] == []


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_docstrings_begin_with_a_noun_or_a_verb_and_are_short(path: Path) -> None:
    assert [fault for name, text in docstrings(tree_of(path)) for fault in faults_of(name, text)] == []


@pytest.mark.parametrize("path", [path for path in OTHERS if path != THIS_FILE], ids=name_of)
def test_docstrings_of_tests_and_tools_have_no_riddles(path: Path) -> None:
    assert [fault for name, text in docstrings(tree_of(path)) for fault in faults_of(name, text)] == []


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_modules_and_public_definitions_have_a_docstring(path: Path) -> None:
    tree = tree_of(path)
    lacking = [
        node.name
        for node in tree.body
        if isinstance(node, Definition) and not node.name.startswith("_") and ast.get_docstring(node) is None
    ]
    assert lacking == []
    assert ast.get_docstring(tree), "the module has no docstring"


def test_a_public_class_name_is_defined_once() -> None:
    counts = Counter(
        node.name
        for path in SOURCE
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in counts.items() if count > 1} == PUBLIC_TWICE


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("Snapshot of a world.", True),
        ("Return the customer with this id.", True),
        ("What a client asks for.", False),
        ("Those who may call.", False),
        ("Snapshot of a world. It is immutable. It has a clock.", False),
        ("Snapshot of a world. It is immutable.\n\nIt has a clock. And more. And more.", True),
        ("Store that remembers records.", False),
        ("Token lifetime (notes, section 4).", False),
    ],
)
def test_a_docstring_that_is_read_twice_is_found(text: str, is_plain: bool) -> None:  # noqa: FBT001 - the claim
    assert (faults_of("it", text) == []) is is_plain


@pytest.mark.parametrize(
    ("name", "is_found"),
    [("open_scene", True), ("DoorKeeper", True), ("_tell_all", True), ("indoor", False), ("strikes", False)],
)
def test_a_retired_word_in_a_name_is_found(name: str, is_found: bool) -> None:  # noqa: FBT001 - the claim
    assert is_retired(name) is is_found
