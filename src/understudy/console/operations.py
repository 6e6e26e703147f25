"""Page of all operations: searched as one types, with filters that live in the address."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flask import Flask, render_template, request

from understudy.console.control import ControlRefused
from understudy.console.overview import FIDELITIES, PARTS, PROVENANCES, weakest
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.http.mounted_vendor import MountedVendor

PAGE_SIZE = 50
OWN_DOCUMENT = "your document"
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class OperationRow:
    """Row of the table: one operation, as texts. ``sought`` is the text in which a search looks."""

    vendor: str
    tag: str
    id: str
    method: str
    path: str
    summary: str
    fidelity: str
    provenance: str
    sources: Mapping[str, str]
    sought: str


@dataclass(frozen=True, slots=True)
class CallNumbers:
    """Numbers of an operation's calls since the server started."""

    calls: int = 0
    refused: int = 0


def operation_rows(mounted: MountedVendor) -> Iterator[OperationRow]:
    """Yield a row for each operation of a vendor."""
    for each in mounted.operations:
        path = mounted.base_path + each.path
        yield OperationRow(
            vendor=each.vendor,
            tag=each.tag,
            id=each.id,
            method=each.method.upper(),
            path=each.path,
            summary=each.summary,
            fidelity=mounted.endpoints[each.id].fidelity,
            provenance=weakest(each.provenance) if each.provenance else OWN_DOCUMENT,
            sources={part: each.provenance.get(part, "unknown") for part in PARTS} if each.provenance else {},
            sought=f"{each.vendor} {each.tag} {each.id} {each.method} {path} {each.summary}".casefold(),
        )


def call_numbers(services: Services) -> Mapping[tuple[str, str], CallNumbers]:
    """Return the numbers of calls by vendor and operation, in all worlds."""
    calls: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for each in services.control.call("count_calls"):
        key = each["vendor"], each["operation"]
        calls[key] += each["count"]
        if each["outcome"] != "accepted":
            refused[key] += each["count"]
    return {key: CallNumbers(number, refused[key]) for key, number in calls.items()}


def found_rows(
    rows: Sequence[OperationRow], wanted: Mapping[str, str], numbers: Mapping[tuple[str, str], CallNumbers]
) -> list[OperationRow]:
    """Return the rows that fit the filters: every word of the text, and each value that is given."""
    words = wanted.get("q", "").casefold().split()
    exact = {name: wanted[name] for name in ("vendor", "method", "fidelity", "provenance", "tag") if wanted.get(name)}
    found = [
        row
        for row in rows
        if all(word in row.sought for word in words)
        and all(getattr(row, name) == value for name, value in exact.items())
    ]
    match wanted.get("calls", ""):
        case "called":
            return [row for row in found if (row.vendor, row.id) in numbers]
        case "refused":
            return [row for row in found if (key := (row.vendor, row.id)) in numbers and numbers[key].refused]
        case "never":
            return [row for row in found if (row.vendor, row.id) not in numbers]
    return found


def page_number(text: str) -> int:
    """Return the number of a page of a list; the first for a text that is no such number."""
    return min(int(text), MAX_PAGE) if text.isascii() and text.isdecimal() and len(text) < 9 and int(text) else 1


def add_operations(app: Flask, services: Services) -> None:
    """Add the list of operations."""

    @cache
    def rows() -> tuple[OperationRow, ...]:
        return tuple(row for each in services.vendors.values() for row in operation_rows(each))

    @app.get(f"{CONSOLE}/operations")
    def operations() -> str:
        """List the operations that fit the filters, fifty on a page."""
        wanted = request.args.to_dict()
        refused = None
        numbers: Mapping[tuple[str, str], CallNumbers] = {}
        try:
            numbers = call_numbers(services)
        except ControlRefused as error:
            refused = error
        found = found_rows(rows(), wanted, numbers)
        number = page_number(wanted.get("page", ""))
        first = (number - 1) * PAGE_SIZE
        return render_template(
            "operations.html",
            rows=found[first : first + PAGE_SIZE],
            numbers=numbers,
            refused=refused,
            total=len(found),
            first=first,
            number=number,
            has_more=len(found) > first + PAGE_SIZE,
            wanted=wanted,
            vendors=sorted(services.vendors),
            methods=sorted({row.method for row in rows()}),
            fidelities=[name for name in FIDELITIES if any(row.fidelity == name for row in rows())],
            provenances=[name for name in (*PROVENANCES, OWN_DOCUMENT) if any(r.provenance == name for r in rows())],
        )
