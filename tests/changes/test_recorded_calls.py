"""Recorded calls held against a new version of a document."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.changes.test_document_changes import DOCUMENT, GONE, LIST, ORDER, POST, changed
from tests.changes.test_remap_from_a_document import run

TOTAL = [{"name": "X-Total", "value": "1"}, {"name": "content-type", "value": "application/json"}]


def entry(method: str, url: str, status: int, sent: Any = None, answer: Any = None) -> dict[str, Any]:
    headers = [{"name": "X-Key", "value": "[hidden]"}]
    request: dict[str, Any] = {"method": method, "url": f"https://api.example{url}", "headers": headers}
    if sent is not None:
        headers.append({"name": "Content-Type", "value": "application/json"})
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    content = {"mimeType": "application/json", "text": json.dumps(answer)}
    response = {"status": status, "headers": TOTAL, "content": content}
    return {"startedDateTime": "2026-01-01T00:00:00Z", "time": 3, "request": request, "response": response}


CALLS = [
    entry("GET", "/v1/orders?limit=10", 200, answer=[{"id": "1"}]),
    entry("GET", "/v1/orders?limit=9", 404),
    entry("POST", "/v1/orders", 201, {"id": "1", "status": "paid"}, {"id": "1"}),
    entry("GET", "/static/logo.png", 200),
]


def diff(folder: Path, calls: list[Any], *edits: tuple[tuple[Any, ...], Any], options: tuple[str, ...] = ()) -> Any:
    for name, raw in (("old", DOCUMENT), ("new", changed(DOCUMENT, *edits))):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(raw))
    archive = folder / "calls.har"
    archive.write_text(json.dumps({"log": {"version": "1.2", "entries": calls}}))
    words = [str(folder / "old.yaml"), str(folder / "new.yaml"), "--journal", str(archive), *options]
    return run("diff", *words)


def broken(folder: Path, *edits: tuple[tuple[Any, ...], Any]) -> list[tuple[str, str]]:
    result = diff(folder, CALLS, *edits, options=("--json",))
    found = json.loads(result.stdout)["calls"]
    assert result.exit_code == (1 if found["broken"] else 0), result.output
    assert found["unknown"] == ["GET /static/logo.png"]
    assert len(found["broken"]) + found["kept"] == 3
    return [(each["method"], each["target"]) for each in found["broken"]]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], []),
        ([((*POST, "summary"), "Make an order.")], []),
        ([((*LIST, "parameters", 0, "schema", "maximum"), 9)], [("GET", "/v1/orders?limit=10")]),
        ([((*LIST, "parameters", 1, "schema", "enum"), ["open"])], []),
        ([((*ORDER, "properties", "status", "enum"), ["open"])], [("POST", "/v1/orders")]),
        ([((*ORDER, "properties", "total"), GONE)], []),
        ([((*LIST, "responses", "200", "headers"), {})], [("GET", "/v1/orders?limit=10")]),
        ([((*POST,), GONE)], [("POST", "/v1/orders")]),
        (
            [(("servers", 0, "url"), "/v2")],
            [("GET", "/v1/orders?limit=10"), ("GET", "/v1/orders?limit=9"), ("POST", "/v1/orders")],
        ),
    ],
)
def test_only_the_calls_that_a_change_touches_break(
    tmp_path: Path, edits: list[Any], expected: list[tuple[str, str]]
) -> None:
    assert broken(tmp_path, *edits) == expected


def test_a_call_that_broke_the_old_version_too_is_not_blamed_on_the_new_one(tmp_path: Path) -> None:
    wrong = entry("POST", "/v1/orders", 400, {"id": "1", "status": "nonsense"}, {})
    result = diff(tmp_path, [wrong], ((*POST, "summary"), "Make an order."), options=("--json",))
    found = json.loads(result.stdout)["calls"]
    assert (found["broken"], found["kept"], found["unknown"]) == ([], 1, [])


def test_a_breaking_change_that_no_call_meets_does_not_fail(tmp_path: Path) -> None:
    result = diff(tmp_path, CALLS[:1], ((*POST,), GONE))
    assert (result.exit_code, "1 breaking" in result.output) == (0, True)


def test_calls_of_another_document_are_refused(tmp_path: Path) -> None:
    result = diff(tmp_path, CALLS[3:])
    assert result.exit_code == 2
    assert ": 1 call, of no operation of " in result.output


def test_a_journal_that_this_program_writes_is_read(tmp_path: Path, stand_in: Any) -> None:
    httpx.get(
        f"{stand_in.url('ecdp')}/customerattributes", headers={"x-api-key": stand_in.credentials("ecdp")["api_key"]}
    )
    archive = httpx.get(f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}/journal/har")
    path = tmp_path / "calls.har"
    path.write_bytes(archive.content)
    result = run("diff", "ecdp", "ecdp", "--journal", str(path))
    assert "0 of your recorded calls break, 1 do not" in result.output, archive.text


@pytest.mark.parametrize(("least", "code"), [("breaking", 0), ("risky", 1), ("none", 0)])
def test_the_least_effect_that_fails_is_chosen(tmp_path: Path, least: str, code: int) -> None:
    for name, raw in (("old", DOCUMENT), ("new", changed(DOCUMENT, ((*ORDER, "properties", "total"), GONE)))):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(raw))
    result = run("diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--fail-on", least)
    assert (result.exit_code, "0 breaking, 3 risky" in result.output) == (code, True)
