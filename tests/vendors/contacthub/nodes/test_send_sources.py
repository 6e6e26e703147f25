from typing import Any

import pytest

from tests.vendors.contacthub.calls import CLIENT, NO_ONE, NODE, OTHER_NODE, SUSPENDED, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.send_sources import (
    get_node_send_source,
    get_userdb_send_source,
    list_group_send_sources,
    list_send_source_fields,
    list_send_source_subscriptions,
    list_send_sources,
)
from understudy.vendors.contacthub.operations.sources import create_source, get_source
from understudy.vendors.contacthub.start_data.fixed_ids import NEWSLETTER, PRINTED_NODE

STAFF = Caller("staff")


def served(reply: Any) -> list[str]:
    return [connection["nodeId"] for connection in reply.body["elements"]]


def connect(state: VendorState, node_id: str, userdb: int, **properties: Any) -> None:
    """Connect a node to another user database of group 42."""
    database = {"userdbId": userdb, "groupPk": 42, **properties}
    create_source(state, WORKSPACE, {"provider": "CONTACTSEND", "nodes": [node_id], "properties": database}, CLIENT)


def test_a_connection_names_workspace_node_and_source(state: VendorState) -> None:
    connection = get_node_send_source(state, WORKSPACE, NODE, CLIENT).body
    assert connection.pop("contactSendSource") == get_source(state, WORKSPACE, NEWSLETTER, CLIENT).body
    assert connection == {
        "portfolio": 41,
        "id": WORKSPACE,
        "name": "Understudy",
        "industry": "ECOMMERCE",
        "workspaceStatus": "ENABLED",
        "nodeId": NODE,
        "nodeName": "Shop",
        "nodeType": "ENTRY",
    }


def test_a_node_without_a_connection_has_none_to_show(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^send source not found for node {OTHER_NODE}$") as refused:
        get_node_send_source(state, WORKSPACE, OTHER_NODE, CLIENT)
    assert refused.value.status == 404


def test_an_unknown_node_has_no_connection(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NO_ONE}$"):
        get_node_send_source(state, WORKSPACE, NO_ONE, CLIENT)


def test_a_connection_is_found_by_its_user_database(state: VendorState) -> None:
    connect(state, OTHER_NODE, 4102)
    assert get_userdb_send_source(state, "42", "4102", STAFF).body["nodeId"] == OTHER_NODE


@pytest.mark.parametrize(("group", "userdb"), [("42", "4101"), ("41", "4102"), ("forty-one", "4101"), ("41", "x")])
def test_a_user_database_is_unknown_outside_its_group(state: VendorState, group: str, userdb: str) -> None:
    with pytest.raises(Refused, match=f"^send source not found {userdb}$"):
        get_userdb_send_source(state, group, userdb, STAFF)


def test_a_groups_connections_are_listed(state: VendorState) -> None:
    connect(state, OTHER_NODE, 4102)
    assert served(list_group_send_sources(state, "42", STAFF)) == [OTHER_NODE]


def test_an_unknown_group_has_no_connections(state: VendorState) -> None:
    assert list_group_send_sources(state, "999999", STAFF).body == {"elements": []}


def test_every_node_with_a_connection_is_listed(state: VendorState) -> None:
    connect(state, OTHER_NODE, 4102)
    assert served(list_send_sources(state, STAFF)) == [NODE, PRINTED_NODE, OTHER_NODE]


@pytest.mark.parametrize("claims", [{"workspaceId": SUSPENDED}, {"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]}])
def test_a_token_gets_only_the_connections_of_its_nodes(state: VendorState, claims: dict[str, Any]) -> None:
    assert served(list_send_sources(state, Caller("tester", claims=claims))) == []


def test_a_user_database_has_the_subscriptions_that_are_mapped(state: VendorState) -> None:
    subscriptions = list_send_source_subscriptions(state, WORKSPACE, "4101", None, CLIENT).body["elements"]
    assert subscriptions == [{"id": 1, "name": "NEWSLETTER", "registrationField": "NEWSLETTER_DATE"}]


def test_a_user_database_has_the_columns_that_are_mapped(state: VendorState) -> None:
    assert list_send_source_fields(state, WORKSPACE, "4101", 41, CLIENT).body["elements"] == [
        {"name": "EMAIL", "type": "string"},
        {"name": "NEWSLETTER_DATE", "type": "date"},
    ]


def test_a_user_database_of_which_nothing_is_mapped_shows_nothing(state: VendorState) -> None:
    connect(state, OTHER_NODE, 4102)
    assert list_send_source_fields(state, WORKSPACE, "4102", None, CLIENT).body == {"elements": []}


@pytest.mark.parametrize(("userdb", "group"), [("999999", None), ("4101", 42)])
def test_an_unknown_user_database_has_no_subscriptions(state: VendorState, userdb: str, group: int | None) -> None:
    with pytest.raises(Refused, match=f"^send source not found {userdb}$"):
        list_send_source_subscriptions(state, WORKSPACE, userdb, group, CLIENT)
