"""Servers that are compared, each a process of its own: ``python -m benchmarks.contenders NAME --port N``.

The understudy is the real ``understudy serve``. Connexion's two apps mount the same spec and call the same functions
in a world of the same kind; the bare app sends fixed bytes and checks nothing.
"""

import gc
import inspect
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import click
import uvicorn
from connexion import AsyncApp, FlaskApp, request
from connexion.operations import AbstractOperation
from connexion.resolver import Resolution, Resolver
from connexion.security import ApiKeySecurityHandler, BearerSecurityHandler

from benchmarks.pairs import PAIRS, Pair, create_with_invalid
from understudy.contract.compiled_operations import Operation
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.http.mounted_vendor import MountedVendor
from understudy.serving import listen, run
from understudy.settings import Settings
from understudy.state.vendor_state import VendorState

App = Callable[[Any, Any, Any], Awaitable[None]]
Handler = Callable[..., Any]


class VendorCheck:
    """Mixin for connexion's security handlers that makes them use the vendor's credential check."""

    def __init__(self, check: Callable[[str], Caller | None]) -> None:
        self._check_credential = check

    def _resolve_func(self, _security_scheme: Any) -> Handler:
        def info(credential: str) -> dict[str, Any] | None:
            caller = self._check_credential(credential)
            return None if caller is None else {"sub": caller.name, "caller": caller}

        return info


class KeyCheck(VendorCheck, ApiKeySecurityHandler):  # type: ignore[misc] # connexion has no types
    """Connexion's own check of an API key."""


class BearerCheck(VendorCheck, BearerSecurityHandler):  # type: ignore[misc] # connexion has no types
    """Connexion's own check of a token."""


CHECKS = {"apiKey": KeyCheck, "bearer": BearerCheck}
"""Security handlers by connexion's name of a scheme: its type, or the scheme of HTTP authentication."""


class VendorResolver(Resolver):  # type: ignore[misc] # connexion has no types
    """Resolver that gives connexion the vendor's handler of an operation, adapted to connexion's results."""

    def __init__(self, served: MountedVendor, state: VendorState, *, is_async: bool) -> None:
        super().__init__()
        self._handlers = {each.id: _handler(served, state, each, is_async=is_async) for each in served.operations}

    def resolve(self, operation: AbstractOperation) -> Resolution:
        """Return the handler of an operation."""
        return Resolution(self._handlers[operation.operation_id], operation.operation_id)


def _handler(served: MountedVendor, state: VendorState, operation: Operation, *, is_async: bool) -> Handler:
    handler, render = served.vendor.operations[operation.id], served.vendor.render
    wanted = inspect.signature(handler).parameters
    from_headers = {each.argument: each.name for each in operation.parameters if each.where == "header"}
    types = {int(status): {"Content-Type": response.media_type} for status, response in operation.responses.items()}

    def answer(**given: Any) -> tuple[Any, int, dict[str, str]]:
        arguments = {argument.rstrip("_"): value for argument, value in given.items()}
        arguments |= {argument: request.headers.get(name) for argument, name in from_headers.items()}
        arguments["caller"] = given.get("token_info", {}).get("caller")
        try:
            made = handler(state, **{name: value for name, value in arguments.items() if name in wanted})
            reply = cast(Reply, made)  # no measured operation is done in steps
        except Refused as refused:
            reply = render(refused) if render else Reply(refused.message, refused.status)
        return reply.body, reply.status, types[reply.status]

    async def answer_async(**given: Any) -> tuple[Any, int, dict[str, str]]:
        return answer(**given)

    return answer_async if is_async else answer


def connexion_app(kind: type[FlaskApp | AsyncApp], pair: Pair) -> App:
    """Return one of connexion's apps with all of its checks turned on."""
    understudy = create_with_invalid(pair, Settings(vendors=(pair.vendor,)))
    served, state = understudy.vendors[pair.vendor], understudy.worlds.get_or_create().vendors[pair.vendor]
    scheme = served.document.raw["components"]["securitySchemes"][pair.scheme]
    word = scheme.get("scheme", scheme["type"])
    app = kind(__name__, pythonic_params=True)
    app.add_api(
        dict(served.document.raw),
        base_path=served.base_path,
        resolver=VendorResolver(served, state, is_async=kind is AsyncApp),
        security_map={word: partial(CHECKS[word], partial(served.vendor.security[pair.scheme], state))},
        validate_responses=True,
    )
    made: App = app
    return made


def bare_app(replies: Path) -> App:
    """Return an app that answers each method with fixed bytes; it reads a request's body and ignores it."""
    kept = {
        method: (
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(name.encode(), value.encode()) for name, value in headers],
            },
            {"type": "http.response.body", "body": body.encode()},
        )
        for method, (status, headers, body) in json.loads(replies.read_text(encoding="utf-8")).items()
    }

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await receive()
        start, body = kept[scope["method"]]
        await send(start)
        await send(body)

    return answer


def _serve(app: App, port: int, lifespan: str = "on") -> None:
    """Serve as ``understudy serve`` does."""
    gc.freeze()
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="none", lifespan=lifespan,  # type: ignore[arg-type] # one of its words
        log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2,
    )  # fmt: skip


PORT = click.option("--port", type=int, required=True)
PAIR = click.option("--pair", type=click.Choice(list(PAIRS)), required=True)


@click.group()
def main() -> None:
    """Serve one contender."""


@main.command()
@PAIR
@PORT
def understudy(pair: str, port: int) -> None:
    """Serve with ``understudy serve``, with one record added that breaks the spec."""
    run(create_with_invalid(PAIRS[pair], Settings()), listen("127.0.0.1", port))


@main.command()
@PAIR
@PORT
def flask(pair: str, port: int) -> None:
    """Serve with connexion's FlaskApp."""
    _serve(connexion_app(FlaskApp, PAIRS[pair]), port)


@main.command(name="async")
@PAIR
@PORT
def asynchronous(pair: str, port: int) -> None:
    """Serve with connexion's AsyncApp."""
    _serve(connexion_app(AsyncApp, PAIRS[pair]), port)


@main.command()
@PORT
@click.option("--replies", type=click.Path(path_type=Path), required=True)
def bare(port: int, replies: Path) -> None:
    """Serve fixed bytes."""
    _serve(bare_app(replies), port, lifespan="off")


if __name__ == "__main__":
    main()
