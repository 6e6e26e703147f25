"""The command ``coverage``: evidence of operations, and what calls have reached."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.asgi import call
from tests.commands.own_documents import write_books
from tests.conftest import StandIn
from understudy.app import Understudy
from understudy.cli import main
from understudy.control.journal_exports import write_har

KEY = {"x-api-key": "understudy-ecdp-dev-key"}


def run(*words: str, **variables: str) -> Result:
    return CliRunner().invoke(
        main, ["coverage", *words], env={"UNDERSTUDY_URL": "", "UNDERSTUDY_WORLD": "", **variables}
    )


def output(*words: str, **variables: str) -> str:
    result = run(*words, **variables)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_each_kind_of_evidence_has_a_column_of_its_own() -> None:
    title, head, *rows = output("crmcom").splitlines()

    assert title.startswith("crmcom: 10 operations, 25 of 25 rules with a test, 0 called by a public client")
    assert head.split("  ")[0] == "operation"
    assert all(name in head for name in ("path", "shapes", "errors", "fidelity", "rules", "clients", "not modelled"))
    [row] = [row for row in rows if row.startswith("create_purchase ")]
    assert row.split()[1:8] == ["inferred", "documented", "inferred", "behaviour", "7", "of", "7"]
    assert "not modelled: POST /purchases/ad_hoc_return" in rows


def test_evidence_as_json_names_the_tests_of_each_rule() -> None:
    [report] = json.loads(output("ecdp", "--json"))

    [order] = [each for each in report["operations"] if each["operation"] == "delete_order"]
    assert order["provenance"]["path"] == "sibling-page"
    [rule] = order["rules"]
    assert (rule["status"], rule["rule"]) == (404, "An order has the id and is not deleted.")
    assert "tests/vendors/ecdp/test_orders.py::test_an_unknown_order_is_not_found" in rule["tests"]


def test_all_evidence_of_one_operation_is_printed() -> None:
    lines = output("crmcom", "--operation", "get_purchase").splitlines()

    assert lines[0] == "crmcom get_purchase: GET /purchases/{id}"
    assert "rule 404: The purchase exists. (inferred)" in lines
    assert "  tests/vendors/crmcom/test_purchases.py::test_an_unknown_purchase_is_not_found" in lines


def test_the_page_has_every_operation_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = tmp_path / "evidence.html"

    assert output("twc", "--html", str(page)) == ""
    text = page.read_text()
    assert text.count("<details>") == 15
    assert "src=" not in text
    assert "href=" not in text


def test_a_document_of_ones_own_has_its_fidelity(tmp_path: Path) -> None:
    book = write_books(tmp_path / "books.json")

    title, head, *rows = output(str(book)).splitlines()

    assert title == "books: 3 operations"
    assert head.split() == ["operation", "path", "shapes", "errors", "fidelity"]
    assert [row.split()[0] for row in rows if row] == ["listBooks", "addBook", "getBook"]
    assert all("your document" in row for row in rows if row)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["crmcom", "--operation", "create_purchas"], "no operation 'create_purchas'; did you mean 'create_purchase'?"),
        (["crmcon"], "no vendor, file or folder 'crmcon'; did you mean 'crmcom'?"),
        (["--world", "x"], "--world needs --journal"),
        (["--fail-under", "1"], "--fail-under needs --journal"),
        (["calls.har"], "calls.har needs --journal"),
        (["--journal", "--operation", "x"], "--operation and --journal exclude each other"),
        (["--json", "--operation", "x"], "--operation and --json exclude each other"),
        (["--journal", "--url", "http://x", "calls.har"], "--url and calls.har exclude each other"),
        (["--journal", "ecdp", "calls.har"], "calls.har: cannot be read"),
        (["--journal", "--fail-under", "101"], "101"),
        (["--journal", "--url", "http://127.0.0.1:9"], "http://127.0.0.1:9"),
        (["--journal", "--world", "a b", "--url", "http://127.0.0.1:9"], "'a b' is no world's name"),
    ],
)
def test_a_mistake_is_refused_in_one_line(words: list[str], reason: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def use(stand_in: StandIn, world: str) -> None:
    """Call two operations in a world: one accepts, one refuses by a rule."""
    asgi = stand_in.understudy.asgi
    assert call(asgi, "GET", f"/@{world}/ecdp/customerattributes", headers=KEY).status == 200
    assert call(asgi, "GET", f"/@{world}/ecdp/orders/id/none", headers=KEY).status == 404


def counted(stand_in: StandIn, *words: str) -> dict[str, Any]:
    found = json.loads(output("--journal", "ecdp", "--json", *words, UNDERSTUDY_URL=stand_in.root))
    return {each["operation"]: each for each in found["operations"]}


def test_the_calls_of_a_world_reach_operations_statuses_and_rules(stand_in: StandIn) -> None:
    use(stand_in, stand_in.world_name)

    found = counted(stand_in, "--world", stand_in.world_name)

    assert found["list_customer_attributes"]["statuses"] == {"200": 1}
    assert found["get_order"]["outcomes"] == {"rule": 1}
    assert found["get_order"]["rules"] == [
        {"status": 404, "rules": ["An order has the id, deleted or not."], "calls": 1}
    ]
    assert "200" in found["get_order"]["missing"]
    assert found["delete_order"]["calls"] == 0


def test_calls_stay_counted_when_journals_are_cleared_and_worlds_deleted(stand_in: StandIn) -> None:
    before = counted(stand_in)["get_order"]["calls"]
    worlds = stand_in.understudy.worlds
    use(stand_in, "dropped-by-a-test")
    worlds.get_or_create("dropped-by-a-test").journal.clear()
    assert counted(stand_in)["get_order"]["calls"] == before + 1
    use(stand_in, "dropped-by-a-test")
    worlds.reset("dropped-by-a-test")
    use(stand_in, "dropped-by-a-test")
    worlds.delete("dropped-by-a-test")
    use(stand_in, "dropped-by-a-test")
    worlds.create("dropped-by-a-test", worlds.initial_snapshot())

    assert counted(stand_in)["get_order"]["calls"] == before + 4
    worlds.delete("dropped-by-a-test")
    assert counted(stand_in)["get_order"]["calls"] == before + 4


def test_too_few_operations_fail(stand_in: StandIn) -> None:
    use(stand_in, stand_in.world_name)
    words = ("--journal", "ecdp", "--world", stand_in.world_name, "--url", stand_in.root)

    text = output(*words, "--fail-under", "13.3")  # 2 of 15 operations
    assert "2 of 15 operations (13.3%)" in text
    assert run(*words, "--fail-under", "13.4").exit_code == 1
    assert run(*words, "--fail-under", "0").exit_code == 0


def test_a_world_that_is_not_in_use_is_refused(stand_in: StandIn) -> None:
    result = run("--journal", "--world", "not-in-use", "--url", stand_in.root)

    assert result.exit_code == 2
    assert "no world 'not-in-use' is in use" in result.stderr


def write(path: Path, *entries: tuple[str, str, int]) -> Path:
    """Write an archive of another tool, which names no operation."""
    found = write_har([], "1")
    found["log"]["entries"] = [
        {
            "startedDateTime": "2026-01-01T00:00:00Z",
            "time": 1,
            "request": {"method": method, "url": url, "headers": []},
            "response": {"status": status, "headers": [], "content": {}},
        }
        for method, url, status in entries
    ]
    path.write_text(json.dumps(found))
    return path


def test_an_archive_of_another_tool_is_held_against_ones_own_document(tmp_path: Path) -> None:
    book = write_books(tmp_path / "books.json")
    archive = write(
        tmp_path / "calls.HAR",
        ("GET", "https://books.example/v1/books?page=2", 200),
        ("GET", "https://books.example/v1/books/1", 404),
        ("GET", "http://127.0.0.1:8080/@one/books/v1/books/1", 200),
        ("GET", "http://127.0.0.1:8080/_understudy/api/worlds", 200),
        ("GET", "https://books.example/logo.png", 200),
        ("DELETE", "https://books.example/v1/books/1", 405),
    )

    found = json.loads(output("--journal", str(book), str(archive), "--json"))

    assert [(each["operation"], each["statuses"], each["missing"]) for each in found["operations"]] == [
        ("listBooks", {"200": 1}, []),
        ("addBook", {}, ["201"]),
        ("getBook", {"200": 1, "404": 1}, []),
    ]
    assert (found["percent"], found["unknown_calls"]) == (66.7, 2)


@pytest.mark.parametrize("name", ["books.json", "ecdp", ""])
def test_an_archive_without_a_call_of_the_document_is_refused(tmp_path: Path, name: str) -> None:
    books = write_books(tmp_path / "books.json")
    archive = write(tmp_path / "calls.har", ("GET", "https://x.example/nothing/here", 404))
    words = [str(books) if name == "books.json" else name] if name else []

    result = run("--journal", *words, str(archive), "--fail-under", "0")

    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr
        == f"understudy: {archive}: 1 call, of no operation of {words[0] if words else 'the shipped vendors'}\n"
    )


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    result = run("--journal", "ecdp", str(write(tmp_path / "calls.har")))

    assert result.exit_code == 2
    assert result.stderr == f"understudy: {tmp_path / 'calls.har'}: holds no call\n"


def test_our_own_archive_keeps_the_outcomes(stand_in: StandIn, tmp_path: Path, understudy: Understudy) -> None:
    use(stand_in, stand_in.world_name)
    path = tmp_path / "own.har"
    answer = call(understudy.asgi, "GET", f"/_understudy/api/worlds/{stand_in.world_name}/journal/har")
    path.write_bytes(answer.body)
    page = tmp_path / "reached.html"

    [*rows, summary] = output("--journal", str(path), "--html", str(page), "--json").splitlines()[:-1]

    assert rows
    assert summary
    found = json.loads(output("--journal", str(path), "--json"))
    [order] = [each for each in found["operations"] if each["operation"] == "get_order"]
    assert order["outcomes"] == {"rule": 1}
    assert {each["vendor"] for each in found["operations"]} == {"ecdp"}
    assert "<summary>get_order</summary>" in page.read_text()
