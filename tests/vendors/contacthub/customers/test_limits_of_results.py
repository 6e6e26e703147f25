"""Limits of what merges and changes make: the same as those of what is sent."""

from typing import Any

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import CUSTOMER, NODE
from understudy.core.json_types import Json

DEFINITIONS = "/configuration/properties/extended"
EMAIL = "limits@example.com"
TEXTS = {"type": "array", "items": {"type": "string"}}


def define(api: Api, **definitions: Json) -> None:
    answer = api.send("PUT", DEFINITIONS, dict(api.read(DEFINITIONS)) | definitions)
    assert answer.status == 200, answer.body


def body(**parts: Any) -> Json:
    return {"nodeId": NODE, "base": {"contacts": {"email": EMAIL}}} | parts


def put_back(api: Api, customer: str) -> int:
    """Send what GET answers as a PUT; return the status."""
    return api.send("PUT", f"/customers/{customer}", api.read(f"/customers/{customer}")).status


@pytest.mark.parametrize(
    ("texts", "is_taken"),
    [
        (["x" * 1000], True),
        (["x" * 1001], False),
        (["x" * 256], True),
        (["x" * 499, "y" * 500], True),
        (["x" * 500, "y" * 500], False),
        (["x" * 333, "y" * 333, "z" * 332], True),
        (["x" * 333, "y" * 333, "z" * 333], False),
    ],
)
def test_a_list_of_texts_is_limited_in_sum_with_its_separators(api: Api, texts: list[str], *, is_taken: bool) -> None:
    define(api, colours=TEXTS)

    answer = api.send("POST", "/customers", body(extended={"colours": texts}))

    assert answer.status == (201 if is_taken else 400)
    assert is_taken or [error["path"] for error in answer.json["errors"]] == ["/extended/colours"]


def test_a_list_has_the_length_of_its_definition(api: Api) -> None:
    define(api, colours=TEXTS | {"contactlabProperties": {"maxLength": 7}})

    assert api.send("POST", "/customers", body(extended={"colours": ["red", "tea"]})).status == 201
    assert api.places("POST", "/customers", body(extended={"colours": ["red", "blue"]})) == ["/extended/colours"]


def test_a_list_in_an_object_has_the_same_limit(api: Api) -> None:
    define(api, room={"type": "object", "properties": {"colours": TEXTS}})

    sent = body(extended={"room": {"colours": ["x" * 600, "y" * 600]}})

    assert api.places("POST", "/customers", sent) == ["/extended/room/colours"]


def test_a_single_text_keeps_its_own_limit(api: Api) -> None:
    define(api, colour={"type": "string"})

    assert api.send("POST", "/customers", body(extended={"colour": "x" * 255})).status == 201
    assert api.places("POST", "/customers", body(extended={"colour": "x" * 256})) == ["/extended/colour"]


def test_a_merge_makes_no_longer_list_than_may_be_sent(api: Api) -> None:
    define(api, colours=TEXTS)
    customer = api.send("POST", "/customers", body(extended={"colours": ["x" * 600]})).json["id"]

    assert api.places("POST", "/customers", body(extended={"colours": ["y" * 400]})) == ["/extended/colours"]
    assert api.send("POST", "/customers", body(extended={"colours": ["y" * 399]})).status == 201
    assert put_back(api, customer) == 200


def test_a_merge_makes_no_more_tags_than_may_be_sent(api: Api) -> None:
    customer = api.send("POST", "/customers", body(tags={"manual": ["x" * 600]})).json["id"]

    assert api.places("POST", "/customers", body(tags={"manual": ["y" * 401]})) == ["/tags/manual"]
    assert api.send("POST", "/customers", body(tags={"manual": ["y" * 400]})).status == 201
    assert put_back(api, customer) == 200


def test_two_patches_make_no_larger_customer_than_may_be_sent(api: Api) -> None:
    customer = api.send("POST", "/customers", body(extra="x" * 40_000)).json["id"]
    jobs = [{"id": str(number), "companyName": "y" * 250} for number in range(100)]

    assert api.places("PATCH", f"/customers/{customer}", {"base": {"jobs": jobs}}) == [""]
    assert api.send("PATCH", f"/customers/{customer}", {"base": {"jobs": jobs[:50]}}).status == 200
    assert put_back(api, customer) == 200


def test_a_merge_makes_no_larger_customer_than_may_be_sent(api: Api) -> None:
    api.send("POST", "/customers", body(extra="x" * 60_000))
    jobs = [{"id": str(number), "companyName": "y" * 250} for number in range(30)]

    sent = body() | {"base": {"contacts": {"email": EMAIL}, "jobs": jobs}}

    assert api.places("POST", "/customers", sent) == [""]


def test_elements_that_are_added_one_by_one_are_held_to_the_size_of_a_customer(api: Api) -> None:
    assert api.send("PATCH", f"/customers/{CUSTOMER}", {"extra": "x" * 62_000}).status == 200
    answers = [
        api.send("POST", f"/customers/{CUSTOMER}/likes", {"id": str(number), "name": "y" * 250}).status
        for number in range(20)
    ]

    assert sorted(set(answers)) == [200, 400]
    assert put_back(api, CUSTOMER) == 200


@pytest.mark.parametrize(("more", "status"), [(0, 201), (1, 400)])
def test_a_body_of_64_kilobytes_is_stored_and_taken_back(api: Api, more: int, status: int) -> None:
    frame = len(b'{"nodeId":"","base":{"contacts":{"email":""}},"extra":""}')
    text = "x" * (64 * 1024 - frame - len(NODE) - len(EMAIL) + more)

    answer = api.send("POST", "/customers", body(extra=text))

    assert answer.status == status
    assert status == 400 or put_back(api, answer.json["id"]) == 200
