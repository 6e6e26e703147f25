"""Handlers that read stored occurrences and the states of their processing."""

from collections.abc import Callable
from operator import itemgetter

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.customers import canonical_type, find_customer
from understudy.vendors.capillary.envelope import list_reply
from understudy.vendors.capillary.epoch_millis import parse_millis
from understudy.vendors.capillary.errors import SEARCH, bad_search

MAX_USER_ID_DIGITS = 19
ROWS_PER_STEP = 128


def get_occurrence(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter is the vendor's
    """Return a list of the occurrence that a push with this request id stored; empty if it stored none."""
    found = state.collection("occurrences").get(id)
    return list_reply([] if found is None else [found["data"]])


def list_customer_occurrences(state: VendorState, user_id: int) -> Steps[Reply]:
    """Return a customer's occurrences, newest first."""
    occurrences = state.collection("occurrences")
    found = []
    for number, key in enumerate(reversed(occurrences.keys_of("customerId", user_id))):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        each = occurrences.get(key)
        if each is not None:
            found.append(each["data"])
    return Reply({"warnings": [], "errors": []}, items=found, at=("data",))


def search_occurrences(
    state: VendorState,
    event_id: str | None,
    event_name: str | None,
    user_identifier_type: str | None,
    user_identifier_value: str | None,
    user_identifier_source: str | None,
    from_date: str | None,
    till_date: str | None,
    is_duplicate: bool | None,  # noqa: FBT001 - the parameter is the vendor's
    include_side_effects: bool,  # noqa: FBT001 - the parameter is the vendor's
    sort_order: str,
    limit: int,
    offset: int,
) -> Steps[Reply]:
    """Return a page of the occurrences that fulfil all given conditions."""
    if (user_identifier_type is None) != (user_identifier_value is None):
        raise _invalid("userIdentifierType" if user_identifier_type is None else "userIdentifierValue")
    after = _millis("fromDate", from_date)
    before = _millis("tillDate", till_date)
    user_id = _user_id(state, user_identifier_type, user_identifier_value)

    def fits(each: Json) -> bool:
        return (
            (event_id is None or event_id == each["requestId"])
            and (event_name is None or event_name == each["data"]["eventName"])
            and (user_identifier_type is None or user_id == each["customerId"])
            and (user_identifier_source is None or user_identifier_source.lower() == each["data"]["source"].lower())
            and (after is None or after <= each["happened"])
            and (before is None or each["happened"] <= before)
            and (is_duplicate is None or is_duplicate == each["data"]["additonalAttributes"]["isDuplicate"])
        )

    found = yield from _find(state.collection("occurrences"), fits)
    found.sort(key=itemgetter(0), reverse=sort_order.lower() == "desc")
    shown = map(state.collection("occurrences").get, (key for _, key in found[offset : offset + limit]))
    page = [_occurrence_data(each, include_side_effects) for each in shown if each is not None]
    body = {"totalRecords": len(found), "warnings": []}
    return Reply(body, items=page, at=("clickEventDataList",))


def _find(occurrences: Collection, fits: Callable[[Json], bool]) -> Steps[list[tuple[int, str]]]:
    """Return the times and keys of the occurrences that fit, in the order in which they were pushed."""
    found = []
    for number, key in enumerate(occurrences.keys()):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        each = occurrences.get(key)
        if each is not None and fits(each):
            found.append((each["happened"], key))
    return found


def get_running_status(state: VendorState, event_id: str) -> Reply:
    """Return the states of a pushed occurrence's processing."""
    run = state.collection("runs").get(event_id)
    if run is None:
        raise Refused(400, "No event was pushed under this id")
    return Reply(run)


def _invalid(parameter: str) -> Refused:
    return Refused(400, bad_search(parameter), code=SEARCH)


def _millis(parameter: str, text: str | None) -> int | None:
    millis = None if text is None else parse_millis(text)
    if text is not None and millis is None:
        raise _invalid(parameter)
    return millis


def _user_id(state: VendorState, kind: str | None, value: str | None) -> int | None:
    if kind is None or value is None:
        return None
    plain = value.removeprefix("+")
    if canonical_type(kind) in {"mobile", "userId"} and not (
        plain.isascii() and plain.isdigit() and len(plain) <= MAX_USER_ID_DIGITS
    ):
        raise _invalid("userIdentifierValue")
    return find_customer(state, kind, value)


def _occurrence_data(occurrence: Json, with_side_effects: bool) -> Json:  # noqa: FBT001 - one caller, which names it
    data: Json = occurrence["data"]
    if with_side_effects:
        data["clickEventSideEffects"] = {"requestId": occurrence["requestId"], "sideEffects": []}
    return data
