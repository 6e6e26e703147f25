"""Cache of own documents: used while nothing has changed, made again whenever something has, and never needed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.foreign.own_documents import with_schema, write
from understudy.contract.foreign import loading
from understudy.contract.foreign.document_rewriter import DocumentRewriter
from understudy.contract.foreign.loading import ForeignDocument, load_foreign

PART = {"type": "string", "maxLength": 3, "format": "own"}


@pytest.fixture
def entry(tmp_path: Path) -> str:
    """Document with a part in another file."""
    write(tmp_path, PART, "parts/part.json")
    return write(tmp_path, with_schema({"$ref": "parts/part.json"}))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the documents that are rewritten, and not taken from the cache."""
    made: list[str] = []

    def counted(name: str, *parts: Any) -> DocumentRewriter:
        made.append(name)
        return DocumentRewriter(name, *parts)

    monkeypatch.setattr(loading, "DocumentRewriter", counted)
    return made


def _shown(found: ForeignDocument) -> object:
    return found.raw, [*found.findings], found.findings.dropped, found.entry, found.name


def test_a_document_is_taken_from_the_cache_with_its_findings(entry: str, tmp_path: Path, reads: list[str]) -> None:
    first = load_foreign("acme", entry, tmp_path / "cache")
    second = load_foreign("acme", entry, tmp_path / "cache")
    assert reads == ["acme"]
    assert _shown(first) == _shown(second)
    assert len(second.findings) == 1


def test_another_name_or_other_hosts_have_a_cache_of_their_own(entry: str, tmp_path: Path, reads: list[str]) -> None:
    load_foreign("acme", entry, tmp_path / "cache")
    load_foreign("other", entry, tmp_path / "cache")
    load_foreign("acme", entry, tmp_path / "cache", hosts=["acme.example"])
    assert reads == ["acme", "other", "acme"]


def test_a_changed_part_is_read_again(entry: str, tmp_path: Path, reads: list[str]) -> None:
    load_foreign("acme", entry, tmp_path / "cache")
    write(tmp_path, {**PART, "maxLength": 4}, "parts/part.json")
    changed = load_foreign("acme", entry, tmp_path / "cache")
    assert reads == ["acme", "acme"]
    assert '"maxLength": 4' in json.dumps(changed.raw)


def test_a_part_that_was_missing_is_found_once_it_is_there(tmp_path: Path, reads: list[str]) -> None:
    entry = write(tmp_path, with_schema({"$ref": "parts/part.json"}))
    assert {each.kind for each in load_foreign("acme", entry, tmp_path / "cache").findings} == {"reference"}
    write(tmp_path, PART, "parts/part.json")
    assert {each.kind for each in load_foreign("acme", entry, tmp_path / "cache").findings} == {"format"}
    assert reads == ["acme", "acme"]


def test_a_part_that_is_gone_is_missed(entry: str, tmp_path: Path) -> None:
    load_foreign("acme", entry, tmp_path / "cache")
    (tmp_path / "parts" / "part.json").unlink()
    assert {each.kind for each in load_foreign("acme", entry, tmp_path / "cache").findings} == {"reference"}


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "no text", "a folder"])
def test_a_damaged_cache_is_made_again(damage: str, entry: str, tmp_path: Path, reads: list[str]) -> None:
    first = load_foreign("acme", entry, tmp_path / "cache")
    (stored,) = (tmp_path / "cache").iterdir()
    text = stored.read_bytes()
    damaged = {"cut": text[:-1], "changed": text.replace(b"string", b"number"), "empty": b"", "no text": b"\xff\n\xff"}
    stored.unlink()
    if damage == "a folder":
        stored.mkdir()
    else:
        stored.write_bytes(damaged[damage])
    assert _shown(load_foreign("acme", entry, tmp_path / "cache")) == _shown(first)
    assert reads == ["acme", "acme"]


def test_a_cache_of_another_version_is_not_used(
    entry: str, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_foreign("acme", entry, tmp_path / "cache")
    monkeypatch.setattr(loading, "_own_digest", lambda: "another")
    load_foreign("acme", entry, tmp_path / "cache")
    assert reads == ["acme", "acme"]


def test_a_folder_that_cannot_be_written_is_done_without(entry: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert load_foreign("acme", entry, tmp_path / "file" / "cache").raw["paths"]
    assert load_foreign("acme", entry, None).raw["paths"]


def test_processes_that_start_at_once_share_the_cache(entry: str, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import understudy.contract.foreign.loading as loading;"
        "print(len(loading.load_foreign('acme', sys.argv[1], Path(sys.argv[2])).raw['paths']))"
    )
    command = [sys.executable, "-c", code, entry, str(tmp_path / "cache")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0].strip() for process in started] == ["1"] * 4
    (stored,) = (tmp_path / "cache").iterdir()
    assert orjson.loads(stored.read_bytes().partition(b"\n")[2])["raw"]["paths"]
