from collections import Counter

import pytest

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.event_rules import check_content
from understudy.vendors.contacthub.security import ROLES, oauth, sign_in
from understudy.vendors.contacthub.sequences import next_number
from understudy.vendors.contacthub.start_data.fixed_ids import (
    CONSENT_LOG,
    DISABLED,
    ENTRY_NODE,
    FIRST_CUSTOMER,
    FIRST_EVENT,
    OLD_SHOP_SYSTEM,
    OTHER_ENTRY_NODE,
    PRINTED_NODE,
    SESSION,
    SHOP_SYSTEM,
    SUSPENDED,
    WEB_SHOP,
    WORKSPACE,
    example_id,
)
from understudy.vendors.contacthub.tables import (
    CONSENT_LOGS,
    CUSTOMERS,
    EVENTS,
    MATCHES,
    SESSIONS,
    SOURCES,
    UPDATES,
    WORKSPACES,
)


def source(state: VendorState, source_id: str) -> Json:
    found: Json = (state.collection(SOURCES).get(source_id) or {})["data"]
    return found


def token_of(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def test_the_first_node_has_sixty_customers_and_the_second_ten(state: VendorState) -> None:
    assert Counter(customer["nodeId"] for customer in state.collection(CUSTOMERS)) == {
        ENTRY_NODE: 60,
        OTHER_ENTRY_NODE: 10,
        PRINTED_NODE: 2,
    }


def test_the_first_customer_has_something_in_every_place(state: VendorState) -> None:
    customer = state.collection(CUSTOMERS).get(example_id(FIRST_CUSTOMER)) or {}
    base = customer["base"]
    assert [base[name][0]["id"] for name in ("subscriptions", "educations", "likes", "jobs")] == [
        "newsletter",
        "education-1",
        "like-1",
        "job-1",
    ]
    assert base["contacts"]["email"] == "customer-5000@example.com"
    assert customer["externalId"] == "customer-5000"


def test_the_first_customer_has_a_session_whose_id_is_its_value(state: VendorState) -> None:
    session = state.collection(SESSIONS).get(SESSION) or {}
    assert (session["value"], session["customerId"]) == (SESSION, example_id(FIRST_CUSTOMER))


def test_the_first_customer_has_forty_events_the_newest_first(state: VendorState) -> None:
    rows = state.collection(EVENTS).find("data.customerId", example_id(FIRST_CUSTOMER))
    newest_first = sorted(rows, key=lambda row: row["data"]["date"], reverse=True)
    assert [row["id"] for row in newest_first] == [example_id(FIRST_EVENT + position) for position in range(40)]


def test_every_customer_is_recognised_by_its_address(state: VendorState) -> None:
    found = {match["id"]: match["customerId"] for match in state.collection(MATCHES)}
    assert found == {
        f"{customer['nodeId']}/{customer['base']['contacts']['email'].casefold()}": customer["id"]
        for customer in state.collection(CUSTOMERS)
    }


def test_each_of_the_cast_is_a_customer_once(state: VendorState) -> None:
    strangers = [
        customer
        for customer in state.collection(CUSTOMERS)
        if "customer-" not in (customer["externalId"] or "customer-")
    ]
    assert len({customer["base"]["contacts"]["email"] for customer in strangers}) == 60


def test_a_customer_of_the_first_node_is_in_the_second_too(state: VendorState) -> None:
    addresses = Counter(customer["base"]["contacts"]["email"] for customer in state.collection(CUSTOMERS))
    assert [address for address, count in addresses.items() if count == 2] == ["customer-5000@example.com"]


def test_every_event_keeps_the_schema_of_its_type(state: VendorState) -> None:
    for row in state.collection(EVENTS):
        check_content(state, WORKSPACE, row["data"])


def test_the_update_stream_has_all_start_data(state: VendorState) -> None:
    updates = {update["data"]["id"]: update["data"] for update in state.collection(UPDATES)}
    kept = [*state.collection(CUSTOMERS), *(row["data"] for row in state.collection(EVENTS))]
    assert updates == {entity["id"]: entity for entity in kept}


def test_new_numbers_go_on_after_those_of_the_start(state: VendorState) -> None:
    assert next_number(state, CONSENT_LOGS) == CONSENT_LOG + len(state.collection(CONSENT_LOGS))
    assert next_number(state, CUSTOMERS) > max(customer["intId"] for customer in state.collection(CUSTOMERS))


def test_the_development_client_may_do_everything_everywhere(state: VendorState) -> None:
    caller = oauth(state, token_of(sign_in(state)))
    assert caller is not None
    assert caller.scopes == set(ROLES)
    assert caller.claims["workspaceId"] is None


@pytest.mark.parametrize("role", ROLES)
def test_there_is_a_client_that_has_only_one_role(state: VendorState, role: str) -> None:
    caller = oauth(state, token_of(sign_in(state, role)))
    assert caller is not None
    assert caller.scopes == {role}


@pytest.mark.parametrize(
    ("source_id", "role"), [(SHOP_SYSTEM, "TRUSTED_APPLICATION"), (WEB_SHOP, "UNTRUSTED_APPLICATION")]
)
def test_a_source_s_token_has_the_role_of_its_provider_and_its_nodes(
    state: VendorState, source_id: str, role: str
) -> None:
    caller = oauth(state, source(state, source_id)["token"])
    assert caller is not None
    assert caller.scopes == {role}
    assert caller.claims["nodes"] == source(state, source_id)["nodes"]


def test_a_disabled_source_s_token_is_unknown(state: VendorState) -> None:
    assert oauth(state, source(state, OLD_SHOP_SYSTEM)["token"]) is None


@pytest.mark.parametrize(
    ("workspace_id", "status"), [(WORKSPACE, "ENABLED"), (SUSPENDED, "SUSPENDED"), (DISABLED, "DISABLED")]
)
def test_there_is_a_workspace_of_every_status(state: VendorState, workspace_id: str, status: str) -> None:
    assert (state.collection(WORKSPACES).get(workspace_id) or {})["data"]["status"] == status
