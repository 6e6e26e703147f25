"""Record of a customer in a request: checks, changes to the stored customer, and the response."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.attribute_values import attribute_errors
from understudy.vendors.ecdp.customer_identifiers import FIELDS, as_text
from understudy.vendors.ecdp.staged_customers import StagedCustomers

DETAILS = ("firstName", "lastName", "dateOfBirth", "gender")


def empty_customer(number: str, guid: str) -> Json:
    """Return a customer without any data."""
    return {
        "id": number,
        **dict.fromkeys((*FIELDS, *DETAILS)),
        "guid": guid,
        "gender": "NotSpecified",
        "attributes": {},
        "consents": {},
    }


def record_errors(state: VendorState, staged: StagedCustomers, record: Json, found: Json | None) -> list[str]:
    """Return all reasons to refuse a record; ``found`` is the customer that it would change, if any."""
    return [
        *_taken_identifiers(staged, record, found),
        *attribute_errors(state.collection("attributes"), "customer", record.get("customAttributes")),
        *_unknown_consents(state, record),
    ]


def _taken_identifiers(staged: StagedCustomers, record: Json, found: Json | None) -> list[str]:
    reasons = []
    for field in FIELDS:
        text = record.get(field)
        owner = staged.find(field, text) if text else None
        if owner is not None and (found is None or owner["id"] != found["id"]):
            reasons.append(f"another customer has this {field}")
    return reasons


def _unknown_consents(state: VendorState, record: Json) -> list[str]:
    known = state.collection("consents")
    numbers = [as_text(given["id"]) for given in _consents(record)]
    return [f"there is no consent {number}" for number in numbers if number not in known]


def apply_record(record: Json, customer: Json) -> Json:
    """Return a customer changed by a record; fields that are missing or null in the record stay."""
    attributes = customer["attributes"] | {
        given["name"]: given.get("value") for given in record.get("customAttributes") or ()
    }
    return {
        **customer,
        **{field: record[field] for field in FIELDS if record.get(field)},
        **{field: record[field] for field in DETAILS if record.get(field) is not None},
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "consents": customer["consents"] | {as_text(given["id"]): given["value"] for given in _consents(record)},
    }


def customer_response(customer: Json) -> Json:
    """Return a customer as responses contain it."""
    return {
        "id": int(customer["id"]),
        **{field: customer[field] for field in (*FIELDS, *DETAILS)},
        "customAttributes": [{"name": name, "value": value} for name, value in customer["attributes"].items()],
        "consentsData": {
            "consents": [{"id": int(number), "value": value} for number, value in customer["consents"].items()]
        },
    }


def _consents(record: Json) -> list[Json]:
    return (record.get("consentsData") or {}).get("consents") or []
