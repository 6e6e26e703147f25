"""Reports of ``understudy verify``, each read by a parser of its format."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.verify.lending_server import KEY, Late404, UnlistedHeader, lending
from tests.verify.running import DOCUMENT, KEY_VARIABLE, verify, verify_library

QUICK = ("--phases", "examples,fuzzing", "--examples", "3")
FOUND = "lending list_books undocumented-header x-shelf-mark"
CHANGES = ("json", "junit", "sarif", "html")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    options = [word for form in CHANGES for word in (f"--{form}", str(folder / form))]
    result = verify_library(UnlistedHeader(), *QUICK, *options)
    assert result.exit_code == 1, result.output
    return {"console": result.stdout, **{form: (folder / form).read_text(encoding="utf-8") for form in CHANGES}}


def test_the_console_shows_the_table_and_the_finding_with_its_command(written: dict[str, str]) -> None:
    lines = written["console"].splitlines()

    assert any(line.startswith("list_books") and "200 " in line for line in lines)
    assert FOUND in lines
    place = lines.index(FOUND)
    assert "is not listed for status 200" in lines[place + 1]
    assert lines[place + 2].endswith("seed 1; tried, and it repeats:")
    assert lines[place + 3].startswith("  curl -X GET ")
    assert "1 finding" in lines[-1]


def test_the_key_of_a_client_is_in_no_report(written: dict[str, str]) -> None:
    assert [form for form, text in written.items() if KEY in text] == []
    assert f'"${KEY_VARIABLE}"' in written["console"]


def test_the_json_report_has_all_of_it(written: dict[str, str]) -> None:
    report = json.loads(written["json"])
    [subject] = report["subjects"]
    [finding] = subject["findings"]

    assert (report["new_findings"], report["seed"], report["stale_baseline"]) == (1, 1, [])
    assert {each["operation"] for each in subject["operations"]} == {
        "list_books", "add_book", "get_book", "change_book", "remove_book",
    }  # fmt: skip
    listed = next(each for each in subject["operations"] if each["operation"] == "list_books")
    assert listed["declared"]["200"] is True
    assert listed["positive"] > 0
    assert listed["requests"] == sum(listed["statuses"].values())
    assert (finding["key"], finding["repeats"], finding["is_accepted"]) == (FOUND, True, False)
    assert finding["exchanges"][-1]["target"].startswith("/v1/books")


def test_the_junit_report_has_a_case_for_each_operation(written: dict[str, str]) -> None:
    root = ET.fromstring(written["junit"])  # noqa: S314 - our own
    cases = {case.get("name"): case for case in root.iter("testcase")}

    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "5", "1")
    assert len(cases) == 5
    [failure] = cases["list_books"].findall("failure")
    assert failure.get("type") == "undocumented-header"
    assert "curl -X GET" in str(failure.text)
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["list_books"]


def test_the_sarif_report_has_a_rule_and_a_place_for_each_result(written: dict[str, str]) -> None:
    log = json.loads(written["sarif"])
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    [result] = run["results"]

    assert (log["version"], result["level"]) == ("2.1.0", "error")
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "undocumented-header"
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("lending.yaml")
    assert result["partialFingerprints"] == {"finding/v1": FOUND}


class References(HTMLParser):
    """Reader of a page that lists its elements and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append(tag)
        self.references += [value for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]


def test_the_page_refers_to_nothing_outside_and_follows_the_readers_colours(written: dict[str, str]) -> None:
    page = References(written["html"])

    assert page.references == []
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    assert not re.search(r"@import|url\(", written["html"])
    assert "color-scheme: light dark" in written["html"]
    assert FOUND in written["html"]
    assert page.tags.count("tr") == 6


def test_what_a_server_sends_is_escaped_in_the_page(tmp_path: Path) -> None:
    class Script(UnlistedHeader):
        def list(self, query: str) -> Any:
            answer = super().list(query)
            answer.value = [{"id": "1", "title": "<script>alert(1)</script>", "year": 1815}]
            return answer

    path = tmp_path / "page.html"
    verify_library(Script(), *QUICK, "--operation", "list_books", "--html", str(path))

    assert "<script>" not in path.read_text()
    assert "&lt;script&gt;" in path.read_text()


def test_a_report_may_go_to_the_standard_output() -> None:
    result = verify_library(UnlistedHeader(), *QUICK, "--json", "-")

    assert json.loads(result.stdout)["new_findings"] == 1
    assert FOUND in result.stderr


def test_a_finding_of_the_baseline_is_suppressed_in_the_reports(tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.txt"
    baseline.write_text(FOUND)
    junit, sarif = tmp_path / "junit.xml", tmp_path / "report.sarif"

    result = verify_library(
        UnlistedHeader(), *QUICK, "--baseline", str(baseline), "--junit", str(junit), "--sarif", str(sarif)
    )

    assert result.exit_code == 0
    root = ET.fromstring(junit.read_text())  # noqa: S314 - our own
    assert root.get("failures") == "0"
    assert "accepted by the baseline" in str(next(root.iter("system-out")).text)
    assert json.loads(sarif.read_text())["runs"][0]["results"][0]["suppressions"]


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("sh") is None, reason="no curl")
def test_the_commands_of_a_finding_repeat_it_against_a_fresh_server(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with lending(Late404()) as url:
        verify(str(DOCUMENT), "--url", url, "--phases", "lifecycles", "--json", str(path))
    [finding] = json.loads(path.read_text())["subjects"][0]["findings"]
    assert (finding["key"], finding["repeats"]) == ("lending remove_book not-deleted", True)
    with lending(Late404()) as fresh:
        script = "\n".join(finding["curl"]).replace(url, fresh)
        done = subprocess.run(
            ["sh", "-c", f"{script} -s -o /dev/null -w '\nlast %{{http_code}}'"],  # noqa: S607 - any shell
            env={KEY_VARIABLE: KEY, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert done.stdout.endswith("last 200")
