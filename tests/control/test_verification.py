from typing import Any

import pytest

from tests.control.conftest import Steering

ADDS = {"vendor": "ecdp", "operation": "save_customers"}


def customer(steering: Steering, name: str) -> None:
    body = {"mode": "Add", "matchBy": "Email", "data": [{"email": f"{name}@example.com", "firstName": name}]}
    steering.call_vendor("ecdp", "POST", "/customers", body)


def named(name: str) -> dict[str, Any]:
    return {**ADDS, "request": {"data": [{"firstName": name}]}}


@pytest.fixture
def busy(steering: Steering) -> Steering:
    """Two customers, then a reading."""
    for name in ("ada", "bob"):
        customer(steering, name)
    steering.call_vendor("ecdp", "GET", "/customerattributes")
    return steering


def verdict(steering: Steering, *expect: dict[str, Any], in_order: bool = False) -> Any:
    return steering.post("/worlds/{world}/verify", {"expect": list(expect), "in_order": in_order})


@pytest.mark.parametrize(
    ("expectation", "holds", "summary"),
    [
        ({"calls": ADDS}, True, "2 calls fit, as expected"),
        ({"calls": ADDS, "exactly": 2}, True, "2 calls fit, as expected"),
        ({"calls": ADDS, "exactly": 1}, False, "2 calls fit, expected exactly 1"),
        ({"calls": ADDS, "at_least": 3}, False, "2 calls fit, expected at least 3"),
        ({"calls": ADDS, "at_most": 1}, False, "2 calls fit, expected at most 1"),
        ({"calls": ADDS, "at_least": 1, "at_most": 5}, True, "2 calls fit, as expected"),
        ({"calls": {"vendor": "twc"}, "exactly": 0}, True, "0 calls fit, as expected"),
        ({"calls": {"vendor": "twc"}, "at_most": 0}, True, "0 calls fit, as expected"),
        ({"calls": {"vendor": "twc"}}, False, "0 calls fit, expected at least 1"),
        ({"calls": named("ada"), "exactly": 1}, True, "1 call fits, as expected"),
        ({"calls": {**ADDS, "status": "2xx", "outcome": "accepted"}, "exactly": 2}, True, "2 calls fit, as expected"),
        ({"calls": {**ADDS, "after": 1}, "exactly": 1}, True, "1 call fits, as expected"),
    ],
)
def test_calls_are_counted(busy: Steering, expectation: dict[str, Any], holds: bool, summary: str) -> None:  # noqa: FBT001
    found = verdict(busy, expectation)

    assert (found["holds"], found["findings"][0]["says"]) == (holds, summary)


def test_the_nearest_miss_comes_first_with_its_differences(busy: Steering) -> None:
    [finding] = verdict(busy, {"calls": named("cyd")})["findings"]

    first, second, third = finding["nearest"]
    assert (first["number"], second["number"], third["number"]) == (2, 1, 3)
    assert first["differs"] == [{"where": "request/data/0/firstName", "expected": "cyd", "found": "bob"}]
    assert {each["where"] for each in third["differs"]} == {"operation", "request"}


def test_an_absent_value_has_no_found(busy: Steering) -> None:
    expected = {**ADDS, "request": {"data": [{"phone": "1"}], "mode": "Add"}, "exactly": 1}

    [finding] = verdict(busy, {"calls": {name: expected[name] for name in (*ADDS, "request")}})["findings"]

    assert finding["nearest"][0]["differs"] == [{"where": "request/data/0/phone", "expected": "1"}]


def test_too_many_calls_are_named(busy: Steering) -> None:
    [finding] = verdict(busy, {"calls": ADDS, "exactly": 0})["findings"]

    assert [(miss["number"], miss["differs"]) for miss in finding["nearest"]] == [(1, []), (2, [])]


@pytest.mark.parametrize(("names", "holds"), [(("ada", "bob"), True), (("bob", "ada"), False), (("ada", "ada"), False)])
def test_calls_have_to_come_in_order_if_asked(busy: Steering, names: tuple[str, ...], *, holds: bool) -> None:
    expected = [{"calls": named(name)} for name in names]

    assert verdict(busy, *expected)["holds"]
    found = verdict(busy, *expected, in_order=True)
    assert found["holds"] == holds
    if not holds:
        assert "none after call" in found["findings"][1]["says"]


def test_true_is_not_one(steering: Steering) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", {"mode": "Add", "flag": True})

    assert not verdict(steering, {"calls": {"request": {"flag": 1}}})["holds"]
    assert verdict(steering, {"calls": {"request": {"flag": True}}})["holds"]


def test_query_parameters_are_compared(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/customerattributes?one=1&two=")

    assert verdict(steering, {"calls": {"query": {"one": "1", "two": ""}}})["holds"]
    [finding] = verdict(steering, {"calls": {"query": {"one": "2"}}})["findings"]
    assert finding["nearest"][0]["differs"] == [{"where": "query/one", "expected": "2", "found": "1"}]
