"""The suite of ``verify`` against a document of one's own that is served with recognised resources."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.resources.test_lists import library, query
from understudy.cli import main
from understudy.contract.foreign.document_files import find_entries

DOCUMENTS = os.environ.get("UNDERSTUDY_DOCUMENTS", "")


def run(entry: Path, examples: int) -> Result:
    """Run the suite's phases of Schemathesis on a document's stand-in."""
    phases = "examples,coverage,fuzzing,stateful"
    return CliRunner().invoke(main, ["verify", f"own={entry}", "--phases", phases, "--examples", str(examples)])


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

    result = run(entry, examples=20)

    assert result.exit_code == 0, result.output[-20_000:]
    assert "no findings" in result.stdout


@pytest.mark.deep
@pytest.mark.skipif(not DOCUMENTS, reason="UNDERSTUDY_DOCUMENTS names no folder")
@pytest.mark.parametrize("entry", find_entries(DOCUMENTS) if DOCUMENTS else [""])
def test_schemathesis_finds_nothing_on_the_documents_of_a_folder(entry: str) -> None:
    result = run(Path(entry), examples=10)

    assert result.exit_code == 0, result.output[-20_000:]
