"""Handlers of customers."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps, run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.customer_identifiers import FIELD_BY_MATCH, check_matching, find_customer
from understudy.vendors.ecdp.customer_record import apply_record, customer_response, empty_customer, record_errors
from understudy.vendors.ecdp.staged_customers import StagedCustomers

CUSTOMERS_PER_STEP = 16
"""Number of customers that are added or changed in one step."""

MAX_ERRORS = 100
"""Number of reasons that one refusal lists."""

MAX_TRIES = 5
"""Number of times that a request begins, because others have changed customers meanwhile; the last is in one step."""


def save_customers(state: VendorState, body: Json) -> Reply | Steps[Reply]:
    """Add or change customers: all of them, or none if one is refused."""
    check_matching(state, body["matchBy"])
    steps = _save(state, body)
    return run_to_end(steps) if len(body["data"]) <= CUSTOMERS_PER_STEP else steps


def _save(state: VendorState, body: Json) -> Steps[Reply]:
    for tries_left in reversed(range(MAX_TRIES)):
        staged = StagedCustomers(state)
        steps = _prepare(state, body, staged)
        saved, errors = (yield from steps) if tries_left else run_to_end(steps)
        if staged.is_current():
            break
    if errors:
        raise Refused(400, "No customer was saved.", data=errors)
    staged.commit()
    return Reply({"status": 0, "data": saved}, status=201)


def _prepare(state: VendorState, body: Json, staged: StagedCustomers) -> Steps[tuple[list[int], list[str]]]:
    """Stage all customers; return their numbers, and the reasons to refuse some of them."""
    saved: list[int] = []
    errors: list[str] = []
    field = FIELD_BY_MATCH[body["matchBy"].lower()]
    for position, record in enumerate(body["data"]):
        if position % CUSTOMERS_PER_STEP == CUSTOMERS_PER_STEP - 1:
            yield
        found = staged.find(field, record[field])
        reasons = _mode_errors(body["mode"], field, found) or record_errors(state, staged, record, found)
        if reasons:
            errors += [f"data.{position}: {each}" for each in reasons[: MAX_ERRORS - len(errors)]]
            continue
        customer = apply_record(record, found or empty_customer(staged.next_id(), state.new_id()))
        staged.put(customer)
        saved.append(int(customer["id"]))
    return saved, errors


def _mode_errors(mode: str, field: str, found: Json | None) -> list[str]:
    if mode == "Add" and found is not None:
        return [f"a customer with this {field} exists already"]
    if mode == "Update" and found is None:
        return [f"no customer has this {field}"]
    return []


def get_customer_by_id(state: VendorState, id: int) -> Reply:  # noqa: A002 - the parameter's name at the vendor
    """Return the customer with an id."""
    return _found(state, "id", str(id))


def get_customer_by_email(state: VendorState, email: str) -> Reply:
    """Return the customer with an e-mail address, in upper or lower case."""
    return _found(state, "email", email)


def get_customer_by_phone(state: VendorState, phone: str) -> Reply:
    """Return the customer with a phone number."""
    return _found(state, "phone", phone)


def get_customer_by_crm_id(state: VendorState, crm_id: str) -> Reply:
    """Return the customer with an id of the caller's CRM system."""
    return _found(state, "crmId", crm_id)


def _found(state: VendorState, index: str, text: str) -> Reply:
    customer = find_customer(state, index, text)
    if customer is None:
        raise Refused(404, "There is no such customer.")
    return Reply({"status": 0, "data": customer_response(customer)})
