"""Writer of ``docs/evidence.md``, the evidence of every operation: ``python -m tools.write_evidence``."""

from pathlib import Path

from understudy.app import create_app
from understudy.evidence.markdown_page import markdown_page
from understudy.evidence.operation_evidence import vendor_report
from understudy.settings import Settings

PAGE = Path(__file__).parent.parent / "docs" / "evidence.md"


def page() -> str:
    """Return the page of the shipped vendors."""
    vendors = create_app(Settings()).vendors.values()
    return markdown_page([vendor_report(each, is_shipped=True) for each in vendors])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
