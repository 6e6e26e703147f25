"""The servers that are compared, each a process of its own: ``python -m benchmarks.contenders NAME --port N``.

The understudy is the real ``understudy serve``. Connexion's two apps mount the same spec and call the same functions
in a world of the same kind; the bare app sends what it was given and looks at nothing.
"""

import gc
import inspect
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest import mock

import click
import uvicorn
from connexion import AsyncApp, FlaskApp
from connexion.operations import AbstractOperation
from connexion.resolver import Resolution, Resolver
from connexion.security import ApiKeySecurityHandler

from benchmarks.purchases import SPOILT, VENDOR
from understudy import cli
from understudy.app import Served, Understudy, create_app
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.settings import Settings
from understudy.state.world import World

App = Callable[[Any, Any, Any], Awaitable[None]]
Handler = Callable[..., Any]


class KeyHandler(ApiKeySecurityHandler):  # type: ignore[misc] # connexion has no types
    """Connexion's own check of an API key, asking the vendor's function."""

    def __init__(self, served: Served, world: World) -> None:
        self._recognise = partial(served.vendor.security["api_key"], world)

    def _resolve_func(self, security_scheme: Any) -> Handler:
        del security_scheme
        recognise = self._recognise

        def api_key_info(key: str) -> dict[str, str] | None:
            caller = recognise(key)
            return None if caller is None else {"sub": caller.name}

        return api_key_info


class VendorResolver(Resolver):  # type: ignore[misc] # connexion has no types
    """Finds the vendor's function of an operation; gives connexion what it wants to be answered."""

    def __init__(self, served: Served, world: World, *, is_async: bool) -> None:
        super().__init__()
        self._handlers = {name: _handler(served, world, name, is_async=is_async) for name in served.vendor.operations}

    def resolve(self, operation: AbstractOperation) -> Resolution:
        """Return the handler of an operation."""
        return Resolution(self._handlers[operation.operation_id], operation.operation_id)


def _handler(served: Served, world: World, name: str, *, is_async: bool) -> Handler:
    operate, render = served.vendor.operations[name], served.vendor.render
    wanted = inspect.signature(operate).parameters

    def answer(**given: Any) -> tuple[Any, int]:
        arguments = {argument.rstrip("_"): value for argument, value in given.items()}
        try:
            made = operate(world, **{name: value for name, value in arguments.items() if name in wanted})
            reply = cast(Reply, made)  # no operation on purchases takes turns
        except Refused as refused:
            reply = render(refused) if render else Reply(refused.message, refused.status)
        return reply.body, reply.status

    async def answer_async(**given: Any) -> tuple[Any, int]:
        return answer(**given)

    return answer_async if is_async else answer


def connexion_app(kind: type[FlaskApp | AsyncApp]) -> App:
    """Return one of connexion's apps with everything on that it can check."""
    understudy = create_app(Settings(vendors=(VENDOR,)))
    spoil(understudy)
    served, world = understudy.served[VENDOR], understudy.worlds.open().worlds[VENDOR]
    app = kind(__name__, pythonic_params=True)
    app.add_api(
        dict(served.document.raw),
        base_path=served.base_path,
        resolver=VendorResolver(served, world, is_async=kind is AsyncApp),
        security_map={"apiKey": partial(KeyHandler, served, world)},
        validate_responses=True,
    )
    made: App = app
    return made


def bare_app(replies: Path) -> App:
    """Return an app that answers each method with the bytes kept for it; a body is taken in and dropped."""
    kept = {
        method: (
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(name.encode(), value.encode()) for name, value in headers],
            },
            {"type": "http.response.body", "body": body.encode()},
        )
        for method, (headers, body) in json.loads(replies.read_text(encoding="utf-8")).items()
    }

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await receive()
        start, body = kept[scope["method"]]
        await send(start)
        await send(body)

    return answer


def spoil(understudy: Understudy) -> None:
    """Keep one purchase in a form that the spec forbids: a contender that checks its replies never sends it."""
    understudy.worlds.start.worlds[VENDOR].collection("purchases").put({"id": SPOILT, "state": "SPOILT"})


def _create_spoilt(settings: Settings) -> Understudy:
    understudy = create_app(settings)
    spoil(understudy)
    return understudy


def _serve(app: App, port: int, lifespan: str = "on") -> None:
    """Serve as ``understudy serve`` does."""
    gc.freeze()
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="none", lifespan=lifespan,  # type: ignore[arg-type] # one of its words
        log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2,
    )  # fmt: skip


PORT = click.option("--port", type=int, required=True)


@click.group()
def main() -> None:
    """Serve one contender."""


@main.command()
@PORT
def understudy(port: int) -> None:
    """Serve with ``understudy serve``, one spoilt record added."""
    with mock.patch.object(cli, "create_app", _create_spoilt):
        cli.main(["serve", "--port", str(port)])


@main.command()
@PORT
def flask(port: int) -> None:
    """Serve with connexion's FlaskApp."""
    _serve(connexion_app(FlaskApp), port)


@main.command(name="async")
@PORT
def asynchronous(port: int) -> None:
    """Serve with connexion's AsyncApp."""
    _serve(connexion_app(AsyncApp), port)


@main.command()
@PORT
@click.option("--replies", type=click.Path(path_type=Path), required=True)
def bare(port: int, replies: Path) -> None:
    """Serve kept bytes."""
    _serve(bare_app(replies), port, lifespan="off")


if __name__ == "__main__":
    main()
