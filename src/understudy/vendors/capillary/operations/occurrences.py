"""The occurrences that were taken, and how they fared."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.customers import find_customer
from understudy.vendors.capillary.envelope import list_reply
from understudy.vendors.capillary.epoch_millis import parse_millis
from understudy.vendors.capillary.errors import SEARCH

LONGEST_USER_ID = 19


def get_occurrence(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter is the vendor's
    """Return the occurrence that a push of this request id led to, in a list that is empty if it led to none."""
    found = state.collection("occurrences").get(id)
    return list_reply([] if found is None else [found["data"]])


def list_customer_occurrences(state: VendorState, user_id: int) -> Reply:
    """Return a customer's occurrences, newest first."""
    found = state.collection("occurrences").find("customerId", user_id)
    return list_reply([each["data"] for each in reversed(found)])


def search_occurrences(
    state: VendorState,
    event_id: str | None,
    event_name: str | None,
    user_identifier_type: str | None,
    user_identifier_value: str | None,
    from_date: str | None,
    till_date: str | None,
    is_duplicate: bool | None,  # noqa: FBT001 - the parameter is the vendor's
    include_side_effects: bool,  # noqa: FBT001 - the parameter is the vendor's
    sort_order: str,
    limit: int,
    offset: int,
) -> Reply:
    """Return the occurrences that meet every condition given, a page at a time."""
    if (user_identifier_type is None) != (user_identifier_value is None):
        raise _invalid("userIdentifierType" if user_identifier_type is None else "userIdentifierValue")
    after = _moment("fromDate", from_date)
    before = _moment("tillDate", till_date)
    user_id = _user(state, user_identifier_type, user_identifier_value)
    found = [
        each
        for each in state.collection("occurrences")
        if (event_id is None or event_id == each["requestId"])
        and (event_name is None or event_name == each["data"]["eventName"])
        and (user_identifier_type is None or user_id == each["customerId"])
        and (after is None or after <= each["happened"])
        and (before is None or each["happened"] <= before)
        and (is_duplicate is None or is_duplicate == each["data"]["additonalAttributes"]["isDuplicate"])
    ]
    found.sort(key=lambda each: each["happened"], reverse=sort_order.lower() == "desc")
    page = [_shown(each, include_side_effects) for each in found[offset : offset + limit]]
    return Reply({"clickEventDataList": page, "totalRecords": len(found), "warnings": []})


def get_running_status(state: VendorState, event_id: str) -> Reply:
    """Return the states that a pushed occurrence went through."""
    run = state.collection("runs").get(event_id)
    if run is None:
        raise Refused(400, "No event was pushed under this id")
    return Reply(run)


def _invalid(parameter: str) -> Refused:
    return Refused(400, f"Invalid search request parameters `{parameter}`", code=SEARCH)


def _moment(parameter: str, text: str | None) -> int | None:
    moment = None if text is None else parse_millis(text)
    if text is not None and moment is None:
        raise _invalid(parameter)
    return moment


def _user(state: VendorState, kind: str | None, value: str | None) -> int | None:
    if kind is None or value is None:
        return None
    plain = value.removeprefix("+")
    if kind in {"mobile", "userId"} and not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_USER_ID):
        raise _invalid("userIdentifierValue")
    return find_customer(state, kind, value)


def _shown(occurrence: Json, with_side_effects: bool) -> Json:  # noqa: FBT001 - one caller, which names it
    data: Json = occurrence["data"]
    if with_side_effects:
        data["clickEventSideEffects"] = {"requestId": occurrence["requestId"], "sideEffects": []}
    return data
