"""Parts of the suite on their own: accepted findings, counts of statuses, and what is wrong with headers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.foreign.loading import load_foreign
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings
from understudy.state.journal import Exchange
from understudy.vendors.discovery import find_specs
from understudy.verify.baseline import read_baseline
from understudy.verify.credentials import Credentials
from understudy.verify.findings import FindingKind, VerifyFinding, VerifyFindings
from understudy.verify.judging import Judge
from understudy.verify.method_probes import probe_methods
from understudy.verify.observer import Observer
from understudy.verify.operation_counts import OperationCounts
from understudy.verify.response_headers import undocumented_headers
from understudy.verify.subject import VerifySubject

DOCUMENT = """
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    get:
      operationId: list_orders
      responses:
        '200': {description: '', headers: {X-Total: {schema: {type: integer}}}}
        4XX: {description: ''}
        default: {description: ''}
    post: {operationId: add_order, responses: {'201': {description: ''}}}
"""


def exchange(status: int, *headers: bytes, method: str = "GET") -> Exchange:
    pairs = [(name, value) for name, _, value in (each.partition(b": ") for each in headers)]
    return Exchange(0.0, "shop", "", method, b"/orders", b"", status, "", response_headers=pairs)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_text(DOCUMENT)
    return load_foreign("shop", str(path))


@pytest.fixture(scope="module")
def operations(document: Document) -> list[Operation]:
    return compile_operations(document)


def test_an_accepted_finding_that_is_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "accepted"
    path.write_text("shop list_orders server_error\n# a comment\nshop add_order server_error  # gone\n")
    kind = FindingKind.SERVER_ERROR
    path.write_text(path.read_text().replace("server_error", kind.value))
    findings = VerifyFindings()
    found = VerifyFinding(kind, "shop", "list_orders", "", "fails", "own", ())
    findings.add(found)
    baseline = read_baseline(path)
    baseline.apply(findings)
    assert found.key == f"shop list_orders {kind.value}"
    assert findings.new == []
    assert baseline.stale() == [f"shop add_order {kind.value}"]


def test_an_accepted_finding_of_no_kind_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "accepted"
    path.write_text(f"shop list_orders {FindingKind.SERVER_ERROR.value}s\n")
    with pytest.raises(Misconfigured, match=FindingKind.SERVER_ERROR.value):
        read_baseline(path)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_several_inputs_with_one_finding_the_smallest_is_shown(order: tuple[int, ...]) -> None:
    inputs = [exchange(500)._replace(query=b"q=" + b"x" * size) for size in range(3)]
    findings = VerifyFindings()
    for number in order:
        for phase in ("positive", "negative"):
            kind = FindingKind.SERVER_ERROR
            findings.add(VerifyFinding(kind, "shop", "list_orders", "", "fails", phase, (inputs[number],)))
    assert len(findings) == 1
    assert [each.exchanges for each in findings] == [(inputs[0],)]
    candidates = findings.candidates(next(iter(findings)).key)
    assert sorted((each.phase, each.exchanges) for each in candidates) == [
        (phase, (inputs[0],)) for phase in ("negative", "positive")
    ]


@pytest.mark.parametrize(("status", "is_reached"), [(399, False), (400, True), (499, True), (500, False)])
def test_a_class_of_statuses_is_reached_by_each_of_it(
    operations: list[Operation],
    status: int,
    is_reached: bool,  # noqa: FBT001 - the claim
) -> None:
    counts = OperationCounts(operations)
    counts.count("list_orders", status, "positive", is_documented=True)
    assert counts.by_id["list_orders"].reached() == {"200": False, "4XX": is_reached, "default": True}
    assert counts.by_id["add_order"].reached() == {"201": False}


@pytest.mark.parametrize(
    ("header", "found"),
    [(b"X-Total: 1", []), (b"ETag: 1", []), (b"CF-Ray: 1", []), (b"X-Secret-Level: 1", ["x-secret-level"])],
)
def test_a_header_that_neither_document_nor_standard_lists_is_found(
    operations: list[Operation], header: bytes, found: list[str]
) -> None:
    assert [*undocumented_headers(exchange(200, header), operations[0])] == found


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (exchange(405, b"allow: GET, POST"), []),
        (exchange(405, b"allow: post,get"), []),
        (exchange(405, b"allow: GET"), [FindingKind.WRONG_ALLOW] * 5),
        (exchange(405), [FindingKind.WRONG_ALLOW] * 5),
        (exchange(404), []),
        (exchange(501), []),
        (exchange(500), [FindingKind.SERVER_ERROR] * 5),
        (exchange(204), [FindingKind.WRONG_METHOD_ACCEPTED] * 3),
    ],
)
def test_a_method_that_is_not_declared_is_refused_with_the_others_in_allow(
    document: Document, operations: list[Operation], answer: Exchange, kinds: list[FindingKind]
) -> None:
    found, sent = [], []

    def send(method: str, *_arguments: Any, **_options: Any) -> Exchange:
        sent.append(method)
        return answer._replace(method=method)

    prober: Any = SimpleNamespace(
        observer=SimpleNamespace(
            accepted={}, subject=SimpleNamespace(operations=operations), operation_of=lambda _exchange: None
        ),
        subject=SimpleNamespace(document=document),
        gate=SimpleNamespace(is_read_only=False),
        send=send,
        add=lambda kind, *_details: found.append(kind),
    )
    probe_methods(prober, operations[:1])
    assert found == kinds
    assert sent == ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]


@pytest.mark.parametrize(
    ("query", "is_finding"), [("sort=null", False), ("size=null", True), ("size=5", False), ("", True)]
)
def test_a_null_in_a_query_is_the_text_that_was_sent(query: str, is_finding: bool) -> None:  # noqa: FBT001 - the claim
    document = load_document(find_specs(Settings().specs)["contacthub"])
    operations = tuple(compile_operations(document))
    url = "http://127.0.0.1:1/contacthub/hub/v1"
    findings, counts = VerifyFindings(), OperationCounts(operations)
    judge = Judge(Observer(VerifySubject(document, operations, url, url, Credentials()), findings, counts))
    place = f"query {query.partition('=')[0] or 'sort'}"
    sent = exchange(200)._replace(query=query.encode())
    kind = FindingKind.INVALID_REQUEST_ACCEPTED
    judge.add(VerifyFinding(kind, "contacthub", "search_events", place, "accepted", "fuzzing", (sent,)))
    assert len(findings) == is_finding
