"""Customers: made, deleted, found; with aggregate customers and the session of the query."""

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
from tests.vendors.contacthub.turns import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.consent_log import entries_of
from understudy.vendors.contacthub.customers.customer_document import expand
from understudy.vendors.contacthub.customers.customer_store import create_empty_customer, new_customer, store_customer
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


def last_update(world: VendorState) -> Json:
    update = world.collection(UPDATES).get(str(last_offset(world)))
    assert update is not None
    return update


# Creating


def test_a_new_customer_reads_back_as_it_was_answered(world: VendorState) -> None:
    made = create(world, sent(firstName="New"))
    assert read(world, made["id"]) == made


def test_a_customer_is_answered_with_all_properties_of_base(world: VendorState) -> None:
    assert create(world, sent())["base"].keys() == read(world)["base"].keys()


def test_what_is_not_set_is_null_and_a_list_without_elements_empty(world: VendorState) -> None:
    base = create(world, sent())["base"]
    assert (base["firstName"], base["address"], base["jobs"], base["contacts"]["otherContacts"]) == (None, None, [], [])


def test_a_customer_without_tags_has_null_for_tags(world: VendorState) -> None:
    assert create(world, sent() | {"tags": {"auto": [], "manual": []}})["tags"] is None


def test_a_customer_without_consents_has_every_branch_of_them_null(world: VendorState) -> None:
    assert set(create(world, sent())["consents"].values()) == {None}


def test_a_new_customer_is_enabled_and_living_in_version_0(world: VendorState) -> None:
    made = create(world, sent())
    assert (made["enabled"], made["deleted"], made["version"]) == (True, 0, 0)


def test_a_new_customer_names_the_source_that_made_it(world: VendorState) -> None:
    assert create(world, sent())["sourceInfo"] == {"registeredBy": SOURCE, "updatedBy": SOURCE}


def test_internal_ids_grow(world: VendorState) -> None:
    first, second = create(world, sent("one@example.com")), create(world, sent("two@example.com"))
    assert second["intId"] == first["intId"] + 1


def test_a_new_internal_id_is_no_ones(world: VendorState) -> None:
    taken = {customer["intId"] for customer in world.collection(CUSTOMERS)}
    assert create(world, sent())["intId"] not in taken


def test_a_new_customer_is_told_to_the_stream(world: VendorState) -> None:
    made = create(world, sent())
    update = last_update(world)
    assert (update["operation"], update["kind"], update["nodeId"], update["data"]) == ("CREATE", "CUSTOMER", NODE, made)


def test_a_time_is_answered_in_utc_with_milliseconds(world: VendorState) -> None:
    like = {"id": "rowing", "createdTime": "2026-01-31T11:31:31+0200"}
    made = create(world, sent(likes=[like]))
    assert made["base"]["likes"][0]["createdTime"] == "2026-01-31T09:31:31.000Z"


def test_a_property_that_is_no_customers_is_not_kept(world: VendorState) -> None:
    assert "hobby" not in create(world, sent() | {"hobby": "rowing"})


def test_what_is_sent_is_not_changed(world: VendorState) -> None:
    body = read(world)
    for subscription in body["base"]["subscriptions"]:
        subscription["registeredAt"] = subscription["updatedAt"] = None
    copy = deepcopy(body)
    create(world, body)
    put(world, body, mode="STRICT")
    assert body == copy


def test_an_unknown_property_of_a_list_element_is_not_kept(world: VendorState) -> None:
    assert "mark" not in create(world, sent(educations=[{"id": "school", "mark": "A"}]))["base"]["educations"][0]


def test_a_new_subscription_is_registered_now(world: VendorState) -> None:
    made = create(world, sent(subscriptions=[{"id": "news", "subscribed": True}]))
    subscription = made["base"]["subscriptions"][0]
    assert (subscription["registeredAt"], subscription["updatedAt"]) == (made["registeredAt"], made["updatedAt"])


def test_preferences_of_a_subscription_are_there_if_they_were_sent(world: VendorState) -> None:
    plain = {"id": "plain", "subscribed": True}
    choosy = {"id": "choosy", "subscribed": True, "preferences": [{"key": "color", "value": "red"}]}
    subscriptions = create(world, sent(subscriptions=[plain, choosy]))["base"]["subscriptions"]
    assert [found.get("preferences") for found in subscriptions] == [None, [{"key": "color", "value": "red"}]]


def test_consents_of_a_new_customer_are_logged(world: VendorState) -> None:
    made = create(world, sent() | {"consents": {"profiling": {"classic": {"status": True}}}})
    logs = world.collection(CONSENT_LOGS).find("data.customerId", made["id"])
    assert [entry["property"] for log in logs for entry in entries_of(log)] == ["consents.profiling.classic.status"]


# Deleting


def test_a_deleted_customer_is_not_found(world: VendorState) -> None:
    reply = finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    assert (reply.status, reply.body) == (200, None)
    with pytest.raises(Refused, match=f"^customer not found {CUSTOMER}$"):
        read(world)


def test_a_customers_events_and_sessions_are_deleted_with_it(world: VendorState) -> None:
    finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    events = world.collection(EVENTS).find("data.customerId", CUSTOMER)
    assert (events, world.collection(SESSIONS).find("customerId", CUSTOMER)) == ([], [])


def test_the_stream_tells_of_a_deleted_customer_and_each_of_its_events(world: VendorState) -> None:
    events, offset = len(world.collection(EVENTS).find("data.customerId", CUSTOMER)), last_offset(world)
    finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    told = [world.collection(UPDATES).get(str(number)) for number in range(offset + 1, last_offset(world) + 1)]
    kinds = [(update["operation"], update["kind"]) for update in told if update is not None]
    assert kinds == [("DELETE", "EVENT")] * events + [("DELETE", "CUSTOMER")]


def test_a_deleted_customers_address_is_free(world: VendorState) -> None:
    finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    assert create(world, sent("customer-5000@example.com"))["id"] != CUSTOMER
    assert not world.collection(MATCHES).find("customerId", CUSTOMER)


@pytest.mark.usefixtures("ten_events_a_turn")
def test_others_have_their_turn_while_a_customers_many_events_are_deleted(world: VendorState) -> None:
    events = world.collection(EVENTS)
    left = events.count("data.customerId", CUSTOMER)
    deleting = delete_customer(world, WORKSPACE, CUSTOMER, CLIENT)
    counts = [events.count("data.customerId", CUSTOMER) for _ in deleting]

    assert counts == [left - 10 * turn for turn in range(1, left // 10 + 1)]
    assert (events.count("data.customerId", CUSTOMER), CUSTOMER in world.collection(CUSTOMERS)) == (0, False)


@pytest.mark.usefixtures("ten_events_a_turn")
def test_a_customer_that_another_request_deletes_meanwhile_is_not_found(world: VendorState) -> None:
    deleting = delete_customer(world, WORKSPACE, CUSTOMER, CLIENT)
    next(deleting)
    finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    offset = last_offset(world)

    with pytest.raises(Refused, match=f"^customer not found {CUSTOMER}$"):
        finish(deleting)
    assert last_offset(world) == offset


# Whom a request may name


@pytest.mark.parametrize("customer_id", [NO_ONE, "123"])
def test_an_unknown_customer_is_not_found(world: VendorState, customer_id: str) -> None:
    with pytest.raises(Refused, match=f"^customer not found {customer_id}$") as caught:
        read(world, customer_id)
    assert caught.value.status == 404


def test_a_customer_of_another_workspace_is_not_found(world: VendorState) -> None:
    other = new_customer(world, f"{CUSTOMER[:-4]}0121", None)
    store_customer(world, SUSPENDED, expand(other))
    with pytest.raises(Refused, match=r"^customer not found"):
        read(world, other["id"])


def test_an_unknown_workspace_is_forbidden(world: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace not found: {NO_ONE}$") as caught:
        get_customer(world, NO_ONE, CUSTOMER, CLIENT)
    assert caught.value.status == 403


def test_a_suspended_workspace_takes_no_new_customer(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create_customer(world, SUSPENDED, sent(), Caller("anyone"))
    assert caught.value.status == 403


def test_a_disabled_workspace_shows_no_customer(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        get_customer(world, DISABLED, CUSTOMER, Caller("anyone"))
    assert caught.value.status == 403


def test_a_source_does_not_read_customers_of_other_nodes(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        get_customer(world, WORKSPACE, CUSTOMER, STRANGER)
    assert caught.value.status == 403


def test_a_source_does_not_change_customers_of_other_nodes(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        update_customer(world, WORKSPACE, CUSTOMER, sent("customer-5000@example.com"), STRANGER)
    assert caught.value.status == 403


def test_a_source_makes_no_customers_in_other_nodes(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create_customer(world, WORKSPACE, sent(), STRANGER)
    assert caught.value.status == 403


def test_a_customer_is_not_made_in_an_unknown_node(world: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NO_ONE}$") as caught:
        create(world, sent(node=NO_ONE))
    assert caught.value.status == 404


def test_a_customer_is_not_made_in_an_aggregate_node(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create(world, sent(node=AGGREGATE))
    assert (caught.value.status, caught.value.violations[0].path) == (400, "/nodeId")


# The session of the query, and customers that events make


def test_a_session_of_the_query_becomes_the_customers(world: VendorState) -> None:
    made = create(world, sent(), session="visit")
    assert [found["value"] for found in world.collection(SESSIONS).find("customerId", made["id"])] == ["visit"]


def test_a_session_of_the_query_that_is_the_customers_stays_so(world: VendorState) -> None:
    assert create(world, sent("customer-5000@example.com"), session=SESSION)["id"] == CUSTOMER
    assert len(world.collection(SESSIONS).find("customerId", CUSTOMER)) == 1


def test_a_session_of_another_customer_is_refused(world: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create(world, sent(), session=SESSION)
    assert (caught.value.status, caught.value.violations[0].path) == (400, "sessionId")


def test_a_change_ties_a_session_too(world: VendorState) -> None:
    patch_customer(world, WORKSPACE, SECOND, {}, CLIENT, "visit")
    update_customer(world, WORKSPACE, SECOND, sent("customer-5001@example.com"), CLIENT, "return")
    values = [found["value"] for found in world.collection(SESSIONS).find("customerId", SECOND)]
    assert values == ["visit", "return"]


def test_an_empty_customer_has_its_external_id_alone(world: VendorState) -> None:
    made = read(world, create_empty_customer(world, WORKSPACE, NODE, "card-1"))
    assert (made["externalId"], made["base"]["contacts"], made["sourceInfo"]["registeredBy"]) == ("card-1", None, None)


def test_an_empty_customer_need_not_get_a_unique_property_at_once(world: VendorState) -> None:
    made = create_empty_customer(world, WORKSPACE, NODE, "card-1")
    assert patch(world, {"base": {"firstName": "Ada"}}, made)["base"]["firstName"] == "Ada"
