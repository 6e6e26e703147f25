"""HTML page of what calls have reached: one file, without scripts and without anything from elsewhere."""

from collections.abc import Iterator
from html import escape

from understudy.evidence.evidence_page import html_page, html_table
from understudy.evidence.reached import OperationReached, Reached


def reached_page(found: Reached) -> str:
    """Return the page: a row for each operation, its rules by status behind its name."""
    rows = []
    for row, each in zip(found.rows(), found.operations, strict=True):
        lines = escape("\n".join(_lines(each)))
        name = f"<details><summary>{escape(each.operation)}</summary><pre>{lines}</pre></details>"
        calls = escape(row["calls"]) if each.calls else '<span class="none">none</span>'
        rows.append({key: escape(text) for key, text in row.items()} | {"operation": name, "calls": calls})
    return html_page("Reached by calls", [f"<p>{escape(found.summary())}</p>", html_table(rows)])


def _lines(found: OperationReached) -> Iterator[str]:
    yield f"{found.vendor}: {found.method} {found.path}"
    yield from (f"{outcome}: {count}" for outcome, count in found.outcomes.items())
    for each in found.rules:
        yield f"{each.status}: {each.calls} calls refused by {'this rule' if len(each.rules) == 1 else 'one of these'}"
        yield from (f"  {rule}" for rule in each.rules)
