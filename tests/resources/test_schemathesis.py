"""Schemathesis, all checks and phases, against a document of one's own that is served with recognised resources."""

import json
import os
from pathlib import Path

import pytest

from tests.resources.schemathesis_run import run_schemathesis
from tests.resources.test_lists import library, query
from understudy.contract.foreign.document_files import find_entries

DOCUMENTS = os.environ.get("UNDERSTUDY_DOCUMENTS", "")
EXAMPLES = int(os.environ.get("UNDERSTUDY_EXAMPLES", "5"))
SEEDS = (1, 2, 3)


def own_document(folder: Path) -> Path:
    """Write a document with filters, pages, and a ``PUT`` on its collection; return its file."""
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
    entry = folder / "own.json"
    entry.write_text(json.dumps(document))
    return entry


def test_schemathesis_finds_nothing_on_recognised_resources(tmp_path: Path) -> None:
    result = run_schemathesis(own_document(tmp_path), tmp_path, examples=20)

    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]
    assert "passed" in result.stdout


@pytest.mark.deep
@pytest.mark.parametrize("seed", [2, 3])
def test_schemathesis_finds_nothing_with_other_seeds(tmp_path: Path, seed: int) -> None:
    result = run_schemathesis(own_document(tmp_path), tmp_path, seed=seed, examples=20)

    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]


@pytest.mark.deep
@pytest.mark.skipif(not DOCUMENTS, reason="UNDERSTUDY_DOCUMENTS names no folder")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("entry", find_entries(DOCUMENTS) if DOCUMENTS else [""])
def test_schemathesis_finds_nothing_on_the_documents_of_a_folder(tmp_path: Path, entry: str, seed: int) -> None:
    result = run_schemathesis(Path(entry), tmp_path, seed=seed, examples=EXAMPLES)

    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]
