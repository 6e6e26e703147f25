from collections.abc import Callable
from typing import Any

import pytest

from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.operations.purchases import create_purchase, list_purchases

Json = dict[str, Any]
Buy = Callable[..., str]

MEMBER = "00000000-0000-4000-8000-00000000a001"


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    return vendor_state("crmcom")


@pytest.fixture
def receipt() -> Json:
    """Body of a purchase with only required fields: a cake at the example merchant."""
    return {
        "contact_id": MEMBER,
        "reference_number": "R-1",
        "products": [{"product_sku": "EXAMPLE-CAKE", "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95}],
        "merchant_tap": {"code": "EXAMPLE-MERCHANT"},
    }


@pytest.fixture
def buy(state: VendorState, receipt: Json) -> Buy:
    """Function that posts the receipt with changes, and returns the purchase's id."""

    def post(**changes: Any) -> str:
        made: str = create_purchase(state, {**receipt, **changes}).body["id"]
        return made

    return post


def listed(state: VendorState, **query: Any) -> Json:
    """Return the body of a list of purchases."""
    page: Json = run_to_end(list_purchases(state, **{"page": 1, "size": 10, **query})).body
    return page
