"""A shop whose document declares callbacks and webhooks, with what it has sent."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, sent, serve
from understudy.core.json_types import Json

TIME = {"type": "string", "format": "date-time"}
ORDER = {
    "type": "object",
    "required": ["id", "item"],
    "properties": {
        "id": TEXT,
        "item": {"type": "string", "minLength": 2},
        "status": {"enum": ["open", "canceled"]},
        "callbackUrl": TEXT,
    },
}
EVENT = {
    "type": "object",
    "required": ["event", "data", "created"],
    "properties": {
        "event": TEXT,
        "created": TIME,
        "data": {"type": "object", "required": ["object"], "properties": {"object": ref("Order")}},
    },
}
UNKNOWN = {"404": {"description": ""}}
ID = [{"name": "id", "in": "path", "required": True, "schema": TEXT}]


def post(schema: Mapping[str, Any] | None, **others: Any) -> dict[str, Any]:
    """Return a path item with one request."""
    body = {} if schema is None else {"requestBody": sent(schema)}
    return {"post": {**body, "responses": {"200": {"description": ""}}, **others}}


def shop(*, callbacks: Any = None, webhooks: Any = None, **operations: Any) -> dict[str, Any]:
    """Return the document; ``operations`` are members of ``createOrder``."""
    create = {
        "operationId": "createOrder",
        "requestBody": sent({"type": "object"}),
        "responses": {"201": answer(ref("Order"), Location=TEXT), "default": answer(ref("Error"))},
        **({} if callbacks is None else {"callbacks": callbacks}),
        **operations,
    }
    change = {"operationId": "changeOrder", "requestBody": sent({"type": "object"})}
    paths = {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "responses": {"200": answer({"type": "array", "items": ref("Order")})},
            },
            "post": create,
        },
        "/orders/{id}": {
            "parameters": ID,
            "get": {"operationId": "getOrder", "responses": {"200": answer(ref("Order")), **UNKNOWN}},
            "patch": {**change, "responses": {"200": answer(ref("Order")), **UNKNOWN}},
            "delete": {"operationId": "deleteOrder", "responses": {"204": empty(), **UNKNOWN}},
        },
        "/orders/{id}/cancel": {
            "parameters": ID,
            "post": {"operationId": "cancelOrder", "responses": {"200": answer(ref("Order")), **UNKNOWN}},
        },
        "/ping": {"post": {"operationId": "ping", "responses": {"204": empty()}}},
    }
    raw = document(paths, Order=ORDER, Event=EVENT)
    return {**raw, "openapi": "3.1.0"} if webhooks is None else {**raw, "openapi": "3.1.0", "webhooks": webhooks}


class SendingShop:
    """Server of such a document."""

    def __init__(self, folder: Path, raw: Mapping[str, Any], **settings: Any) -> None:
        self.own: OwnDocument = serve(folder, raw, **settings)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.own.call(method, path, body, **headers)

    def create(self, **members: Any) -> str:
        reply = self.call("POST", "/orders", {"item": "cup", **members})
        assert reply.status == 201, reply.body
        return str(reply.json["id"])

    @property
    def messages(self) -> list[Json]:
        """Messages that the shop has sent."""
        return [*self.own.app.worlds.get_or_create().vendors["shop"].outbox]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Destination and operation of each message."""
        return [(each["destination"], each["operation"]) for each in self.messages]
