"""Templates whose expressions have values of any kind: what cannot be sent is left out."""

from typing import Any

import pytest

from understudy.deliveries.templates import check_template, fill_template

BODY = {"list": [1, 2], "deep": "[" * 300 + "]" * 300, "fine": "[" * 250 + "]" * 250}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{$body#/deep|json}", None),
        ("a{$body#/deep|json}b", "ab"),
        ({"x": "{$body#/deep | json | text}", "y": 1}, {"y": 1}),
        ("{$body#/fine|json|text}", BODY["fine"]),
        ("{$body#/list/" + "9" * 18 + "}", None),
        ("{$body#/list/" + "9" * 5000 + "}", None),
        ("{$body#/list/1}", 2),
        ("{$body#/list/\u0661}", None),
    ],
)
def test_what_has_no_value_that_can_be_sent_is_left_out(template: Any, expected: Any) -> None:
    check_template(template)

    assert fill_template(template, {"body": BODY}) == expected
