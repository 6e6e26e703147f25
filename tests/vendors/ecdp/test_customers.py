from typing import Any

import pytest

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.customers import (
    get_customer_by_crm_id,
    get_customer_by_email,
    get_customer_by_id,
    get_customer_by_phone,
    save_customers,
)

INES = "ines.holm@example.com"
OTTO = "otto.lind@example.com"


def save(state: VendorState, *records: dict[str, Any], mode: str = "AddOrUpdate", match_by: str = "Email") -> list[int]:
    reply = save_customers(state, {"mode": mode, "matchBy": match_by, "data": list(records)})
    reply = reply if isinstance(reply, Reply) else run_to_end(reply)
    assert reply.status == 201
    saved: list[int] = reply.body["data"]
    return saved


def errors(
    state: VendorState, *records: dict[str, Any], mode: str = "AddOrUpdate", match_by: str = "Email"
) -> list[str]:
    before = list(state.collection("customers"))
    with pytest.raises(Refused) as refused:
        save(state, *records, mode=mode, match_by=match_by)
    assert refused.value.status == 400
    assert list(state.collection("customers")) == before
    reasons: list[str] = refused.value.data
    return reasons


def test_a_new_customer_can_be_read_by_every_identifier(state: VendorState) -> None:
    (number,) = save(state, {"email": "kaja.moe@example.com", "phone": "+47999", "crmId": "k/1"}, mode="Add")
    found = get_customer_by_id(state, number).body
    assert found["data"]["email"] == "kaja.moe@example.com"
    assert found["data"]["gender"] == "NotSpecified"
    assert get_customer_by_email(state, "KAJA.MOE@example.com").body == found
    assert get_customer_by_phone(state, "+47999").body == found
    assert get_customer_by_crm_id(state, "k/1").body == found


def test_new_customers_get_numbers_of_their_own(state: VendorState) -> None:
    first = save(state, {"email": "a@example.com"}, {"email": "b@example.com"})
    second = save(state, {"email": "c@example.com"})
    assert len({*first, *second}) == 3


def test_fields_missing_or_null_in_a_record_stay(state: VendorState) -> None:
    save(state, {"email": INES, "lastName": "Berg", "firstName": None, "phone": "", "consentsData": None})
    found = get_customer_by_email(state, INES).body["data"]
    assert (found["firstName"], found["lastName"], found["phone"]) == ("Ines", "Berg", "+4520000001")
    assert len(found["consentsData"]["consents"]) == 2


@pytest.mark.parametrize(
    ("match_by", "record"),
    [
        ("Email", {"email": f" {INES.upper()}"}),
        ("email", {"email": INES}),
        ("PhoneNumber", {"phone": "+4520000001"}),
        ("CrmId", {"crmId": "crm-0001"}),
        ("GUID", {"guid": "00000000-0000-4000-8000-000000000001"}),
        ("visitorId", {"visitorId": "visitor-0001"}),
        ("VisitorId", {"visitorId": "visitor-0001"}),
    ],
)
def test_a_customer_is_matched_by_any_field(state: VendorState, match_by: str, record: dict[str, Any]) -> None:
    assert save(state, {**record, "firstName": "Inge"}, mode="Update", match_by=match_by) == [1]


def test_adding_a_customer_who_exists_is_refused(state: VendorState) -> None:
    assert errors(state, {"email": INES}, mode="Add") == ["data.0: a customer with this email exists already"]


def test_changing_an_unknown_customer_is_refused(state: VendorState) -> None:
    reasons = errors(state, {"crmId": "crm-9999"}, mode="Update", match_by="CrmId")
    assert reasons == ["data.0: no customer has this crmId"]


def test_an_identifier_of_another_customer_is_refused(state: VendorState) -> None:
    reasons = errors(state, {"email": OTTO, "phone": "+4520000001", "crmId": "crm-0001"})
    assert reasons == ["data.0: another customer has this phone", "data.0: another customer has this crmId"]


def test_one_refused_customer_refuses_all_and_every_reason_is_listed(state: VendorState) -> None:
    reasons = errors(state, {"email": "new@example.com"}, {"email": INES}, {"email": OTTO}, mode="Add")
    assert [each.partition(":")[0] for each in reasons] == ["data.1", "data.2"]
    with pytest.raises(Refused):
        get_customer_by_email(state, "new@example.com")


def test_a_later_record_sees_what_an_earlier_one_saved(state: VendorState) -> None:
    first, second = save(
        state, {"email": "a@example.com", "firstName": "A"}, {"email": "A@example.com", "lastName": "B"}
    )
    assert first == second
    found = get_customer_by_id(state, first).body["data"]
    assert (found["firstName"], found["lastName"]) == ("A", "B")
    assert errors(state, {"email": "c@example.com"}, {"email": "c@example.com"}, mode="Add")


def test_an_identifier_given_up_by_an_earlier_record_is_free(state: VendorState) -> None:
    save(state, {"email": INES, "crmId": "crm-new"}, {"email": OTTO, "crmId": "crm-0001"})
    assert get_customer_by_crm_id(state, "crm-0001").body["data"]["id"] == 2


def test_attributes_are_set_kept_and_dropped_by_name(state: VendorState) -> None:
    save(state, {"email": INES, "customAttributes": [{"name": "Shoe size"}, {"name": "About", "value": "Runs."}]})
    assert get_customer_by_email(state, INES).body["data"]["customAttributes"] == [
        {"name": "Club level", "value": "Gold"},
        {"name": "About", "value": "Runs."},
    ]


def test_an_unknown_attribute_is_refused(state: VendorState) -> None:
    reasons = errors(state, {"email": INES, "customAttributes": [{"name": "Star sign", "value": "Leo"}]})
    assert reasons == ["data.0: there is no customer attribute 'Star sign'"]


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("Shoe size", "-38.5", "1e3"),
        ("Store credit", "10.00", "10 EUR"),
        ("Member since", "2024-02-29", "2023-02-29"),
        ("Last visit", "2024-02-29T10:00:00.000Z", "2024-02-29"),
        ("Last visit", "2024-02-29 10:00:00", "2024-02-30T10:00:00"),
        ("Club level", "Silver", "silver"),
        ("Has the app", "True", "yes"),
        ("Profile page", "https://example.com/ines", "example.com"),
    ],
)
def test_a_value_must_fit_its_attribute(state: VendorState, name: str, valid: str, invalid: str) -> None:
    save(state, {"email": INES, "customAttributes": [{"name": name, "value": valid}]})
    (reasons,) = errors(state, {"email": INES, "customAttributes": [{"name": name, "value": invalid}]})
    assert reasons.startswith(f"data.0: the value of {name!r} is no ")


def test_consents_are_changed_one_by_one(state: VendorState) -> None:
    consents = [{"id": "1", "value": "False"}, {"id": 3, "value": "AwaitingConfirmation"}]
    save(state, {"email": INES, "consentsData": {"consents": consents, "force": True, "confirmationMessageId": None}})
    assert get_customer_by_email(state, INES).body["data"]["consentsData"]["consents"] == [
        {"id": 1, "value": "False"},
        {"id": 2, "value": "False"},
        {"id": 3, "value": "AwaitingConfirmation"},
    ]


def test_an_unknown_consent_is_refused(state: VendorState) -> None:
    reasons = errors(state, {"email": INES, "consentsData": {"consents": [{"id": 9, "value": "True"}]}})
    assert reasons == ["data.0: there is no consent 9"]


def test_unknown_customers_are_not_found(state: VendorState) -> None:
    for get, value in (
        (get_customer_by_email, "x@example.com"),
        (get_customer_by_phone, "1"),
        (get_customer_by_crm_id, ""),
    ):
        with pytest.raises(Refused) as refused:
            get(state, value)
        assert refused.value.status == 404
    with pytest.raises(Refused):
        get_customer_by_id(state, 2**62)
