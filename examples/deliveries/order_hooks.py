"""Receiver of a shop's webhooks: checks their signature, and takes each order once."""

import hmac
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

from flask import Flask, Response, request


def create_app(secret: str) -> Flask:
    """Return the application; its orders are in ``app.config["ORDERS"]``, by the id of the delivery."""
    app = Flask(__name__)
    app.config.update(ORDERS={}, IS_DOWN=False)

    @app.post("/hooks/orders")
    def take_order() -> Response:
        if app.config["IS_DOWN"]:
            return Response(status=503)
        if not is_signed(request.headers, request.get_data(), secret):
            return Response(status=401)
        app.config["ORDERS"].setdefault(request.headers["webhook-id"], request.get_json()["data"])
        return Response(status=204)

    return app


def is_signed(headers: Any, body: bytes, secret: str) -> bool:
    """Return whether a request is signed as Standard Webhooks says; how old it may be is left to the caller."""
    signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
    digest = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
    expected = f"v1,{b64encode(digest).decode()}"
    return any(hmac.compare_digest(expected, each) for each in headers.get("webhook-signature", "").split())
