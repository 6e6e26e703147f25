"""Windows, counts and pages of the control API at their edges."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.asgi import call
from tests.control.conftest import Steering

KEY = {"x-api-key": "understudy-ecdp-dev-key"}
ATTRIBUTES = "/customerattributes"
SECONDS = ("2026-06-01T12:00:00Z", "2026-06-01T12:00:01Z", "2026-06-01T12:00:02Z")


@pytest.fixture
def three(steering: Steering) -> Steering:
    """Three calls, a second between them."""
    for now in SECONDS:
        steering.ask("PUT", "/worlds/{world}/clock", {"now": now, "rate": 0})
        steering.call_vendor("ecdp", "GET", ATTRIBUTES)
    return steering


def numbers(steering: Steering, query: str) -> list[int]:
    return [each["number"] for each in steering.get(f"/worlds/{{world}}/journal?{query}")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("since=2026-06-01T12:00:01Z", [2, 3]),
        ("since=2026-06-01T12:00:01.000001Z", [3]),
        ("since=2026-06-01T12:00:00.999999Z", [2, 3]),
        ("until=2026-06-01T12:00:01Z", [1]),
        ("until=2026-06-01T12:00:01.000001Z", [1, 2]),
        ("until=2026-06-01T12:00:00Z", []),
        ("since=2026-06-01T12:00:01Z&until=2026-06-01T12:00:01.000001Z", [2]),
        ("since=2026-06-01T12:00:01Z&until=2026-06-01T12:00:02Z", [2]),
        ("after=0", [1, 2, 3]),
        ("after=1", [2, 3]),
        ("after=2", [3]),
        ("after=3", []),
        ("limit=1", [3]),
        ("limit=2", [2, 3]),
        ("limit=3", [1, 2, 3]),
        ("limit=4", [1, 2, 3]),
        ("status=200", [1, 2, 3]),
        ("status=2xx", [1, 2, 3]),
        ("status=201", []),
        ("status=3xx", []),
    ],
)
def test_a_window_has_its_start_and_not_its_end(three: Steering, query: str, left: list[int]) -> None:
    assert numbers(three, query) == left


@pytest.mark.parametrize(
    ("counts", "holds"),
    [
        ({"exactly": 2}, False), ({"exactly": 3}, True), ({"exactly": 4}, False),
        ({"at_least": 3}, True), ({"at_least": 4}, False), ({"at_most": 2}, False), ({"at_most": 3}, True),
        ({"at_least": 3, "at_most": 3}, True), ({"at_least": 0, "at_most": 2}, False), ({"at_least": 0}, True),
        ({}, True),
    ],
)  # fmt: skip
def test_a_count_holds_up_to_its_bounds(three: Steering, counts: dict[str, int], holds: bool) -> None:  # noqa: FBT001 - the claim
    expected = {"expect": [{"calls": {"vendor": "ecdp"}, **counts}]}

    assert three.post("/worlds/{world}/verify", expected)["holds"] is holds


@pytest.mark.parametrize("counts", [{"at_least": 0}, {"at_most": 0}, {"exactly": 0}])
def test_no_call_is_enough_for_a_count_of_nought(three: Steering, counts: dict[str, int]) -> None:
    expected = {"expect": [{"calls": {"vendor": "twc"}, **counts}, {"calls": {"vendor": "twc"}}]}

    assert [each["holds"] for each in three.post("/worlds/{world}/verify", expected)["findings"]] == [True, False]


@pytest.mark.parametrize(
    ("order", "in_order", "holds"),
    [
        ("ab", True, True), ("ba", True, False), ("ba", False, True), ("ba", None, True), ("aa", True, False),
        ("aa", False, True), ("abb", True, False), ("bab", True, False),
    ],
)  # fmt: skip
def test_calls_in_order_each_follow_the_one_before(
    steering: Steering,
    order: str,
    in_order: bool | None,  # noqa: FBT001 - the claim
    holds: bool,  # noqa: FBT001 - the claim
) -> None:
    operations = {"a": "list_customer_attributes", "b": "list_purchases"}
    steering.call_vendor("ecdp", "GET", ATTRIBUTES)
    steering.call_vendor("crmcom", "GET", "/purchases")
    made = [each["operation"] for each in steering.get("/worlds/{world}/journal")]
    assert made == [operations[each] for each in "ab"]
    expected: dict[str, Any] = {"expect": [{"calls": {"operation": operations[each]}} for each in order]}
    if in_order is not None:
        expected["in_order"] = in_order

    assert steering.post("/worlds/{world}/verify", expected)["holds"] is holds


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ({"a": 1}, True), ({"a": 1.0}, True), ({"a": True}, False), ({"a": "1"}, False), ({"a": None}, False),
        ({"b": [1, {"c": 2}]}, True), ({"b": [1]}, False), ({"b": [1, {}]}, True), ({"b": [{}, {"c": 2}]}, False),
        ({"b": [1, {"c": 2}, 3]}, False), ({"d": None}, True), ({"e": None}, False), ({"f": True}, True),
        ({"f": 1}, False), ({}, True), ([], False),
    ],
)  # fmt: skip
def test_a_body_is_compared_member_by_member(steering: Steering, pattern: Any, left: bool) -> None:  # noqa: FBT001 - the claim
    body = {"a": 1, "b": [1, {"c": 2}], "d": None, "f": True}
    steering.call_vendor("ecdp", "POST", "/customers", body)

    assert numbers(steering, f"request={quote(json.dumps(pattern))}") == ([1] if left else [])


@pytest.mark.parametrize(
    ("offset", "limit", "found"), [(0, 1, 1), (-1, 1, 1), (-1, 2, 1), (0, 10_000, None), (1, 10_000, -1), (None, 1, 0)]
)
def test_records_are_read_up_to_the_last(steering: Steering, offset: int | None, limit: int, found: int | None) -> None:
    rows = steering.get("/worlds/{world}/collections/ecdp/attributes?limit=10000")
    total = rows["total"]
    start = total if offset is None else offset % total if offset < 0 else offset

    part = steering.get(f"/worlds/{{world}}/collections/ecdp/attributes?offset={start}&limit={limit}")

    expected = {None: total, -1: total - 1}.get(found, found)
    assert len(part["records"]) == expected
    assert part["records"] == rows["records"][start : start + limit]


def test_the_messages_of_one_vendor_are_its_own(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": "2026-03-02T00:00:00Z", "rate": 0})
    steering.post("/worlds/{world}/clock/move", {"days": 28})
    sent = steering.get("/worlds/{world}/sent")

    assert len(sent) >= 4
    assert {each["vendor"] for each in sent} == {"twc"}
    assert steering.get("/worlds/{world}/sent?vendor=twc") == sent
    assert steering.get("/worlds/{world}/sent?vendor=ecdp") == []
    for limit in (1, len(sent) - 1, len(sent), len(sent) + 1):
        assert steering.get(f"/worlds/{{world}}/sent?limit={limit}") == sent[-limit:]


@pytest.mark.parametrize(
    ("status", "text"), [(None, "OK"), (404, "Not Found"), (503, "Service Unavailable"), (599, "")]
)
def test_an_archive_names_each_status(steering: Steering, status: int | None, text: str) -> None:
    if status is not None:
        steering.post("/worlds/{world}/faults", {"kind": "status", "status": status}, status=201)
    steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    [entry] = steering.get("/worlds/{world}/journal/har")["log"]["entries"]
    assert entry["response"]["statusText"] == text


def test_a_body_without_secrets_is_exported_as_it_was_sent(steering: Steering) -> None:
    raw = b'{ "mode":"Add" ,\n "matchBy":"Email","data":[ {"email":"a@example.com"}]}'
    headers = {"content-type": "application/json", **KEY}
    call(steering.understudy.asgi, "POST", f"/@{steering.world_name}/ecdp/customers", headers=headers, body=raw)

    [entry] = steering.get("/worlds/{world}/journal/har")["log"]["entries"]

    assert entry["request"]["postData"]["text"] == raw.decode()
    assert entry["request"]["bodySize"] == len(raw)


def test_a_cleared_fault_leaves_the_others(steering: Steering) -> None:
    ids = [
        steering.post("/worlds/{world}/faults", {"kind": "status", "status": status, "vendor": vendor}, status=201)[
            "id"
        ]
        for status, vendor in ((502, "ecdp"), (503, "twc"), (504, "ecdp"))
    ]
    assert steering.ask("DELETE", f"/worlds/{{world}}/faults/{ids[0]}").status == 204

    assert [each["id"] for each in steering.get("/worlds/{world}/faults")] == ids[1:]
    assert steering.call_vendor("ecdp", "GET", ATTRIBUTES).status == 504
