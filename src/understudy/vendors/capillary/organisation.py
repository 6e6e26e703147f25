"""The only organisation, and its tills."""

from understudy.state.vendor_state import VendorState

ORG_ID = 100001
ORG_TYPE = "STANDARD_ORG"
FIRST_TILL_ID = 75000001


def till_id(state: VendorState, code: str) -> int:
    """Return a till's number; an unknown code becomes a new till (inferred: no page documents a refusal)."""
    tills = state.collection("tills")
    till = tills.get(code) or {"code": code, "id": FIRST_TILL_ID + len(tills)}
    tills.put(till)
    return int(till["id"])
