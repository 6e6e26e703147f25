"""Errors of users' documents: in the declared shape, with the reason, the status and the invalid fields in them."""

from typing import Any

import orjson
import pytest

from tests.asgi import Answer, call
from tests.resources.documents import served

INVALID = {"name": "x", "home": {"zip": "1234567"}}
"""Body without the required ``age``, with a name that is too short and a zip that is too long."""

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<error><code>400</code><message>age is required</message></error>'


def send(path: str, body: Any = INVALID) -> Answer:
    return call(
        served("errors").asgi,
        "POST",
        f"/errors{path}",
        headers={"content-type": "application/json"},
        body=orjson.dumps(body),
    )


def test_the_reason_is_in_the_declared_text_and_the_status_in_the_code() -> None:
    answer = send("/plain")
    assert (answer.status, answer.json) == (400, {"code": 400, "message": "age is required"})


def test_a_valid_request_is_not_refused() -> None:
    assert send("/plain", {"name": "Ada", "age": 36}).status == 201


def test_an_error_of_json_api_names_each_fault_by_its_pointer() -> None:
    errors = send("/jsonapi").json["errors"]
    assert [each["source"] for each in errors] == [{"pointer": "/age"}, {"pointer": "/name"}, {"pointer": "/home/zip"}]
    assert {each["status"] for each in errors} == {"422"}
    assert {each["title"] for each in errors} == {"Unprocessable Entity"}
    assert errors[0]["detail"] == "age is required"


def test_a_problem_document_has_the_phrase_the_status_and_the_fields() -> None:
    problem = send("/problem").json
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert [each["name"] for each in problem["invalid-params"]] == ["age", "name", "home.zip"]


def test_errors_by_field_have_the_names_of_the_fields() -> None:
    errors = send("/by-field").json["errors"]
    assert errors["age"] == ["age is required"]
    assert [*errors] == ["age", "name", "home.zip"]


def test_a_location_that_is_a_list_leads_to_the_field() -> None:
    found = send("/fastapi").json["detail"]
    assert [each["loc"] for each in found] == [["body", "age"], ["body", "name"], ["body", "home", "zip"]]
    assert [each["type"] for each in found] == ["required", "minLength", "maxLength"]


def test_a_nested_error_names_the_parameter() -> None:
    error = send("/stripe-like").json["error"]
    assert (error["param"], error["message"]) == ("age", "age is required")
    assert error["type"] in ("api_error", "invalid_request_error")


def test_a_code_that_is_a_word_is_left_as_it_is() -> None:
    assert send("/oauth").json == {"error": "invalid_request", "error_description": "age is required"}


def test_an_example_is_worded_and_its_status_agrees_with_the_status() -> None:
    assert send("/shown").json == {"code": "invalid_request", "message": "age is required", "status": 400}


def test_a_text_that_the_schema_fixes_is_not_changed() -> None:
    assert send("/fixed").json == {"message": "Bad request"}


@pytest.mark.parametrize(
    ("path", "media", "body"),
    [
        ("/text", "text/plain", b"age is required"),
        ("/empty", "", b""),
        (
            "/xml",
            "application/xml",
            XML,
        ),
    ],
)
def test_an_error_that_is_no_json_has_the_declared_type(path: str, media: str, body: bytes) -> None:
    answer = send(path)
    assert (answer.status, answer.headers.get("content-type", "").partition(";")[0], answer.body) == (400, media, body)


def test_a_status_that_is_not_declared_is_a_problem_document() -> None:
    answer = send("/unnamed")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [each["path"] for each in answer.json["violations"]] == ["/age", "/name", "/home/zip"]
