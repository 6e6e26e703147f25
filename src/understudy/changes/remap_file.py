"""Remap file made from pairs of operations: where the vendor's own document has the operations of a shipped one."""

from collections.abc import Iterator
from dataclasses import dataclass

from understudy.changes.change import Change
from understudy.changes.document_changes import Version, operation_changes
from understudy.changes.operation_features import TEMPLATE
from understudy.changes.operation_pairs import Pairing
from understudy.contract.compiled_operations import Operation

MOVES = frozenset(("moved", "operationId"))


@dataclass(frozen=True, slots=True)
class FoundMove:
    """Operation that the vendor's document has at another place, with the likeness of the two from 0 to 1.

    ``path`` is below our base path, with the names of our parameters in their order. It is empty if there is an
    ``obstacle``: another base path, or another number of parameters.
    """

    operation: Operation
    method: str
    path: str
    likeness: float
    obstacle: str = ""


def find_moves(ours: Version, theirs: Version, pairing: Pairing) -> list[FoundMove]:
    """Return the operations whose method or path differs, in our document's order."""
    found = []
    base = ours.document.base_path
    for each in ours.operations:
        if each.id not in pairing.pairs:
            continue
        other, likeness = pairing.pairs[each.id]
        whole = theirs.document.base_path + other.path
        method = other.method.upper()
        if len(TEMPLATE.findall(each.path)) != len(TEMPLATE.findall(other.path)):
            found.append(FoundMove(each, method, "", likeness, f"{method} {whole} has other parameters in its path"))
        elif not whole.startswith(f"{base}/"):
            found.append(FoundMove(each, method, "", likeness, f"{method} {whole} is not below {base}"))
        else:
            path = _with_our_names(each.path, whole.removeprefix(base))
            if (method, path) != (each.method.upper(), each.path):
                found.append(FoundMove(each, method, path, likeness))
    return found


def write_remap(name: str, source: str, moves: list[FoundMove]) -> str:
    """Return a remap file, as ``serve --remap`` reads it."""
    head = f"# {name}: places of operations in {source}, found by likeness (1 is equal); read them before use.\n"
    lines = [f"{each.operation.id}: {each.method} {each.path}  # {each.likeness}\n" for each in moves if each.path]
    return head + ("".join(lines) or "{}\n")


def other_differences(ours: Version, theirs: Version, pairing: Pairing) -> Iterator[Change]:
    """Yield the changes of paired operations beside their place: parameters, fields, values, statuses."""
    for each in ours.operations:
        if each.id in pairing.pairs:
            other, _ = pairing.pairs[each.id]
            for change in operation_changes(ours.document, theirs.document, each, other):
                if change.rule not in MOVES:
                    yield change


def _with_our_names(ours: str, theirs: str) -> str:
    """Return their path with our parameters, in their order."""
    names = iter(TEMPLATE.findall(ours))
    return TEMPLATE.sub(lambda _: next(names), theirs)
