"""Creation, deletion and look-up of customers, also of aggregate ones, and ``sessionId`` of the query."""

from copy import deepcopy
from typing import Any

import pytest

from tests.vendors.contacthub.calls import (
    AGGREGATE,
    CLIENT,
    CUSTOMER,
    DISABLED,
    NO_ONE,
    NODE,
    SECOND,
    SESSION,
    SOURCE,
    STRANGER,
    SUSPENDED,
    WORKSPACE,
    create,
    patch,
    put,
    read,
    sent,
)
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.consent_log import entries_of
from understudy.vendors.contacthub.customers.customer_store import create_empty_customer, new_customer, store_customer
from understudy.vendors.contacthub.customers.full_document import expand
from understudy.vendors.contacthub.operations.customers import (
    create_customer,
    delete_customer,
    get_customer,
    patch_customer,
    update_customer,
)
from understudy.vendors.contacthub.tables import CONSENT_LOGS, CUSTOMERS, EVENTS, MATCHES, SESSIONS, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset

Json = dict[str, Any]


def last_update(state: VendorState) -> Json:
    update = state.collection(UPDATES).get(str(last_offset(state)))
    assert update is not None
    return update


# Creating


def test_a_new_customer_is_read_as_it_was_returned(state: VendorState) -> None:
    made = create(state, sent(firstName="New"))
    assert read(state, made["id"]) == made


def test_a_customer_is_returned_with_all_properties_of_base(state: VendorState) -> None:
    assert create(state, sent())["base"].keys() == read(state)["base"].keys()


def test_what_is_not_set_is_null_and_a_list_without_elements_empty(state: VendorState) -> None:
    base = create(state, sent())["base"]
    assert (base["firstName"], base["address"], base["jobs"], base["contacts"]["otherContacts"]) == (None, None, [], [])


def test_a_customer_without_tags_has_null_for_tags(state: VendorState) -> None:
    assert create(state, sent() | {"tags": {"auto": [], "manual": []}})["tags"] is None


def test_a_customer_without_consents_or_extended_values_has_null_for_each(state: VendorState) -> None:
    created = create(state, sent("bare@example.com"))
    assert (created["consents"], created["extended"], created["tags"]) == (None, None, None)


def test_a_customer_with_one_consent_has_every_other_branch_null(state: VendorState) -> None:
    body = sent("one@example.com") | {"consents": {"softSpam": {"email": {"status": True}}}}
    consents = create(state, body)["consents"]
    assert (consents["marketing"], consents["softSpam"]["papery"]) == (None, None)


def test_a_new_customer_is_enabled_and_living_in_version_0(state: VendorState) -> None:
    made = create(state, sent())
    assert (made["enabled"], made["deleted"], made["version"]) == (True, 0, 0)


def test_a_new_customer_names_the_source_that_made_it(state: VendorState) -> None:
    assert create(state, sent())["sourceInfo"] == {"registeredBy": SOURCE, "updatedBy": SOURCE}


def test_internal_ids_grow(state: VendorState) -> None:
    first, second = create(state, sent("one@example.com")), create(state, sent("two@example.com"))
    assert second["intId"] == first["intId"] + 1


def test_a_new_internal_id_is_no_ones(state: VendorState) -> None:
    taken = {customer["intId"] for customer in state.collection(CUSTOMERS)}
    assert create(state, sent())["intId"] not in taken


def test_a_new_customer_is_in_the_update_stream(state: VendorState) -> None:
    made = create(state, sent())
    update = last_update(state)
    assert (update["operation"], update["kind"], update["nodeId"], update["data"]) == ("CREATE", "CUSTOMER", NODE, made)


def test_a_time_is_returned_in_utc_with_milliseconds(state: VendorState) -> None:
    like = {"id": "rowing", "createdTime": "2026-01-31T11:31:31+0200"}
    made = create(state, sent(likes=[like]))
    assert made["base"]["likes"][0]["createdTime"] == "2026-01-31T09:31:31.000+0000"


def test_a_property_that_customers_do_not_have_is_not_stored(state: VendorState) -> None:
    assert "hobby" not in create(state, sent() | {"hobby": "rowing"})


def test_what_is_sent_is_not_changed(state: VendorState) -> None:
    body = read(state)
    for subscription in body["base"]["subscriptions"]:
        subscription["registeredAt"] = subscription["updatedAt"] = None
    copy = deepcopy(body)
    create(state, body)
    put(state, body, mode="STRICT")
    assert body == copy


def test_an_unknown_property_of_a_list_element_is_not_kept(state: VendorState) -> None:
    assert "mark" not in create(state, sent(educations=[{"id": "school", "mark": "A"}]))["base"]["educations"][0]


def test_a_new_subscription_is_registered_now(state: VendorState) -> None:
    made = create(state, sent(subscriptions=[{"id": "news", "subscribed": True}]))
    subscription = made["base"]["subscriptions"][0]
    assert (subscription["registeredAt"], subscription["updatedAt"]) == (made["registeredAt"], made["updatedAt"])


def test_preferences_of_a_subscription_are_there_if_they_were_sent(state: VendorState) -> None:
    plain = {"id": "plain", "subscribed": True}
    choosy = {"id": "choosy", "subscribed": True, "preferences": [{"key": "color", "value": "red"}]}
    subscriptions = create(state, sent(subscriptions=[plain, choosy]))["base"]["subscriptions"]
    assert [found.get("preferences") for found in subscriptions] == [None, [{"key": "color", "value": "red"}]]


def test_consents_of_a_new_customer_are_logged(state: VendorState) -> None:
    made = create(state, sent() | {"consents": {"profiling": {"classic": {"status": True}}}})
    logs = state.collection(CONSENT_LOGS).find("data.customerId", made["id"])
    assert [entry["property"] for log in logs for entry in entries_of(log)] == ["consents.profiling.classic.status"]


# Deleting


def test_a_deleted_customer_is_not_found(state: VendorState) -> None:
    reply = finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    assert (reply.status, reply.body) == (200, None)
    with pytest.raises(Refused, match=f"^customer not found {CUSTOMER}$"):
        read(state)


def test_a_customers_events_and_sessions_are_deleted_with_it(state: VendorState) -> None:
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    events = state.collection(EVENTS).find("data.customerId", CUSTOMER)
    assert (events, state.collection(SESSIONS).find("customerId", CUSTOMER)) == ([], [])


def test_the_update_stream_has_a_deleted_customer_and_each_of_its_events(state: VendorState) -> None:
    events, offset = len(state.collection(EVENTS).find("data.customerId", CUSTOMER)), last_offset(state)
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    updates = [state.collection(UPDATES).get(str(number)) for number in range(offset + 1, last_offset(state) + 1)]
    kinds = [(update["operation"], update["kind"]) for update in updates if update is not None]
    assert kinds == [("DELETE", "EVENT")] * events + [("DELETE", "CUSTOMER")]


def test_a_deleted_customers_address_is_free(state: VendorState) -> None:
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    assert create(state, sent("customer-5000@example.com"))["id"] != CUSTOMER
    assert not state.collection(MATCHES).find("customerId", CUSTOMER)


@pytest.mark.usefixtures("steps_of_ten_events")
def test_deleting_a_customer_with_many_events_runs_in_steps(state: VendorState) -> None:
    events = state.collection(EVENTS)
    left = events.count("data.customerId", CUSTOMER)
    deleting = delete_customer(state, WORKSPACE, CUSTOMER, CLIENT)
    counts = [events.count("data.customerId", CUSTOMER) for _ in deleting]

    assert counts == [left - 10 * turn for turn in range(1, left // 10 + 1)]
    assert (events.count("data.customerId", CUSTOMER), CUSTOMER in state.collection(CUSTOMERS)) == (0, False)


@pytest.mark.usefixtures("steps_of_ten_events")
def test_an_event_that_another_request_stores_meanwhile_is_deleted_with_its_customer(state: VendorState) -> None:
    events = state.collection(EVENTS)
    deleting = delete_customer(state, WORKSPACE, CUSTOMER, CLIENT)
    next(deleting)
    events.put(events.find("data.customerId", CUSTOMER)[0] | {"id": "late"})
    finish(deleting)

    assert events.count("data.customerId", CUSTOMER) == 0


@pytest.mark.usefixtures("steps_of_ten_events")
def test_a_customer_that_another_request_deletes_meanwhile_is_not_found(state: VendorState) -> None:
    deleting = delete_customer(state, WORKSPACE, CUSTOMER, CLIENT)
    next(deleting)
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    offset = last_offset(state)

    with pytest.raises(Refused, match=f"^customer not found {CUSTOMER}$"):
        finish(deleting)
    assert last_offset(state) == offset


# Whom a request may name


@pytest.mark.parametrize("customer_id", [NO_ONE, "123"])
def test_an_unknown_customer_is_not_found(state: VendorState, customer_id: str) -> None:
    with pytest.raises(Refused, match=f"^customer not found {customer_id}$") as caught:
        read(state, customer_id)
    assert caught.value.status == 404


def test_a_customer_of_another_workspace_is_not_found(state: VendorState) -> None:
    other = new_customer(state, f"{CUSTOMER[:-4]}0121", None)
    store_customer(state, SUSPENDED, expand(other))
    with pytest.raises(Refused, match=r"^customer not found"):
        read(state, other["id"])


def test_an_unknown_workspace_is_forbidden(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace not found: {NO_ONE}$") as caught:
        get_customer(state, NO_ONE, CUSTOMER, CLIENT)
    assert caught.value.status == 403


def test_a_suspended_workspace_takes_no_new_customer(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create_customer(state, SUSPENDED, sent(), Caller("anyone"))
    assert caught.value.status == 403


def test_a_disabled_workspace_shows_no_customer(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        get_customer(state, DISABLED, CUSTOMER, Caller("anyone"))
    assert caught.value.status == 403


def test_a_source_does_not_read_customers_of_other_nodes(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        get_customer(state, WORKSPACE, CUSTOMER, STRANGER)
    assert caught.value.status == 403


def test_a_source_does_not_change_customers_of_other_nodes(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        update_customer(state, WORKSPACE, CUSTOMER, sent("customer-5000@example.com"), STRANGER)
    assert caught.value.status == 403


def test_a_source_makes_no_customers_in_other_nodes(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create_customer(state, WORKSPACE, sent(), STRANGER)
    assert caught.value.status == 403


def test_a_customer_is_not_made_in_an_unknown_node(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NO_ONE}$") as caught:
        create(state, sent(node=NO_ONE))
    assert caught.value.status == 404


def test_a_customer_is_not_made_in_an_aggregate_node(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create(state, sent(node=AGGREGATE))
    assert (caught.value.status, caught.value.violations[0].path) == (400, "/nodeId")


# The session of the query, and customers that events make


def test_a_session_of_the_query_becomes_the_customers(state: VendorState) -> None:
    made = create(state, sent(), session="visit")
    assert [found["value"] for found in state.collection(SESSIONS).find("customerId", made["id"])] == ["visit"]


def test_a_session_of_the_query_that_is_the_customers_stays_so(state: VendorState) -> None:
    assert create(state, sent("customer-5000@example.com"), session=SESSION)["id"] == CUSTOMER
    assert len(state.collection(SESSIONS).find("customerId", CUSTOMER)) == 1


def test_a_session_of_another_customer_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create(state, sent(), session=SESSION)
    assert (caught.value.status, caught.value.violations[0].path) == (400, "sessionId")


def test_a_change_ties_a_session_too(state: VendorState) -> None:
    patch_customer(state, WORKSPACE, SECOND, {}, CLIENT, "visit")
    update_customer(state, WORKSPACE, SECOND, sent("customer-5001@example.com"), CLIENT, "return")
    values = [found["value"] for found in state.collection(SESSIONS).find("customerId", SECOND)]
    assert values == ["visit", "return"]


def test_an_empty_customer_has_its_external_id_alone(state: VendorState) -> None:
    made = read(state, create_empty_customer(state, WORKSPACE, NODE, "card-1"))
    assert (made["externalId"], made["base"]["contacts"], made["sourceInfo"]["registeredBy"]) == ("card-1", None, None)


def test_an_empty_customer_need_not_get_a_unique_property_at_once(state: VendorState) -> None:
    made = create_empty_customer(state, WORKSPACE, NODE, "card-1")
    assert patch(state, {"base": {"firstName": "Ada"}}, made)["base"]["firstName"] == "Ada"
