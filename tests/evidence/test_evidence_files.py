"""Evidence files: each rule has a test that exists, each operation has evidence, and the tests are seen refusing."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tools.write_evidence import PAGE, page
from understudy.app import Understudy
from understudy.core.misconfigured import Misconfigured
from understudy.evidence.evidence_file import evidence_path, read_evidence
from understudy.evidence.operation_evidence import OperationEvidence, vendor_report
from understudy.http.mounted_vendor import MountedVendor

ROOT = Path(__file__).parent.parent.parent
VENDORS = ("capillary", "contacthub", "crmcom", "ecdp", "twc")
MINUTES = 20


@cache
def functions_of(path: str) -> frozenset[str]:
    """Return the names of the test functions of a file below the repository; none if there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def operations(understudy: Understudy, vendor: str) -> tuple[OperationEvidence, ...]:
    return vendor_report(understudy.vendors[vendor], is_shipped=True).operations


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_rule_has_a_test(understudy: Understudy, vendor: str) -> None:
    found = operations(understudy, vendor)

    assert [(each.operation, rule.rule) for each in found for rule in each.rules if not rule.tests] == []
    assert sum(len(each.rules) for each in found) > 20


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_operation_has_evidence_and_a_test_that_sees_it_accept_a_request(
    understudy: Understudy, vendor: str
) -> None:
    found = operations(understudy, vendor)

    assert [each.operation for each in found if not each.has_evidence] == []
    assert [each.operation for each in found if not each.tests] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_listed_test_exists(understudy: Understudy, vendor: str) -> None:
    listed = {
        test
        for each in operations(understudy, vendor)
        for test in (*each.tests, *(test for rule in each.rules for test in rule.tests))
    }

    missing = [each for each in sorted(listed) if each.partition("::")[2] not in functions_of(each.partition("::")[0])]
    assert missing == []


def test_every_shipped_vendor_has_a_file(understudy: Understudy) -> None:
    assert sorted(understudy.vendors) == list(VENDORS)
    assert sorted(each.stem for each in evidence_path("x").parent.iterdir()) == list(VENDORS)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("\nrules:", "\nrule:", "no section 'rule'; did you mean 'rules'?"),
        ("  get_order:", "  get_ordr:", "no operation 'get_ordr'; did you mean 'get_order'?"),
        ("A consent is one of", "A consent was one of", 'no rule of save_customers "A consent was one of'),
        ("\ntests:", "\nx: 1\ntests:", "no section 'x'"),
        ("clients: []", "clients: [{client: x, suit: y}]", "no member of a client 'suit'; did you mean 'suite'?"),
        ("clients: []", "clients: [", "cannot be read"),
        ("clients: []", "clients: 7", "clients: 7 is no list"),
        ("clients: []", "clients: [{client: x}]", "a client has no suite"),
    ],
)
def test_a_name_that_the_document_lacks_is_refused(
    understudy: Understudy, tmp_path: Path, before: str, after: str, reason: str
) -> None:
    ecdp: MountedVendor = understudy.vendors["ecdp"]
    text = evidence_path("ecdp").read_text(encoding="utf-8")
    assert before in text
    wrong = tmp_path / "ecdp.yaml"
    wrong.write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(Misconfigured) as refused:
        read_evidence(wrong, ecdp.operations)

    assert reason in str(refused.value)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make evidence"


@pytest.mark.deep
def test_each_listed_test_is_seen_refusing_its_operation(understudy: Understudy, tmp_path: Path) -> None:
    wanted = {
        (test, vendor, each.operation, rule.status)
        for vendor in VENDORS
        for each in operations(understudy, vendor)
        for rule in each.rules
        for test in rule.tests
    }
    files = sorted({test.partition("::")[0] for test, *_ in wanted})
    lines = tmp_path / "refusals.jsonl"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not deep", "-p", "tools.record_refusals", *files],
        cwd=ROOT,
        env={**os.environ, "UNDERSTUDY_REFUSALS": str(lines)},
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    seen: dict[tuple[str, str, str], set[int]] = {}
    for test, vendor, operation, status, _ in map(json.loads, lines.read_text().splitlines()):
        seen.setdefault((test.partition("[")[0], vendor, operation), set()).add(status)

    # A rule with a status below 400 refuses nothing, or is refused in an envelope: its test has to reach the operation.
    unseen = [
        (test, operation, status)
        for test, vendor, operation, status in sorted(wanted)
        if status >= 400 and status not in seen.get((test, vendor, operation), ())
    ]
    assert unseen == []
