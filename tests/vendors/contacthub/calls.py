"""Helpers that call the operations on customers, as a client of the first workspace."""

from typing import Any

import orjson

from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.customers import (
    create_customer,
    get_customer,
    patch_customer,
    update_customer,
)
from understudy.vendors.contacthub.tables import NODES

Json = dict[str, Any]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, SUSPENDED, DISABLED, THROTTLED = f"{ID}0001", f"{ID}0002", f"{ID}0003", f"{ID}0004"
NO_ONE = f"{ID}ffff"
NODE, OTHER_NODE, AGGREGATE = f"{ID}0101", f"{ID}0102", f"{ID}0201"
CUSTOMER, SECOND, ELSEWHERE = f"{ID}5000", f"{ID}5001", f"{ID}6000"
SESSION = f"{ID}8000"
SOURCE = f"{ID}0301"
CLIENT = Caller("client", claims={"workspaceId": WORKSPACE, "sourceId": SOURCE})
STRANGER = Caller("stranger", claims={"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]})


def sent(email: str = "new@example.com", *, node: str = NODE, **base: Any) -> Json:
    """Return a request body for a customer with this e-mail address."""
    return {"nodeId": node, "base": {"contacts": {"email": email}, **base}}


def value_of(reply: Reply) -> Any:
    """Return the body of a reply; if the reply is JSON text, parse it."""
    return reply.body if reply.text is None else orjson.loads(reply.text)


def create(state: VendorState, body: Json, session: str | None = None) -> Json:
    reply = create_customer(state, WORKSPACE, body, CLIENT, session)
    assert reply.status == 201
    assert value_of(reply) == reply.body
    return dict(reply.body)


def patch(state: VendorState, body: Json, customer: str = CUSTOMER, mode: str | None = None) -> Json:
    return dict(patch_customer(state, WORKSPACE, customer, body, CLIENT, mode=mode).body)


def put(state: VendorState, body: Json, customer: str = CUSTOMER, mode: str | None = None) -> Json:
    return dict(update_customer(state, WORKSPACE, customer, body, CLIENT, mode=mode).body)


def read(state: VendorState, customer: str = CUSTOMER) -> Json:
    return dict(value_of(get_customer(state, WORKSPACE, customer, CLIENT)))


def configure(state: VendorState, node_id: str = NODE, **data: Any) -> None:
    """Change the configuration of a node."""
    nodes = state.collection(NODES)
    node = nodes.get(node_id)
    assert node is not None
    nodes.put({**node, "data": {**node["data"], **data}})
