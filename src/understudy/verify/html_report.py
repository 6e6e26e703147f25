"""Report as one HTML page that refers to nothing outside itself."""

from pathlib import Path

from jinja2 import Environment

from understudy.verify.report_data import Report

TEMPLATE = Path(__file__).with_name("report.html")


def html_report(report: Report) -> str:
    """Return the page, in the reader's light or dark colours."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(report=report.to_json())
