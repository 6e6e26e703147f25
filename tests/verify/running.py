"""Runs of ``understudy verify`` in this process."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.verify.lending_server import KEY, Lending, lending
from understudy.cli import main

DOCUMENT = Path(__file__).with_name("lending.yaml")
KEY_VARIABLE = "UNDERSTUDY_LENDING_X_API_KEY"


def verify(*arguments: str, **environment: str | None) -> Result:
    """Run the command with arguments, and with environment variables."""
    return CliRunner().invoke(main, ["verify", *arguments], env={KEY_VARIABLE: KEY, **environment})


def verify_library(library: Lending, *options: str, **environment: str | None) -> Result:
    """Run the command on a library that is served for it."""
    with lending(library) as url:
        return verify(str(DOCUMENT), "--url", url, *options, **environment)


def report_of(library: Lending, folder: Path, *options: str) -> Any:
    """Return the JSON report on a library."""
    path = folder / "report.json"
    result = verify_library(library, "--json", str(path), *options)
    assert result.exit_code in (0, 1), result.output
    return json.loads(path.read_text())


def keys(report: Any) -> set[str]:
    """Return the keys of the findings of a report."""
    return {finding["key"] for subject in report["subjects"] for finding in subject["findings"]}
