"""Answers that a client chooses with the header ``Prefer``."""

import pytest

from tests.asgi import Answer, call
from tests.resources.documents import served
from understudy.app import create_app
from understudy.core.request_facts import RequestFacts
from understudy.settings import Settings


def get(prefer: str, path: str = "/cats") -> Answer:
    return call(served("errors").asgi, "GET", f"/errors{path}", headers={"prefer": prefer})


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("code=404", 404, {"code": 7, "message": "Lost."}),
        ("code=404, example=lost", 404, {"code": 7, "message": "Lost."}),
        ("example=lost", 404, {"code": 7, "message": "Lost."}),
        ("example=tom", 200, {"name": "Tom", "lives": 7}),
        ('example="old, grey"', 200, {"name": "Grey", "lives": 1}),
        ('CODE="200"; example=tom', 200, {"name": "Tom", "lives": 7}),
        ("code=404, code=200", 404, {"code": 7, "message": "Lost."}),
        ("respond-async, wait=5", 200, {"name": "Tom", "lives": 7}),
        ("dynamic=false", 200, {"name": "Tom", "lives": 7}),
    ],
)
def test_a_chosen_answer_is_given(prefer: str, status: int, body: object) -> None:
    answer = get(prefer)
    assert (answer.status, answer.json) == (status, body)


def test_a_choice_is_confirmed_in_a_header() -> None:
    assert get("code=404").headers["preference-applied"] == "code=404"
    assert "preference-applied" not in get("respond-async").headers


def test_a_status_of_a_declared_range_can_be_chosen() -> None:
    assert get("code=503").status == 503
    assert get("code=600").status == 400


@pytest.mark.parametrize(
    ("prefer", "reason"),
    [
        ("code=418", "declares no status '418'; there are 200, 404, 5XX"),
        ("code=lost", "declares no status 'lost'"),
        ("code=", "declares no status ''"),
        ("example=tim", "has no example 'tim'; did you mean 'tom'? (there are: tom, old, grey, broken, lost)"),
        ("code=200, example=lost", "the answer 200 of getCat has no example 'lost'"),
        ("example=", "example needs a name"),
        ("dynamic=perhaps", "dynamic is true or false, not 'perhaps'"),
        ("dynamic=true, example=tom", "choose one or the other"),
    ],
)
def test_a_choice_that_is_not_there_is_refused_with_what_there_is(prefer: str, reason: str) -> None:
    answer = get(prefer)
    assert answer.status == 400
    assert reason in answer.json["title"]


def test_an_example_that_breaks_its_schema_does_not_leave() -> None:
    answer = get("example=broken")
    assert (answer.status, answer.json["title"]) == (406, "the example 'broken' breaks the schema of its answer")


def test_a_dynamic_answer_is_another_on_each_call_and_the_same_in_an_equal_world() -> None:
    settings = Settings(documents=(("errors", f"{served('errors').vendors['errors'].document.path}"),), cache=None)
    runs = []
    for app in (create_app(settings), create_app(settings)):
        answers = [call(app.asgi, "GET", "/errors/cats", headers={"prefer": "dynamic=true"}) for _ in range(4)]
        assert {each.status for each in answers} == {200}
        runs.append([each.json for each in answers])
    assert runs[0] == runs[1]
    assert len({str(each) for each in runs[0]}) > 1
    assert {"name": "Tom", "lives": 7} not in runs[0]


def test_a_choice_holds_for_operations_on_resources_too() -> None:
    settings = Settings(documents=(("shop", f"{served('shop').vendors['shop'].document.path}"),), cache=None)
    app = create_app(settings)
    assert call(app.asgi, "GET", "/shop/pots", headers={"prefer": "code=429"}).status == 429
    assert call(app.asgi, "GET", "/shop/pots").status == 200
    created = call(
        app.asgi,
        "POST",
        "/shop/pots",
        headers={"prefer": "code=429", "content-type": "application/json"},
        body=b'{"name":"Red"}',
    )
    assert created.status == 429
    assert len(call(app.asgi, "GET", "/shop/pots").json) == 3  # nothing was created


def test_quoted_values_may_have_commas_and_escaped_quotes() -> None:
    facts = RequestFacts({b"prefer": rb'example="a, \"b\"; c", code=200'}, {})
    assert facts.preferences == {"example": 'a, "b"; c', "code": "200"}
