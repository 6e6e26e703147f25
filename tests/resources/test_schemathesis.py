"""Schemathesis, all checks and phases, against a document of one's own that is served with recognised resources."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acme import serving
from tests.resources.test_lists import library, query
from understudy.app import create_app
from understudy.contract.foreign.document_files import find_entries
from understudy.settings import Settings

DOCUMENTS = os.environ.get("UNDERSTUDY_DOCUMENTS", "")
CHECKS = """
[checks]
enabled = true
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "429"]
"""


def run(entry: Path, folder: Path, examples: int) -> "subprocess.CompletedProcess[str]":
    """Serve a document and run Schemathesis against it."""
    settings = folder / "schemathesis.toml"
    settings.write_text(CHECKS)
    with serving(create_app(Settings(documents=(("own", str(entry)),), cache=None))) as url:
        command = [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(entry),
            "--url", url, "--phases", "examples,coverage,fuzzing,stateful", "--mode", "all",
            "--seed", "1", "--max-examples", str(examples), "--continue-on-failure", "--warnings", "off",
            "--generation-database", "none", "--workers", "1", "--header", "Authorization: Bearer any",
        ]  # fmt: skip
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_schemathesis_finds_nothing_on_recognised_resources(tmp_path: Path) -> None:
    document = library(*(query(name, "integer") for name in ("page", "limit", "pages")), query("sort"))
    whole = {"type": "integer", "minimum": -(2**53), "maximum": 2**53}  # what JSON can hold without loss
    book = document["components"]["schemas"]["Book"]
    book = {**book, "additionalProperties": False, "properties": {**book["properties"], "id": whole, "pages": whole}}
    document["components"]["schemas"]["Book"] = book
    for each in document["paths"]["/books"]["get"]["parameters"]:
        if each["schema"]["type"] == "integer":
            each["schema"] = whole
    for item in document["paths"].values():
        for method in item.keys() & {"get", "put", "post", "delete"}:
            for status in ("400", "404", "415"):
                item[method]["responses"].setdefault(status, {"description": ""})
    entry = tmp_path / "own.json"
    entry.write_text(json.dumps(document))

    result = run(entry, tmp_path, examples=20)

    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]
    assert "passed" in result.stdout


@pytest.mark.deep
@pytest.mark.skipif(not DOCUMENTS, reason="UNDERSTUDY_DOCUMENTS names no folder")
@pytest.mark.parametrize("entry", find_entries(DOCUMENTS) if DOCUMENTS else [""])
def test_schemathesis_finds_nothing_on_the_documents_of_a_folder(tmp_path: Path, entry: str) -> None:
    result = run(Path(entry), tmp_path, examples=10)

    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]
