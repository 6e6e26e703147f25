"""Service that keeps to its document, but for the ways in which it is set to be off."""

import gzip
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: https://api.example.com/v1}]
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: list_orders
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 10}}
      responses:
        "200":
          description: Orders.
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
        "401": {$ref: "#/components/responses/Refused"}
        "400": {$ref: "#/components/responses/Refused"}
    post:
      operationId: create_order
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}
      responses:
        "202": {description: Queued., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "400": {$ref: "#/components/responses/Refused"}
        "401": {$ref: "#/components/responses/Refused"}
        "409": {$ref: "#/components/responses/Refused"}
  /orders/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_order
      responses:
        "200": {description: Order., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "401": {$ref: "#/components/responses/Refused"}
        "404": {$ref: "#/components/responses/Refused"}
    delete:
      operationId: delete_order
      responses:
        "204": {description: Gone.}
        "401": {$ref: "#/components/responses/Refused"}
        "404": {$ref: "#/components/responses/Refused"}
  /orders/{orderId}/payment:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]
    put:
      operationId: pay_order
      x-provenance: {path: inferred}
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [amount], properties: {amount: {type: number}, currency: {type: string}}}
      responses:
        "200":
          description: Paid.
          content:
            application/json:
              schema: {type: object, required: [paid], properties: {paid: {type: boolean}, amount: {type: number}}}
        "401": {$ref: "#/components/responses/Refused"}
        "404": {$ref: "#/components/responses/Refused"}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  responses:
    Refused: {description: Refused., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}}}
    NewOrder:
      type: object
      required: [item]
      properties:
        item: {type: string}
        quantity: {type: integer, minimum: 1}
        note: {type: [string, integer]}
        buyer: {type: object, properties: {name: {type: string}}}
    Order:
      type: object
      required: [id, item, status, created]
      properties:
        id: {type: string}
        item: {type: string}
        quantity: {type: integer, minimum: 1}
        note: {type: [string, integer]}
        status: {enum: [open, paid]}
        created: {type: string, format: date-time}
        buyer: {type: object, properties: {name: {type: string}}}
"""

KEY = "key-of-the-client"
ORDER = re.compile(r"/v1/orders/([^/?]+)(/[a-z]+)?")


class Service:
    """Service with its orders, and the ways in which it is off."""

    def __init__(self, drifts: frozenset[str]) -> None:
        self.drifts = drifts
        self.orders: dict[str, dict[str, Any]] = {}
        self.numbers = count(1)
        self.url = ""

    def is_off(self, drift: str) -> bool:
        return drift in self.drifts

    def new_order(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        order = {"id": f"ord-{next(self.numbers):04}-live", "item": "?", "quantity": 1, **sent, "status": "open"}
        order["created"] = "2026-11-28T10:00:00Z"
        self.orders[order["id"]] = order
        return order

    def shown(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return an order as it is sent."""
        found = dict(order)
        if self.is_off("field") or self.is_off("compressed field"):
            found["vip"] = True
        if self.is_off("nested field"):
            found["buyer"] = {"name": "Ada", "segment": "gold"}
        if self.is_off("missing field"):
            del found["item"]
        if self.is_off("type"):
            found["quantity"] = str(found["quantity"])
        if self.is_off("format"):
            found["created"] = "28/11/2026"
        if self.is_off("enumeration"):
            found["status"] = "shipped"
        if self.is_off("other type") and "note" in found:
            found["note"] = 5
        if self.is_off("unsent field"):
            del found["buyer"]
        return found


class Handler(BaseHTTPRequestHandler):
    """Answers of the service."""

    protocol_version = "HTTP/1.1"
    service: Service

    def log_message(self, *_: Any) -> None: ...

    def answer(self, status: int, value: Any = None, **headers: str) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        media = "application/json"
        if self.service.is_off("media type"):
            media = "text/csv"
        if self.service.is_off("malformed"):
            body = body[:-1]
        if self.service.is_off("compressed field") and body:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        self.send_response(status)
        if body:
            self.send_header("Content-Type", media)
        if status != 204:
            extra = 10 if self.service.is_off("length") else 0
            self.send_header("Content-Length", str(len(body) + extra))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)
        if self.service.is_off("length"):
            self.close_connection = True

    def refuse(self, status: int, why: str) -> None:
        self.answer(status, {"message": why})

    def body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"null")

    def dispatch(self) -> None:
        sent, service = self.body(), self.service
        if self.headers.get("X-Key") != KEY and not service.is_off("credentials"):
            self.refuse(401, "no key")
        elif self.path.partition("?")[0] == "/v1/orders":
            self.orders(sent)
        elif self.path == "/v1/stock" and service.is_off("path"):
            self.answer(200, {"left": 3})
        elif (found := ORDER.fullmatch(self.path)) is not None:
            self.order(found[1], found[2] or "", sent)
        else:
            self.refuse(404, "no such path")

    def orders(self, sent: Any) -> None:
        service = self.service
        if self.command == "GET" and service.is_off("unchanged"):
            self.answer(304)
        elif self.command == "GET":
            total = {} if service.is_off("header") else {"X-Total": str(len(service.orders))}
            total = {"X-Total": "many"} if service.is_off("header type") else total
            shown = [service.shown(each) for each in service.orders.values()]
            self.answer(203 if service.is_off("status") else 200, shown, **total)
        elif self.command == "POST":
            is_valid = isinstance(sent, dict) and isinstance(sent.get("item"), str)
            if not is_valid and not service.is_off("leniency"):
                self.refuse(400, "an order has an item")
                return
            made = service.new_order(sent if is_valid else {})
            self.answer(202 if service.is_off("other status") else 201, service.shown(made))
        else:
            self.refuse(405, "no")

    def order(self, name: str, below: str, sent: Any) -> None:
        service = self.service
        place = "/settlement" if service.is_off("moved path") else "/payment"
        order = service.orders.get(name)
        if order is None:
            self.refuse(404, "no such order")
        elif below == place and self.command == "PUT":
            order["status"] = "paid"
            self.answer(200, {"paid": True, "amount": sent["amount"]})
        elif below:
            self.refuse(404, "no such path")
        elif self.command == "GET":
            self.answer(200, service.shown(order))
        elif self.command == "DELETE":
            del service.orders[name]
            self.answer(204)
        elif self.command == "PATCH" and service.is_off("method"):
            self.answer(200, service.shown(order | sent))
        else:
            self.refuse(405, "no")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = dispatch  # noqa: N815 - named by the library


@contextmanager
def drifting_service(*drifts: str) -> Iterator[Service]:
    """Yield a running service that is off in these ways."""
    service = Service(frozenset(drifts))
    handler = type("DriftingHandler", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
