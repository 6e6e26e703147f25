"""Tests of the till, each in a world of its own; they may run in parallel: pytest -n 4."""

import httpx
import pytest
from till import Till

from understudy.client import RemoteVendor, RemoteWorld


@pytest.fixture
def till(crmcom: RemoteVendor) -> Till:
    return Till.from_environment(crmcom.env)


@pytest.fixture
def card(crmcom: RemoteVendor) -> str:
    return str(crmcom.credentials["cim"])


def test_a_purchase_is_posted(till: Till, card: str, crmcom: RemoteVendor) -> None:
    posted = till.report("TILL-1", card, 12.0)

    [call] = crmcom.calls("create_purchase")
    assert call["request"]["body"]["reference_number"] == "TILL-1"
    assert posted["id"] in [purchase["id"] for purchase in crmcom.state["purchases"].read()]


@pytest.mark.parametrize("attempt", range(3))
def test_a_number_used_in_one_test_is_free_in_another(till: Till, card: str, attempt: int) -> None:
    assert till.report("SAME-NUMBER", card, 1.0 + attempt)


def test_a_number_is_used_once(till: Till, card: str) -> None:
    till.report("TILL-1", card, 12.0)

    with pytest.raises(httpx.HTTPStatusError, match="400"):
        till.report("TILL-1", card, 12.0)


def test_retries_after_failures_post_one_purchase(till: Till, card: str, crmcom: RemoteVendor) -> None:
    before = len(crmcom.state["purchases"])
    crmcom.faults.add("status", operation="create_purchase", status=503, times=2)

    till.report("TILL-1", card, 12.0)

    assert len(crmcom.state["purchases"]) == before + 1
    assert [call["response"]["status"] for call in crmcom.calls("create_purchase")] == [503, 503, 200]


def test_an_expected_call_is_verified(till: Till, card: str, understudy: RemoteWorld) -> None:
    till.report("TILL-1", card, 12.0)

    once = {"calls": {"operation": "create_purchase", "request": {"reference_number": "TILL-1"}}, "exactly": 1}
    assert understudy.verify([once])["holds"]


def test_time_stands_still(crmcom: RemoteVendor) -> None:
    assert crmcom.clock.now().isoformat() == "2026-01-01T09:00:00+00:00"
    crmcom.clock.move(days=30)
    assert crmcom.clock.now().isoformat() == "2026-01-31T09:00:00+00:00"


@pytest.mark.understudy(seed=7, at="2027-06-01T12:00:00Z")
def test_other_people_at_another_time(crmcom: RemoteVendor) -> None:
    assert crmcom.credentials["cim"] != "29861369177983760316"
    assert crmcom.clock.now().year == 2027
