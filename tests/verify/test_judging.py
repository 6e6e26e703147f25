"""Judging of refusals, and what is recognised: rules of the business, credentials, headers that need not be listed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.verify.lending_server import Answer, Lending
from tests.verify.running import keys, report_of
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.document import Document
from understudy.state.journal import Exchange
from understudy.verify.credentials import credentials_from
from understudy.verify.judging import exchanged_body, exchanged_query, has_large_integer
from understudy.verify.response_headers import undocumented_headers

FUZZING = ("--phases", "coverage,fuzzing", "--examples", "5")


class RefusesYear(Lending):
    """Library that refuses a year that the document allows."""

    def is_book(self, found: Any) -> bool:
        return super().is_book(found) and found["year"] != 1500


class RefusesLimit(Lending):
    """Library that refuses, beside reversed ranges, limits that the document allows, with the same status."""

    def list(self, query: str) -> Answer:
        if "limit=50" in query:
            raise self.refusal(422, "this limit is too high")
        return super().list(query)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (Lending, set()),
        (RefusesYear, {"lending add_book valid-request-refused 400", "lending change_book valid-request-refused 400"}),
        (RefusesLimit, {"lending list_books valid-request-refused 422"}),
    ],
    ids=["correct", "refuses a year", "refuses a limit"],
)
def test_taken_titles_and_reversed_ranges_are_rules_and_other_refusals_are_findings(
    tmp_path: Path, server: type[Lending], expected: set[str]
) -> None:
    report = report_of(server(), tmp_path, *FUZZING)

    assert keys(report) == expected
    if not expected:
        refused = {each["operation"]: each["refused_by_rules"] for each in report["subjects"][0]["operations"]}
        assert refused["list_books"] > 0


def test_two_ordered_values_of_a_query_are_exchanged() -> None:
    assert list(exchanged_query("from=2026-02-01&to=2026-01-01&name=x")) == ["from=2026-01-01&to=2026-02-01&name=x"]
    assert list(exchanged_query("from=2&to=2")) == []
    assert len(list(exchanged_query("a=1&b=2&c=3"))) == 3


def test_two_ordered_values_of_an_object_are_exchanged_and_the_body_is_else_as_it_was() -> None:
    body = orjson.dumps({"range": {"from": 5, "to": 3, "name": "x"}, "at": "2026-01-01"})

    assert [orjson.loads(each)["range"] for each in exchanged_body(body)] == [{"from": 3, "to": 5, "name": "x"}]
    assert list(exchanged_body(b"no JSON")) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": 9223372036854775807}', False),
        (b'{"a": 9223372036854775808}', True),
        (b'{"a": -9223372036854775808}', False),
        (b'{"a": -9223372036854775809}', True),
        (b'{"a": 0.12345678901234567890}', False),
    ],
)
def test_integers_of_more_than_64_bits_are_beyond_every_stand_in(body: bytes, *, expected: bool) -> None:
    exchange = Exchange(0, "acme", "x", "POST", b"/", b"", 400, "", request_body=body)

    assert has_large_integer(exchange) is expected


SCHEMES = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
}


@pytest.mark.parametrize(
    ("scheme", "variables", "headers", "query"),
    [
        ("basic", {"USERNAME": "a", "PASSWORD": "b"}, {"Authorization": "Basic YTpi"}, {}),
        ("basic", {"CLIENT_ID": "a", "CLIENT_SECRET": "b"}, {"Authorization": "Basic YTpi"}, {}),
        ("bearer", {"TOKEN": "t"}, {"Authorization": "Bearer t"}, {}),
        ("bearer", {"BEARER": "t", "TOKEN": "other"}, {"Authorization": "Bearer t"}, {}),
        ("oauth", {"OAUTH": "t"}, {"Authorization": "Bearer t"}, {}),
        ("header", {"X_KEY": "k"}, {"X-Key": "k"}, {}),
        ("header", {"API_KEY": "k"}, {"X-Key": "k"}, {}),
        ("query", {"API_KEY": "k"}, {}, {"api_key": "k"}),
        ("cookie", {"SID": "k"}, {"Cookie": "sid=k"}, {}),
    ],
)
def test_credentials_are_taken_from_the_variables_that_env_prints(
    scheme: str, variables: Mapping[str, str], headers: Mapping[str, str], query: Mapping[str, str]
) -> None:
    document = Document("acme", Path("acme.yaml"), {"components": {"securitySchemes": {scheme: SCHEMES[scheme]}}})

    found = credentials_from(document, {f"UNDERSTUDY_ACME_{name}": value for name, value in variables.items()})

    assert (found.sent_headers, found.query, found.missing) == (headers, query, {})
    assert all("$UNDERSTUDY_ACME_" in text for text in found.shell.values())
    assert credentials_from(document, {}).missing.keys() == {scheme}


def test_only_headers_that_nobody_lists_are_undocumented() -> None:
    response = {"description": "", "headers": {"X-Page": {"schema": {"type": "string"}}}}
    paths = {"/a": {"get": {"operationId": "a", "responses": {"200": response}}}}
    [operation] = compile_operations(Document("acme", Path("acme.yaml"), {"paths": paths}))
    names = [b"date", b"x-page", b"x-request-id", b"cf-ray", b"x-shelf-mark", b"x-ratelimit-limit", b"etag"]

    exchange = Exchange(0, "acme", "a", "GET", b"/a", b"", 200, "", response_headers=[(name, b"1") for name in names])

    assert list(undocumented_headers(exchange, operation)) == ["x-shelf-mark"]
