"""HTML page of a report: one file, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Mapping
from html import escape

from understudy.proxy.drift_report import DriftReport

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #1b1f24 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d8dee4 }
th { background: #f3f5f7 }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
summary { cursor: pointer; color: #57606a }
.vendor { color: #b42318 } .client { color: #8a5a00 } .stand-in { color: #175cd3 }
@media (prefers-color-scheme: dark) {
  body { background: #15181c; color: #e3e6ea } th { background: #20252b } th, td { border-color: #363d46 }
  .vendor { color: #ff9b8f } .client { color: #f2c166 } .stand-in { color: #8fbaff } summary { color: #a3acb8 }
}
"""


def report_page(report: DriftReport) -> str:
    """Return the page."""
    title = f"{report.name} at {report.url}"
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(report.summary())}</p>",
        _section(
            "Findings", ("who", "operation", "difference", "vendor", "document", "stand-in", "calls"), _rows(report)
        ),
        _section("Inferred paths", ("operation", "path", "verdict", "statuses", "answers at"), _paths(report)),
        _section("Calls", ("operation", "method and path", "statuses"), _calls(report)),
        _counts("Not checked", report.unchecked),
        _counts("Not compared with the stand-in", report.not_compared),
        _counts("Not reached", report.unreached),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    whole = f"<head>{head}<style>{STYLE}</style></head><body>{''.join(parts)}</body>"
    return f'<!doctype html><html lang="en">{whole}</html>\n'


def _rows(report: DriftReport) -> Iterable[tuple[str, ...]]:
    for each in report.ordered():
        who = f'<span class="{each.who.value}">{each.who.value}</span>'
        repeat = f"<details><summary>repeat</summary><code>{escape(each.curl)}</code></details>" if each.curl else ""
        place = f"{escape(each.kind)} <code>{escape(each.place)}</code>{repeat}"
        sides = (escape(each.vendor), escape(each.document), escape(each.stand_in))
        yield who, escape(each.operation or "none"), place, *sides, str(each.count)


def _paths(report: DriftReport) -> Iterable[tuple[str, ...]]:
    for each in report.inferred:
        place = f"<code>{escape(f'{each.operation.method.upper()} {each.operation.path}')}</code>"
        statuses = ", ".join(f"{status}: {count}" for status, count in each.statuses.items())
        yield escape(each.operation.id), place, each.verdict, statuses, f"<code>{escape(each.path)}</code>"


def _calls(report: DriftReport) -> Iterable[tuple[str, ...]]:
    for each in report.to_json()["operations"]:
        statuses = ", ".join(f"{status}: {count}" for status, count in each["statuses"].items())
        place = f"<code>{escape(each['method'])} {escape(each['path'])}</code>"
        yield escape(each["operation"] or "none"), place, statuses


def _counts(title: str, counts: Mapping[str, int]) -> str:
    return _section(title, ("reason", "count"), ((escape(why), str(count)) for why, count in counts.items()))


def _section(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table below its title; nothing without rows."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{column}</th>" for column in columns)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
