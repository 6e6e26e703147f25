"""Requests of the pages to an app of the same process."""

import asyncio
import threading
from typing import Any

from understudy.console.asgi_client import AsgiRequest, AsgiResponse, send_from_thread

SCOPE = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}


def ask(target: Any, sent: AsgiRequest) -> AsgiResponse:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        return send_from_thread(loop, target, SCOPE, sent)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def answering(_scope: Any, receive: Any, send: Any) -> None:
    """Answer with the first message, then wait until the client has gone, as streaming apps do."""
    first = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": first["body"]})
    while (await receive())["type"] != "http.disconnect":
        pass


def test_an_app_that_waits_for_the_disconnection_is_ended_after_its_answer() -> None:
    assert ask(answering, AsgiRequest("POST", "/", body=b"abc")).body == b"abc"
