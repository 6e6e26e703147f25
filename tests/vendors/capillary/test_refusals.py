"""Refusals of what is not there, and messages for values that are."""

import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Cause, Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.errors import render
from understudy.vendors.capillary.operations.webhooks import push_occurrence


@pytest.mark.parametrize("webhook", ["nowhere", ""])
def test_a_push_to_an_unknown_webhook_is_not_found(state: VendorState, webhook: str) -> None:
    with pytest.raises(Refused, match="no webhook at this address") as refusal:
        push_occurrence(state, {}, webhook, Caller("till"))

    assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("rule", "value", "names_value"),
    [("pattern", "colour", True), ("required", "colour", False), ("type", 1, False), ("type", None, False)],
)
def test_only_a_text_that_is_no_type_is_named(rule: str, value: object, names_value: bool) -> None:  # noqa: FBT001 - the claim
    violation = Violation("body", "/fields/3/type", rule, "the validator's words", value)

    [error] = render(Refused(400, "x", violations=[violation], cause=Cause.CONTRACT)).body["errors"]

    assert error["code"] == 1823
    assert error["message"].startswith("colour ") is names_value
