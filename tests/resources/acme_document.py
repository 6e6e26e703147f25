"""Document of a vendor of a user's own: customers with cards, and orders that refer to them."""

from typing import Any

from tests.own_document import TEXT, answer, document, empty, ref, sent

WHOLE = {"type": "integer"}


def in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def listed(name: str) -> dict[str, Any]:
    return answer({"type": "array", "items": ref(name)})


MISSING = {"404": answer(ref("Error"))}
CUSTOMER = {
    "type": "object",
    "required": ["id", "email"],
    "properties": {
        "id": {**TEXT, "pattern": "^cus_[a-z0-9]{6}$"},
        "email": {**TEXT, "format": "email"},
        "name": TEXT,
        "age": {**WHOLE, "minimum": 0},
        "address": {"type": "object", "properties": {"city": TEXT, "zip": TEXT}},
        "created_at": {**TEXT, "format": "date-time"},
    },
}
CARD = {
    "type": "object",
    "required": ["id", "last4"],
    "properties": {"id": TEXT, "last4": {**TEXT, "pattern": "^[0-9]{4}$"}},
}
ORDER = {
    "type": "object",
    "required": ["id", "customer_id"],
    "properties": {"id": TEXT, "customer_id": TEXT, "total": WHOLE},
}


def collection(noun: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": [*parameters],
        "get": {"operationId": f"list{noun}s", "responses": {"200": listed(noun)}},
        "post": {
            "operationId": f"add{noun}",
            "requestBody": sent({"type": "object", "additionalProperties": True}),
            "responses": {"201": answer(ref(noun)), "422": answer(ref("Error"))},
        },
    }


def item(name: str, noun: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": [*parameters, in_path(name)],
        "get": {"operationId": f"get{noun}", "responses": {"200": answer(ref(noun)), **MISSING}},
        "delete": {"operationId": f"delete{noun}", "responses": {"204": empty(), **MISSING}},
    }


def acme() -> dict[str, Any]:
    customer = in_path("id")
    return document(
        {
            "/customers": collection("Customer"),
            "/customers/{id}": item("id", "Customer"),
            "/customers/{id}/cards": collection("Card", customer),
            "/customers/{id}/cards/{card_id}": item("card_id", "Card", customer),
            "/orders": collection("Order"),
            "/orders/{order_id}": item("order_id", "Order"),
        },
        Customer=CUSTOMER,
        Card=CARD,
        Order=ORDER,
    )
