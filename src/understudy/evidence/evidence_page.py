"""HTML page of the evidence: one file, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from understudy.evidence.evidence_rows import evidence_lines, evidence_rows, summary_line
from understudy.evidence.operation_evidence import VendorReport

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: #1b1f24 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #d8dee4 }
th { background: #f3f5f7 }
pre { font: 13px ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
summary { cursor: pointer }
.none { color: #b42318 }
@media (prefers-color-scheme: dark) {
  body { background: #15181c; color: #e3e6ea } th { background: #20252b } th, td { border-color: #363d46 }
  .none { color: #ff9b8f }
}
"""


def evidence_page(reports: Sequence[VendorReport]) -> str:
    """Return the page: a table a vendor, and all evidence of an operation behind its name."""
    return html_page("Evidence", [part for report in reports for part in _vendor(report)])


def _vendor(report: VendorReport) -> Iterable[str]:
    yield f"<h2>{escape(report.vendor)}</h2><p>{escape(summary_line(report))}</p>"
    rows = []
    for row, found in zip(evidence_rows(report), report.operations, strict=True):
        lines = escape("\n".join(evidence_lines(found)))
        name = f"<details><summary>{escape(found.operation)}</summary><pre>{lines}</pre></details>"
        rows.append({key: escape(text) for key, text in row.items()} | {"operation": name})
    yield html_table(rows)
    yield "".join(f"<p>not modelled: {escape(part)}</p>" for part in report.not_modelled)


def html_table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows of HTML below the names of their columns; an empty text for none."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.values()) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_page(title: str, parts: Iterable[str]) -> str:
    """Return a page of these parts."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    body = f"<h1>{escape(title)}</h1>{''.join(parts)}"
    return f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'
