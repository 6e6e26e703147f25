"""Consents of which nothing is known are null, however they are sent: the spec says so of every branch."""

from typing import Any

import pytest

from tests.vendors.contacthub.calls import CUSTOMER, Json, create, patch, read, sent
from understudy.state.vendor_state import VendorState

UNKNOWN = {"status": None, "limitation": None, "objection": None}


@pytest.mark.parametrize(
    "consents",
    [
        None,
        {},
        {"marketing": {}},
        {"marketing": {"automatic": {"sms": {}}, "traditional": None}},
        {"profiling": {"online": UNKNOWN}},
        {"disclaimer": {"date": None, "version": None}},
    ],
)
def test_a_customer_whose_consents_hold_nothing_has_none(state: VendorState, consents: Any) -> None:
    made = create(state, sent() | {"consents": consents})
    assert made["consents"] is None
    assert read(state, made["id"])["consents"] is None


@pytest.mark.parametrize(
    ("change", "place"),
    [({"status": False}, "status"), ({"objection": True}, "objection"), ({"limitation": False}, "limitation")],
)
def test_one_value_is_enough_to_know_a_consent(state: VendorState, change: Json, place: str) -> None:
    made = create(state, sent() | {"consents": {"softSpam": {"email": change}, "profiling": {}}})
    assert made["consents"]["softSpam"]["email"] == UNKNOWN | {place: change[place]}
    assert (made["consents"]["softSpam"]["papery"], made["consents"]["profiling"]) == (None, None)


def test_a_branch_is_null_when_its_last_value_is_unset(state: VendorState) -> None:
    unset = {"marketing": {"automatic": {"email": UNKNOWN}}}
    changed = patch(state, {"consents": unset}, CUSTOMER)
    assert changed["consents"]["marketing"] is None
    assert changed["consents"]["disclaimer"]["version"] == "1.0"
