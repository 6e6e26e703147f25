"""Templates of messages: expressions, steps, what is left out, and what is refused."""

from base64 import b64encode
from typing import Any

import pytest

from understudy.deliveries.rules import InvalidRule, read_rules
from understudy.deliveries.templates import InvalidTemplate, check_template, fill_template

PAYLOAD = b64encode(b'{"email": "a@b.example", "tags": [1, 2]}').decode()
RECORD: dict[str, Any] = {
    "id": "twc-1",
    "kind": "sqs",
    "destination": "q",
    "operation": "create_event",
    "created": "2026-02-01T00:00:00.000000Z",
    "body": {"id": "e-1", "count": 2, "flag": True, "none": None, "a/b": "slash", "payload": PAYLOAD, "list": ["x"]},
    "because": {"collection": "events"},
    "attributes": {"tenantId": "t"},
    "headers": {},
}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{$body#/count}", 2),
        ("{$body#/flag}", True),
        ("{$body#/none}", None),
        ("{$body#/list}", ["x"]),
        ("{$body#/list/0}", "x"),
        ("{$body#/a~1b}", "slash"),
        ("no {$body#/count} of {$body#/list} for {$attributes#/tenantId}{$body#/gone}", 'no 2 of ["x"] for t'),
        ("{$id} {$kind} {$destination} {$operation} {$because#/collection}", "twc-1 sqs q create_event events"),
        ("{$body#/payload | base64 | json#/email}", "a@b.example"),
        ("{$body#/payload|base64|json#/tags|text}", "[1,2]"),
        ("{$because|text}", '{"collection":"events"}'),
        ({"a": "{$body#/id}", "gone": "{$body#/gone}", "{$body#/id}": 1}, {"a": "e-1", "e-1": 1}),
        (["{$body#/gone}", "{$created}", 5, None], ["2026-02-01T00:00:00.000000Z", 5, None]),
        ({"deep": [{"x": "{$body#/count}"}]}, {"deep": [{"x": 2}]}),
        ("{$body#/id|base64}", None),
        ("{$body#/count|base64}", None),
        ("{$body#/id|json}", None),
        ("{$body#/gone|text}", None),
        ("{plain} text", "{plain} text"),
    ],
)
def test_a_template_is_filled_with_a_messages_values(template: Any, filled: Any) -> None:
    check_template(template)
    assert fill_template(template, RECORD) == filled


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ({"a": "{$bdy#/id}"}, "a message has no 'bdy'; did you mean 'body'"),
        (["x {$}"], "a message has no ''"),
        ({"{$boddy}": 1}, "did you mean 'body'"),
        ("{$body|base46}", "there is no step 'base46'; did you mean 'base64'"),
        ("{$body|base64#/x}", "there is no step"),
        ("{$body|}", "there is no step ''"),
        ("{$body#id}", "'id' is no JSON pointer"),
        ("{$body|json#id}", "'id' is no JSON pointer"),
    ],
)
def test_a_mistake_in_a_template_is_refused_with_its_rule(template: Any, reason: str) -> None:
    with pytest.raises(InvalidTemplate) as raised:
        check_template(template)
    assert reason in str(raised.value)
    with pytest.raises(InvalidRule) as refused:
        read_rules([{"destination": "*", "target": None, "template": {"x": template}}], None)
    assert (reason in str(refused.value), refused.value.keys) == (True, (0, "template"))


def test_a_template_may_be_any_json() -> None:
    for template in ("text", [1], {"a": None}):
        assert read_rules([{"destination": "*", "target": None, "template": template}], None)[0].template == template


def test_a_template_that_nests_too_deeply_is_refused() -> None:
    template: Any = "x"
    for _ in range(50):
        template = [template]
    check_template(template)
    with pytest.raises(InvalidTemplate, match="50 values"):
        check_template([template])
