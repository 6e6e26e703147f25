import asyncio
from typing import Any

import pytest

from tests.acme import Company, spec
from tests.asgi import call

OPERATIONS = """
from understudy.core.refused import Refused
from understudy.core.reply import Reply

def get_thing(state):
    for step in range(3):
        state.rng.random()
        yield
    if state.rng.random() < 0:
        raise AssertionError
    return Reply({"name": "patient"})
"""


ANSWER_FIRST = """
from understudy.core.reply import Reply

def get_thing(state):
    yield
    yield Reply({"name": "prompt"})
    for step in range(3):
        yield
    state.rng.name = "gone on"
    NEXT
"""


def serve(company: Company, code: str) -> Any:
    company.write_spec("acme", spec())
    company.write_folder("acme", {"operations/things": code})
    return company.start().asgi


def test_a_long_handler_replies_with_its_return_value(company: Company) -> None:
    assert call(serve(company, OPERATIONS), "GET", "/acme/thing").json == {"name": "patient"}


def test_a_long_handler_may_fail_in_any_step(company: Company) -> None:
    code = OPERATIONS.replace("if state.rng.random() < 0", "if True")

    assert call(serve(company, code), "GET", "/acme/thing").headers["understudy-breach"] == "yes"


def test_other_requests_run_between_the_steps_of_a_long_handler(company: Company) -> None:
    asgi = serve(company, OPERATIONS)
    order: list[str] = []

    async def ask(path: str) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                order.append(path)

        await asgi(
            {"type": "http", "method": "GET", "raw_path": path.encode(), "query_string": b"", "headers": []},
            receive,
            send,
        )

    async def both() -> None:
        await asyncio.gather(ask("/acme/thing"), ask("/_understudy/api/health"))

    asyncio.run(both())

    assert order == ["/_understudy/api/health", "/acme/thing"]


def test_a_long_handler_may_go_on_after_its_reply(company: Company) -> None:
    company.write_spec("acme", spec())
    company.write_folder("acme", {"operations/things": ANSWER_FIRST.replace("NEXT", "return")})
    understudy = company.start()

    assert call(understudy.asgi, "GET", "/acme/thing").json == {"name": "prompt"}
    assert understudy.worlds.get_or_create().vendors["acme"].rng.name == "gone on"  # type: ignore[attr-defined]


def test_a_failure_after_the_reply_is_in_the_journal(company: Company) -> None:
    company.write_spec("acme", spec())
    company.write_folder("acme", {"operations/things": ANSWER_FIRST.replace("NEXT", "raise KeyError('late')")})
    understudy = company.start()

    assert call(understudy.asgi, "GET", "/acme/thing").status == 200
    assert [each.breach for each in understudy.worlds.get_or_create().journal.breaches()] == ["KeyError: 'late'"]


@pytest.mark.parametrize(("path", "name"), [("/acme/thing?kind=b", "b"), ("/acme/thing?kind=other", "a")])
def test_a_sample_is_chosen_by_the_example_that_the_request_names(company: Company, path: str, name: str) -> None:
    document = spec()
    operation = document["paths"]["/thing"]["get"]
    operation["parameters"] = [
        {"name": "kind", "in": "query", "schema": {"type": "string"}, "examples": {"of_b": {"value": "b"}}}
    ]
    examples = {"of_a": {"value": {"name": "a"}}, "of_b": {"value": {"name": "b"}}}
    operation["responses"]["200"]["content"]["application/json"]["examples"] = examples
    company.write_spec("acme", document)

    assert call(company.start().asgi, "GET", path).json == {"name": name}
