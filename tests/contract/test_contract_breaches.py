"""Handlers and renderings with planted errors: every breach of the contract is caught."""

import logging
from collections.abc import Mapping

import pytest

from tests.acme import Company, Json, answers, refuses, serving, spec
from tests.asgi import Answer, call
from tests.conftest import StandIn
from tests.contract.verified import Part, verified
from understudy.app import Understudy

IMPORTS = """
from understudy.core.refused import Refused
from understudy.core.reply import Reply
"""
OPERATION = IMPORTS + "def get_thing(state):\n    {}\n"
ERRORS = IMPORTS + "def render(refused):\n    {}\n"
GOOD = 'return Reply({"name": "a"}, headers={"X-Count": "1"})'
REFUSES = 'raise Refused(404, "none here")'

FAULTS = {
    "wrong status": ('return Reply({"name": "a"}, 202, {"X-Count": "1"})', "status 202 is not declared"),
    "error status": ('return Reply({"said": "a"}, 418)', "status 418 is not declared"),
    "wrong type": ('return Reply({"name": 1}, headers={"X-Count": "1"})', "/name"),
    "missing property": ('return Reply({}, headers={"X-Count": "1"})', "name is required"),
    "wrong shape": ('return Reply(["a"], headers={"X-Count": "1"})', "body of status 200"),
    "no body": ('return Reply(headers={"X-Count": "1"})', "declared with a body"),
    "body where none is": ('return Reply({"name": "a"}, 204)', "declared without a body"),
    "wrong header": ('return Reply({"name": "a"}, headers={"X-Count": "many"})', "X-Count"),
    "header past its bound": ('return Reply({"name": "a"}, headers={"X-Count": "-1"})', "X-Count"),
    "header no text": ('return Reply({"name": "a"}, headers={"X-Count": 5})', ""),
    "missing header": ('return Reply({"name": "a"})', "lacks the header X-Count"),
    "exception": ('raise ValueError("boom")', "ValueError: boom"),
    "no reply": ("return None", ""),
    "object": ('return Reply({"name": "a", "more": object()}, headers={"X-Count": "1"})', ""),
    "number past 64 bits": ('return Reply({"name": "a", "size": 2**70}, headers={"X-Count": "1"})', ""),
    "not a number": ('return Reply({"name": "a", "ratio": float("nan")}, headers={"X-Count": "1"})', ""),
    "infinity": ('return Reply({"name": "a", "ratio": float("inf")}, headers={"X-Count": "1"})', ""),
    "lone surrogate": ('return Reply({"name": "\\ud800"}, headers={"X-Count": "1"})', ""),
    "wrong type, as text": ("""return Reply(text=b'{"name": 1}', headers={"X-Count": "1"})""", "/name"),
    "text that is no JSON": ("""return Reply(text=b'{"name":', headers={"X-Count": "1"})""", ""),
    "text where none is": ("""return Reply(text=b'{"name": "a"}', status=204)""", "declared without a body"),
    "undeclared refusal": ('raise Refused(409, "taken")', "status 409 is not declared"),
}
RENDERINGS = {
    "wrong status": 'return Reply({"said": refused.message}, 422)',
    "wrong shape": 'return Reply({"told": refused.message}, refused.status)',
    "wrong type": 'return Reply({"said": 5}, refused.status)',
    "no body": "return Reply(status=refused.status)",
    "exception": 'raise KeyError("boom")',
    "no reply": "return None",
}


def document() -> Json:
    counted = answers(small={"name": "small"}) | {
        "headers": {"X-Count": {"required": True, "schema": {"type": "integer", "minimum": 0}, "example": 1}}
    }
    responses = {"200": counted, "204": {"description": "Nothing."}, "404": refuses()}
    operation = {"operationId": "get_thing", "tags": ["Things"], "responses": responses}
    return spec(paths={"/thing": {"get": operation}})


@pytest.fixture
def company(company: Company) -> Company:
    company.write_spec("acme", document())
    return company


def start(company: Company, operation: str, errors: str = "") -> Understudy:
    files: Mapping[str, str] = {
        "operations/things": OPERATION.format(operation),
        "errors": ERRORS.format(errors or 'return Reply({"said": refused.message}, refused.status)'),
    }
    company.write_folder("acme", files)
    return company.start()


def assert_caught(understudy: Understudy, answer: Answer, why: str) -> None:
    assert answer.status == 500
    assert answer.headers["understudy-breach"] == "yes"
    assert answer.json["operation"] == "get_thing"
    [breach] = understudy.worlds.get_or_create().journal.breaches()
    assert why in breach.breach
    assert breach.breach == answer.json["breach"]
    assert (breach.vendor, breach.operation, breach.status) == ("acme", "get_thing", 500)


def test_a_handler_that_keeps_its_contract_is_not_a_breach(company: Company) -> None:
    understudy = start(company, GOOD)

    answer = call(understudy.asgi, "GET", "/acme/thing")

    assert (answer.status, answer.json, answer.headers["x-count"]) == (200, {"name": "a"}, "1")
    assert understudy.worlds.get_or_create().journal.breaches() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_handler_that_breaks_its_contract_is_caught(
    company: Company, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    code, why = FAULTS[fault]
    understudy = start(company, code)

    with caplog.at_level(logging.CRITICAL):
        answer = call(understudy.asgi, "GET", "/acme/thing")

    assert_caught(understudy, answer, why)


@pytest.mark.parametrize("fault", RENDERINGS)
def test_a_refusal_that_breaks_the_contract_is_caught(company: Company, fault: str) -> None:
    understudy = start(company, REFUSES, RENDERINGS[fault])

    assert_caught(understudy, call(understudy.asgi, "GET", "/acme/thing"), "none here")


def test_a_vendor_without_errors_module_refuses_with_the_specs_example(company: Company) -> None:
    company.write_folder("acme", {"operations/things": OPERATION.format(REFUSES)})

    answer = call(company.start().asgi, "GET", "/acme/thing")

    assert (answer.status, answer.json) == (404, {"said": "no"})


def test_a_breach_is_logged_with_its_place(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    call(start(company, FAULTS["wrong type"][0]).asgi, "GET", "/acme/thing")

    assert "acme get_thing broke its contract" in caplog.text


def test_the_suite_finds_a_planted_error(company: Company) -> None:
    understudy = start(company, FAULTS["wrong type"][0])

    with serving(understudy) as root:
        stand_in = StandIn(understudy, root, "faulty")
        result = verified(stand_in, Part(understudy.vendors["acme"]), seed=1, examples=3)

    [finding] = result.findings
    assert finding.key == "acme get_thing server-error 500"
    assert b"body of status 200" in finding.exchanges[-1].response_body
    assert stand_in.world.journal.breaches()
