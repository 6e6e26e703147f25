"""Connexion's frame: it reads the specs, resolves each operation and mounts it; a request then runs through one lane.

Connexion's own middlewares are left out: the lane does their work in one pass, and is stricter (design, section 8).
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from understudy.contract.document import Document
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
from understudy.http.vendor_mount import App, MountedVendor, Receive, Scope, Send


class RoutingSpecification(OpenAPISpecification):  # type: ignore[misc] # connexion has no types
    """The part of a document that says what is where. We made it ourselves, so it is not validated at every start."""

    @classmethod
    def _validate_spec(cls, spec: Mapping[str, Any]) -> None:
        """Take it as it is; ``frame.add_api`` would spend a third of the start on it."""


class EndpointResolver(Resolver):  # type: ignore[misc] # connexion has no types
    """Finds an operation's lane by its operationId. It runs several times an operation, so it only looks up."""

    def __init__(self, lanes: Mapping[str, Endpoint]) -> None:
        super().__init__()
        self.endpoints = lanes

    def resolve(self, operation: AbstractOperation) -> Resolution:
        """Return the lane of an operation."""
        return Resolution(self.endpoints[operation.operation_id], operation.operation_id)


class EndpointAPI(AbstractRoutingAPI):  # type: ignore[misc] # connexion has no types
    """Adds each operation that connexion finds in a document to the stage."""

    def __init__(self, specification: Specification, *, stage: Dispatcher, **options: Any) -> None:
        self.stage = stage
        super().__init__(specification, **options)

    def make_operation(self, operation: AbstractOperation) -> Endpoint:
        """Return the lane that the resolver found."""
        lane: Endpoint = operation.function
        return lane

    @staticmethod
    def _framework_path_and_name(operation: AbstractOperation, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(self, method: str, path: str, operation: Endpoint, **_: Any) -> None:
        self.stage.add_route(f"{self.base_path}{path}", method, operation)


class DispatchMiddleware(SpecMiddleware):  # type: ignore[misc] # connexion has no types
    """Sends what a vendor claims through its lane; everything else falls through to the app inside."""

    def __init__(self, app: App, stage: Dispatcher) -> None:
        self.app = app
        self.stage = stage

    def add_api(self, specification: Specification, base_path: str | None = None, **options: Any) -> EndpointAPI:
        """Mount a document; connexion calls this for each one that was added to the frame."""
        wanted = {name: options[name] for name in ("resolver", "uri_parser_class") if name in options}
        return EndpointAPI(specification, stage=self.stage, base_path=base_path, **wanted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http" or not await self.stage.dispatch(scope, receive, send):
            await self.app(scope, receive, send)


def build_asgi_app(rest: App, stage: Dispatcher, vendors: Iterable[MountedVendor]) -> ConnexionMiddleware:
    """Return the ASGI app in which each vendor's operations are mounted and ``rest`` has what none of them claims."""
    frame = ConnexionMiddleware(rest, middlewares=[partial(DispatchMiddleware, stage=stage)])
    for each in vendors:
        specification = RoutingSpecification(routing_document(each.document))
        frame.apis.append(API(specification, base_path=each.base_path, resolver=EndpointResolver(each.endpoints)))
    return frame


def as_asgi(pages: Any) -> App:
    """Return a WSGI app as an ASGI one."""
    return cast("App", WSGIMiddleware(pages))


def routing_document(document: Document) -> dict[str, Any]:
    """Return the part of a document that connexion needs to resolve and mount its operations.

    Handing it the schemas as well would cost a copy and a pure-Python validation of each at every start; the lane
    compiles those from the whole document.
    """
    paths: dict[str, dict[str, Any]] = {}
    for method, path, node, _ in document.operations():
        paths.setdefault(path, {})[method] = {
            "operationId": node["operationId"],
            "responses": {"default": {"description": "see the spec"}},
        }
    return {"openapi": "3.0.3", "info": {"title": document.name, "version": "1"}, "paths": paths}


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
