"""Queries as real clients write them: empty values, lists in any form, booleans in any case, as the specs declare."""

from typing import Any

import pytest

from tests.acme import Company, Json, operation_spec, refuses
from tests.asgi import Answer, call
from tests.http.case import Case, needs
from tests.http.test_bad_requests import queried, with_query, without_query
from understudy.core.misconfigured import Misconfigured

ECHO = """
from understudy.core.reply import Reply

def get_thing(state, value):
    return Reply({"name": repr(value)})
"""


def asked(company: Company, query: str, **parameter: Any) -> Answer:
    company.write_spec("acme", accepting(**parameter))
    company.write_folder("acme", {"operations/things": ECHO})
    return call(company.start().asgi, "GET", f"/acme/thing?{query}")


def accepting(**parameter: Any) -> Json:
    document = operation_spec(parameters=[{"name": "value", "in": "query", **parameter}])
    document["paths"]["/thing"]["get"]["responses"]["400"] = refuses()
    return document


@needs("query")
def test_an_optional_query_parameter_without_a_value_is_absent(case: Case) -> None:
    for parameter, _ in queried(case):
        empty = case.send(with_query(without_query(case, parameter), f"{parameter.name}="))
        if parameter.is_required:
            case.assert_refused(empty)
        else:
            assert empty.headers.get("understudy-refused-by", "rule") == "rule", parameter.name
            case.assert_kept(empty)


@needs("query")
def test_an_empty_value_beside_another_is_still_given_twice(case: Case) -> None:
    for parameter, value in queried(case):
        if not parameter.is_list:
            target = without_query(case, parameter)
            case.assert_refused(case.send(with_query(target, f"{parameter.name}=&{parameter.name}={value}")))


@needs("query")
def test_a_boolean_is_taken_in_any_case_where_the_vendors_stack_does(case: Case) -> None:
    for parameter, _ in queried(case):
        if parameter.node["schema"].get("type") != "boolean":
            continue
        target = without_query(case, parameter)
        for text in ("TRUE", "True", "tRuE", "FALSE", "False"):
            answer = case.send(with_query(target, f"{parameter.name}={text}"))
            if case.served.vendor.name in {"twc", "contacthub"}:
                assert answer.headers.get("understudy-refused-by", "rule") == "rule", (parameter.name, text)
            else:
                case.assert_refused(answer)
        for text in ("1", "yes", "on", "true%20", "truee"):
            case.assert_refused(case.send(with_query(target, f"{parameter.name}={text}")))


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("value=1", "[1]"),
        ("value=1,2,3", "[1, 2, 3]"),
        ("value=1,%202,+3", "[1, 2, 3]"),
        ("value=1&value=2", "[1, 2]"),
        ("value=1,2&value=3", "[1, 2, 3]"),
        ("value=1%2C2", "[1, 2]"),
        ("value=&value=2", "[2]"),
        ("value=", "None"),
        ("value", "None"),
        ("", "None"),
    ],
)
@pytest.mark.parametrize("explode", [True, False])
def test_a_list_in_any_form_is_taken_repeated_and_with_commas(
    company: Company, query: str, value: str, *, explode: bool
) -> None:
    schema = {"type": "array", "minItems": 1, "items": {"type": "integer"}}

    answer = asked(company, query, schema=schema, explode=explode, allowEmptyValue=True, **{"x-any-form": True})

    assert (answer.status, answer.json) == (200, {"name": value})


@pytest.mark.parametrize("query", ["value=1,,2", "value=1,x", "value=1&value=x", "value=1;2", "value=,", "value=1%202"])
def test_a_list_in_any_form_is_still_checked(company: Company, query: str) -> None:
    answer = asked(company, query, schema={"type": "array", "items": {"type": "integer"}}, **{"x-any-form": True})

    assert (answer.status, answer.headers["understudy-refused-by"]) == (400, "contract")


@pytest.mark.parametrize(
    ("explode", "query", "value"), [(True, "value=a,b", "['a,b']"), (False, "value=a,%20b", "['a', ' b']")]
)
def test_a_list_without_the_extension_is_read_by_its_style(
    company: Company, query: str, value: str, *, explode: bool
) -> None:
    answer = asked(company, query, schema={"type": "array", "items": {"type": "string"}}, explode=explode)

    assert answer.json == {"name": value}


@pytest.mark.parametrize(
    ("parameter", "status"),
    [
        ({}, 400),
        ({"allowEmptyValue": False}, 400),
        ({"allowEmptyValue": True}, 200),
        ({"allowEmptyValue": True, "required": True}, 400),
    ],
)
def test_the_spec_decides_whether_an_empty_value_is_absent(company: Company, parameter: Json, status: int) -> None:
    assert asked(company, "value=", schema={"type": "integer"}, **parameter).status == status


def test_an_empty_value_takes_the_default(company: Company) -> None:
    answer = asked(company, "value=", schema={"type": "integer", "default": 7}, allowEmptyValue=True)

    assert answer.json == {"name": "7"}


@pytest.mark.parametrize(
    ("parameter", "why"),
    [
        ({"schema": {"type": "string"}, "x-any-case": True}, "x-any-case is only understood"),
        ({"schema": {"type": "string"}, "x-any-form": True}, "x-any-form is only understood"),
        ({"schema": {"type": "boolean"}, "in": "header", "x-any-case": True}, "x-any-case is only understood"),
        ({"schema": {"type": "boolean"}, "x-any-case": "yes"}, "'yes' is not understood: write true or false"),
        ({"schema": {"type": "string"}, "in": "header", "allowEmptyValue": True}, "allowEmptyValue is only understood"),
    ],
)
def test_an_extension_in_the_wrong_place_stops_the_start(company: Company, parameter: Json, why: str) -> None:
    company.write_spec("acme", accepting(**parameter))

    with pytest.raises(Misconfigured, match=why):
        company.start()


@pytest.mark.parametrize(
    "query",
    ["type=viewedPage,searched", "type=viewedPage,%20searched", "type=viewedPage&type=searched", "context=WEB,+OTHER"],
)
def test_contacthub_takes_its_lists_in_any_form(case_of: Any, query: str) -> None:
    case = case_of("contacthub", "search_events")

    assert case.send(with_query(case.usual.target.partition("&type")[0], query)).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "fields=base.firstName,base.lastName",
        "fields=base.firstName,%20base.lastName",
        "fields=base.firstName&fields=base.lastName",
    ],
)
def test_contacthub_takes_fields_in_any_form(case_of: Any, query: str) -> None:
    case = case_of("contacthub", "search_customers")
    node = next(pair for pair in case.usual.target.partition("?")[2].split("&") if pair.startswith("nodeId="))
    path = case.usual.target.partition("?")[0]

    [first, *_] = case.send(f"{path}?{node}&{query}").json["elements"]

    assert first["base"]["firstName"]
    assert first["base"]["lastName"]
    assert first["base"]["dob"] is None
