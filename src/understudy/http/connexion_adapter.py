"""Adapter to connexion, which reads the specs, resolves each operation to its endpoint and mounts it.

Connexion's own middlewares are left out: the endpoint does their work in one pass, with stricter checks.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, cast

import orjson
from a2wsgi import WSGIMiddleware

from understudy.contract.document import METHODS, Document
from understudy.core.refused import plain_reply
from understudy.http.connexion_imports import (
    API,
    AbstractOperation,
    AbstractRoutingAPI,
    ConnexionMiddleware,
    OpenAPISpecification,
    Resolution,
    Resolver,
    Specification,
    SpecMiddleware,
)
from understudy.http.dispatcher import Dispatcher
from understudy.http.endpoint import Endpoint
from understudy.http.head_limits import REFUSED_HEAD, head_refusal
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.responses import RawResponse, base_headers, build_headers, send_body, send_head
from understudy.http.vendor_mount import App, Receive, Scope, Send

NO_PAGES = (
    b"no vendor and no operation of the control API is at %s; the pages of Understudy are served on asyncio only\n"
)

LOOP = "understudy.loop"
"""Key of a scope: the event loop that serves the request, for the pages, which run in threads."""

NOT_ASCII = re.compile(rb"[\x80-\xff]")


class RoutingSpecification(OpenAPISpecification):  # type: ignore[misc] # connexion has no types
    """Paths and operationIds of a document, as ``routing_document`` returns them: not validated at every start."""

    @classmethod
    def _validate_spec(cls, spec: Mapping[str, Any]) -> None:
        """Skip the validation, which would take a third of the start-up time."""


class EndpointResolver(Resolver):  # type: ignore[misc] # connexion has no types
    """Resolver of operationIds to endpoints: a look-up, because it runs several times an operation."""

    def __init__(self, endpoints: Mapping[str, Endpoint]) -> None:
        super().__init__()
        self.endpoints = endpoints

    def resolve(self, operation: AbstractOperation) -> Resolution:
        """Return the endpoint of an operation."""
        return Resolution(self.endpoints[operation.operation_id], operation.operation_id)


class EndpointAPI(AbstractRoutingAPI):  # type: ignore[misc] # connexion has no types
    """API of connexion that adds each operation of a document to the dispatcher."""

    def __init__(self, specification: Specification, *, dispatcher: Dispatcher, **options: Any) -> None:
        self.dispatcher = dispatcher
        super().__init__(specification, **options)

    def make_operation(self, operation: AbstractOperation) -> Endpoint:
        """Return the endpoint that the resolver found."""
        endpoint: Endpoint = operation.function
        return endpoint

    @staticmethod
    def _framework_path_and_name(operation: AbstractOperation, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(self, method: str, path: str, operation: Endpoint, **_: Any) -> None:
        self.dispatcher.add_route(f"{self.base_path}{path}", method, operation)


class DispatchMiddleware(SpecMiddleware):  # type: ignore[misc] # connexion has no types
    """Middleware that dispatches requests to vendors, and passes the others to the inner app."""

    def __init__(self, app: App, dispatcher: Dispatcher) -> None:
        self.app = app
        self.dispatcher = dispatcher

    def add_api(self, specification: Specification, base_path: str | None = None, **options: Any) -> EndpointAPI:
        """Mount a document; connexion calls this for each API that was added to the app."""
        wanted = {name: options[name] for name in ("resolver", "uri_parser_class") if name in options}
        return EndpointAPI(specification, dispatcher=self.dispatcher, base_path=base_path, **wanted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request, or to the server's lifespan events."""
        if scope["type"] == "lifespan":
            await _serve_lifespan(receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not await self.dispatcher.dispatch(scope, receive, send):
            await self.app(scope, receive, self.dispatcher.watch(scope, send))


def build_asgi_app(rest: App, dispatcher: Dispatcher, vendors: Iterable[MountedVendor]) -> ConnexionMiddleware:
    """Return an ASGI app with the operations of the vendors, and ``rest`` for all other requests."""
    app = ConnexionMiddleware(rest, middlewares=[partial(DispatchMiddleware, dispatcher=dispatcher)])
    for each in vendors:
        specification = RoutingSpecification(routing_document(each.document))
        for method, path, node, _ in each.document.operations():
            if method not in METHODS:  # those that OpenAPI 3.2 adds, which connexion leaves out
                dispatcher.add_route(f"{each.base_path}{path}", method, each.endpoints[node["operationId"]])
        app.apis.append(API(specification, base_path=each.base_path, resolver=EndpointResolver(each.endpoints)))
    return app


def as_asgi(pages: Any) -> App:
    """Return a WSGI app as an ASGI one. It runs on asyncio; on another event loop it answers 404 with the reason."""
    app = cast("App", WSGIMiddleware(pages))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if REFUSED_HEAD in scope:
            reply = plain_reply(head_refusal(scope[REFUSED_HEAD]))
            await _respond(send, scope["method"], reply.status, str(reply.media_type), orjson.dumps(reply.body))
        elif _is_on_asyncio():
            scope[LOOP] = asyncio.get_running_loop()
            scope["query_string"] = NOT_ASCII.sub(_percent_encoded, scope["query_string"])
            await app(scope, receive, send)
        else:
            await _respond(send, scope["method"], 404, "text/plain; charset=utf-8", NO_PAGES % scope["path"].encode())

    return serve


def _percent_encoded(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]


def _is_on_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _respond(send: Send, method: str, status: int, media_type: str, body: bytes) -> None:
    response = RawResponse(status, build_headers(base_headers("behaviour", media_type), body), body)
    await send_head(send, response)
    await send_body(send, response, method)


def routing_document(document: Document) -> dict[str, Any]:
    """Return the part of a document that connexion needs to resolve and mount its operations.

    Schemas are left out: connexion would copy and validate each in Python at every start, and the endpoint compiles
    them from the whole document.
    """
    paths: dict[str, dict[str, Any]] = {}
    for method, path, node, _ in document.operations():
        paths.setdefault(path, {})[method] = {
            "operationId": node["operationId"],
            "responses": {"default": {"description": "see the spec"}},
        }
    return {"openapi": "3.0.3", "info": {"title": document.name, "version": "1"}, "paths": paths}


async def _serve_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
