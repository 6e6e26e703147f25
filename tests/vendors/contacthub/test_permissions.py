"""Permissions: tokens by role, nodes of users, addresses of sources, and the header that replaces a method."""

from typing import Any

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import AGGREGATE, CUSTOMER, ELSEWHERE, ID, NODE, OTHER_NODE
from understudy.app import Understudy
from understudy.core.json_types import Json
from understudy.vendors.contacthub.security import ROLES
from understudy.vendors.contacthub.start_data.fixed_ids import FIRST_USER

SHOP = f"{ID}0301"
SOURCE = f"/configuration/sources/{SHOP}"
CHANGE = {"base": {"firstName": "Ada"}}
LOGIN = {"customerId": CUSTOMER, "type": "loggedIn", "context": "WEB", "properties": {}}


def permit(api: Api, **permissions: str) -> None:
    """Give the user of the role USER these permissions by node."""
    nodes = [{"id": node_id, "permission": permission} for node_id, permission in permissions.items()]
    answer = api.send("PUT", f"/configuration/users/{FIRST_USER}", {"nodes": nodes})
    assert answer.status == 200, answer.body


def test_the_credentials_have_a_token_of_each_role(understudy: Understudy) -> None:
    printed = understudy.credentials("http://127.0.0.1")["contacthub"]

    assert [name for name in printed if name.endswith("_token")] == [f"{role.lower()}_token" for role in ROLES]
    assert len({printed[f"{role.lower()}_token"] for role in ROLES}) == len(ROLES)


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("clab_operator", (200, 200, 202)),
        ("admin", (200, 200, 202)),
        ("user", (200, 200, 202)),
        ("guest", (403, 403, 403)),
        ("trusted_application", (200, 200, 202)),
        ("untrusted_application", (403, 200, 202)),
        ("platform_updates", (403, 403, 403)),
        ("dpo", (403, 403, 403)),
    ],
)
def test_a_printed_token_may_do_what_its_role_may(
    api: Api, understudy: Understudy, role: str, statuses: tuple[int, ...]
) -> None:
    token = understudy.credentials("http://127.0.0.1")["contacthub"][f"{role}_token"]

    got = (
        api.send("GET", f"/customers/{CUSTOMER}", token=token).status,
        api.send("PATCH", f"/customers/{CUSTOMER}", CHANGE, token=token).status,
        api.send("POST", "/events", LOGIN, token=token).status,
    )

    assert got == statuses


@pytest.mark.parametrize(("permission", "reads", "writes"), [("R", 200, 403), ("RW", 200, 200)])
def test_a_users_permission_on_a_node_decides(api: Api, permission: str, reads: int, writes: int) -> None:
    permit(api, **{NODE: permission})

    assert api.send("GET", f"/customers/{CUSTOMER}", role="USER").status == reads
    assert api.send("GET", f"/customers?nodeId={NODE}", role="USER").status == reads
    assert api.send("PATCH", f"/customers/{CUSTOMER}", CHANGE, role="USER").status == writes


def test_a_user_without_a_node_has_no_access_to_it(api: Api) -> None:
    permit(api, **{OTHER_NODE: "RW"})

    assert api.send("GET", f"/customers/{CUSTOMER}", role="USER").status == 403
    assert api.send("GET", f"/customers?nodeId={NODE}", role="USER").status == 403
    assert api.send("GET", f"/stats/customers/count?nodeId={NODE}", role="USER").status == 403
    assert api.send("PATCH", f"/customers/{ELSEWHERE}", CHANGE, role="USER").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/customers", {"nodeId": NODE, "base": {"contacts": {"email": "new@example.com"}}}),
        ("PATCH", f"/customers/{CUSTOMER}", CHANGE),
        ("PUT", f"/customers/{CUSTOMER}", {"nodeId": NODE, "base": {"contacts": {"email": "new@example.com"}}}),
        ("DELETE", f"/customers/{CUSTOMER}", None),
        ("POST", f"/customers/{CUSTOMER}/sessions", {"value": "a-session"}),
        ("POST", f"/customers/{CUSTOMER}/likes", {"id": "tea", "name": "Tea"}),
        ("POST", "/events", LOGIN),
        (
            "POST",
            "/events",
            {**LOGIN, "customerId": None, "bringBackProperties": {"type": "SESSION_ID", "value": "s", "nodeId": NODE}},
        ),
        ("PATCH", f"/events/{ID}7000", {"properties": {}}),
        ("DELETE", f"/events/{ID}7000", None),
        ("DELETE", f"/customers/{CUSTOMER}/forget", None),
    ],
)
def test_a_user_who_may_read_only_writes_nothing(api: Api, method: str, path: str, body: Json | None) -> None:
    permit(api, **{NODE: "R"})

    assert api.send(method, path, body, role="USER").status == 403


def test_lists_without_a_node_show_the_nodes_of_the_user(api: Api) -> None:
    permit(api, **{OTHER_NODE: "R"})
    api.send("PATCH", f"/customers/{CUSTOMER}", CHANGE)

    events = api.read("/events?size=50", role="USER")["elements"]
    updates = api.read("/updates?size=4000", role="USER")["updates"]

    assert CUSTOMER not in [event["customerId"] for event in events]
    assert {each["entity"]["data"]["nodeId"] for each in updates if each["entity"]["type"] == "CUSTOMER"} == {
        OTHER_NODE
    }


def test_an_aggregate_node_is_a_node_of_its_own(api: Api) -> None:
    permit(api, **{NODE: "RW"})
    assert api.send("GET", f"/customers?nodeId={AGGREGATE}", role="USER").status == 403

    permit(api, **{AGGREGATE: "R"})
    assert api.send("GET", f"/customers?nodeId={AGGREGATE}", role="USER").status == 200


def test_administrators_and_the_vendors_staff_use_every_node(api: Api) -> None:
    permit(api, **{OTHER_NODE: "R"})

    assert api.send("PATCH", f"/customers/{CUSTOMER}", CHANGE, role="ADMIN").status == 200
    assert api.send("PATCH", f"/customers/{CUSTOMER}", CHANGE, role="CLAB_OPERATOR").status == 200


def allow(api: Api, addresses: Any) -> None:
    source = api.read(SOURCE) | {"properties": {"allowedIPs": addresses}}
    answer = api.send("PUT", SOURCE, source)
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (["192.0.2.7"], 200),
        (["192.0.2.8"], 403),
        (["192.0.2.8", "192.0.2.7"], 200),
        ("192.0.2.7", 200),
        ("192.0.2.8, 192.0.2.7", 200),
        ("192.0.2.0/24", 200),
        ("192.0.2.8", 403),
        (None, 200),
        ([], 200),
        ("", 200),
    ],
)
def test_a_source_is_refused_at_an_address_that_it_does_not_allow(api: Api, addresses: Any, status: int) -> None:
    allow(api, addresses)

    answer = api.send("GET", f"/customers/{CUSTOMER}", role="TRUSTED_APPLICATION", client="192.0.2.7")

    assert answer.status == status


def test_the_addresses_of_a_source_are_for_its_own_token(api: Api) -> None:
    allow(api, ["192.0.2.8"])

    assert api.send("GET", f"/customers/{CUSTOMER}", client="192.0.2.7").status == 200
    assert api.send("GET", f"/customers/{CUSTOMER}", role="ADMIN", client="192.0.2.7").status == 200


def test_addresses_that_are_none_are_refused(api: Api) -> None:
    source = api.read(SOURCE)

    assert api.places("PUT", SOURCE, source | {"properties": {"allowedIPs": "the office"}}) == [
        "/properties/allowedIPs"
    ]
    assert api.places("PUT", SOURCE, source | {"properties": {"allowedIPs": ["1.2.3.400"]}}) == [
        "/properties/allowedIPs/0"
    ]


@pytest.mark.parametrize("name", ["PATCH", "patch", " PATCH "])
def test_a_post_is_the_method_that_its_header_names(api: Api, name: str) -> None:
    answer = api.send("POST", f"/customers/{CUSTOMER}", CHANGE, X_HTTP_Method_Override=name)

    assert (answer.status, answer.json["base"]["firstName"]) == (200, "Ada")


def test_a_post_with_delete_in_its_header_deletes(api: Api) -> None:
    assert api.send("POST", f"/customers/{CUSTOMER}", X_HTTP_Method_Override="DELETE").status == 200
    assert api.send("GET", f"/customers/{CUSTOMER}").status == 404


def test_the_header_names_a_method_that_the_path_takes(api: Api) -> None:
    answer = api.send("POST", f"/customers/{CUSTOMER}", CHANGE, X_HTTP_Method_Override="MERGE")

    assert (answer.status, answer.json["message"]) == (405, "Request method 'MERGE' not supported")


@pytest.mark.parametrize("name", ["GET", "HEAD"])
def test_a_post_that_reads_is_answered_with_a_body(api: Api, name: str) -> None:
    answer = api.send("POST", f"/customers/{CUSTOMER}", X_HTTP_Method_Override=name)

    assert (answer.status, answer.json["id"]) == (200, CUSTOMER)


def test_only_a_post_is_replaced(api: Api) -> None:
    assert api.send("GET", f"/customers/{CUSTOMER}", X_HTTP_Method_Override="DELETE").status == 200
    assert api.send("GET", f"/customers/{CUSTOMER}").status == 200


def test_an_administrator_who_leaves_indexed_out_changes_nothing(api: Api) -> None:
    path = "/configuration/properties/extended"
    definitions = api.read(path)
    assert definitions["loyaltyLevel"]["contactlabProperties"]["indexed"] is True
    del definitions["loyaltyLevel"]["contactlabProperties"]["indexed"]

    answer = api.send("PUT", path, definitions, role="ADMIN")

    assert (answer.status, answer.json["loyaltyLevel"]["contactlabProperties"]["indexed"]) == (200, True)
    assert api.read(path)["loyaltyLevel"]["contactlabProperties"]["indexed"] is True


def test_an_administrator_changes_no_index(api: Api) -> None:
    path = "/configuration/properties/extended"
    definitions = api.read(path)
    definitions["loyaltyLevel"]["contactlabProperties"]["indexed"] = False

    assert api.send("PUT", path, definitions, role="ADMIN").status == 403
    assert api.send("PUT", path, definitions, role="CLAB_OPERATOR").status == 200


def test_a_guest_reads_the_nodes_of_its_user(api: Api) -> None:
    assert api.send("GET", f"/customers/{ELSEWHERE}", role="GUEST").status == 200
