"""Every vendor's errors: any refusal is rendered, in JSON, with its status and headers; nothing is raised."""

from itertools import product
from typing import Any

import orjson
import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.http.mounted_vendor import MountedVendor

STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 418, 422, 429, 431, 499, 500, 502, 503, 504, 520, 599)
DATA: tuple[Any, ...] = (None, [], ["one: a"], {}, {"a": 1}, "text", "", 0)
RULES = (
    "required",
    "malformed",
    "size",
    "media_type",
    "repeated",
    "enum",
    "type",
    "pattern",
    "oneOf",
    "not",
    "unheard-of",
)
VALUES: tuple[Any, ...] = (None, "", "x", 0, True, [], [1], {}, {"a": None})


def rendered(served: MountedVendor, refused: Refused) -> Any:
    """Return the body of the response to a refusal."""
    assert served.vendor.render
    refused.target = "/somewhere"
    reply = served.vendor.render(refused)
    assert 400 <= reply.status <= 599
    assert reply.headers.items() >= refused.headers.items()
    return orjson.loads(orjson.dumps(reply.body))


@pytest.mark.parametrize("cause", Cause)
def test_any_status_and_data_are_rendered(vendor: MountedVendor, cause: Cause) -> None:
    for status, data, message in product(STATUSES, DATA, ("", "no")):
        assert rendered(vendor, Refused(status, message, cause=cause, data=data, headers={"X-More": "1"}))


@pytest.mark.parametrize("where", ["body", "query", "path", "header"])
def test_any_violation_is_rendered(vendor: MountedVendor, where: str) -> None:
    for path, rule, value in product(("", "/a", "/a/0/b", "a", "/a~1b"), RULES, VALUES):
        violation = Violation(where, path, rule, "not so", value)
        for violations in ([violation], [violation, violation]):
            assert rendered(vendor, Refused(400, "not so", violations=violations, cause=Cause.CONTRACT))
