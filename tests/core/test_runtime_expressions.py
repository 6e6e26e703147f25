"""Runtime expressions: their values in a call, and those that cannot be read."""

import pytest

from understudy.core.runtime_expressions import CallFacts, MissingValue, expressions_in, fault_of, filled_in

FACTS = CallFacts(
    url="http://h/x?a=1",
    method="POST",
    status=201,
    path={"id": 7},
    query={"cb": ["http://q", "http://second"], "none": []},
    headers={"x-cb": "http://header"},
    body={"u": "http://b", "a/b": [{"c": True}], "a b": "spaced", "null": None, "deep": {"n": 1.5}, "~": "tilde"},
    response_headers={"location": "/x/7"},
    response_body={"id": "p1"},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{$request.body#/u}/data", "http://b/data"),
        ("$request.body#/u", "http://b"),
        ("{$request.body#u}", "http://b"),  # written so in many documents
        ("{$request.body#/a~1b/0/c}", "true"),
        ("{$request.body#/a%20b}", "spaced"),
        ("{$request.body#/~0}", "tilde"),
        ("{$request.body#/deep/n}", "1.5"),
        ("$request.query.cb", "http://q"),
        ("$request.path.id", "7"),
        (
            "{$request.header.X-CB}?id={$response.body#/id}&s={$statusCode}&m={$method}",
            "http://header?id=p1&s=201&m=POST",
        ),
        ("{$response.header.Location}", "/x/7"),
        ("{$url}", "http://h/x?a=1"),
        ("http://fixed/hook", "http://fixed/hook"),
    ],
)
def test_a_text_has_the_values_of_a_call(text: str, value: str) -> None:
    assert (fault_of(text), filled_in(text, FACTS)) == ("", value)


@pytest.mark.parametrize(
    "text",
    [
        "{$request.body#/gone}",
        "{$request.body#/u/deeper}",
        "{$request.body#/a~1b/1}",
        "{$request.body#/a~1b/-}",
        "{$request.body#/null}",
        "{$request.body#/deep}",
        "{$request.body#/a~1b}",
        "{$request.body}",
        "{$request.query.gone}",
        "{$request.query.none}",
        "{$request.header.gone}",
        "{$request.path.gone}",
        "{$response.body#/gone}",
        "{$response.header.gone}",
        "{$response.query.cb}",
        "{$response.path.id}",
        "a {$request.body#/gone} b",
    ],
)
def test_an_expression_without_a_single_value_is_missing(text: str) -> None:
    with pytest.raises(MissingValue):
        filled_in(text, FACTS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{$reqest.body#/u}", "'$reqest.body#/u' is no runtime expression"),
        ("$request", "no runtime expression"),
        ("$request.body#/u/data}", "no runtime expression"),
        ("{$request.header.}", "no runtime expression"),
        ("{$request.header.a b}", "no runtime expression"),
        ("{$statuscode}", "no runtime expression"),
        ("http://h/{id}", "has a brace"),
        ("http://h/{$url", "has a brace"),
    ],
)
def test_a_text_that_cannot_be_read_has_a_reason(text: str, reason: str) -> None:
    assert reason in fault_of(text)


def test_the_expressions_of_a_text_are_listed() -> None:
    assert expressions_in("{$url}x{$request.body#/a}") == ["$url", "$request.body#/a"]
    assert expressions_in("$method") == ["$method"]
    assert expressions_in("http://h/{id}") == []
