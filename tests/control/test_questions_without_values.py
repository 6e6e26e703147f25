"""Empty query parameters are absent ones, and a body that an operation does not take is refused."""

import pytest

from tests.asgi import call
from tests.contract.conftest import control_server
from tests.control.conftest import Steering
from understudy.contract.compiled_operations import Operation
from understudy.core.world_names import CONTROL_PATH

OPERATIONS = control_server().control_api.operations
QUESTIONS = [each for each in OPERATIONS if any(parameter.where == "query" for parameter in each.parameters)]
REQUIRED = {"write_exchange_code": {"form": "curl"}}
"""Query parameters without which an operation is refused."""

MOVING = frozenset(("count_recent_calls",))
"""Operations whose numbers differ from moment to moment: of their answers the members are compared."""

BODILESS = [each for each in OPERATIONS if each.body is None]


def target(operation: Operation, world: str) -> str:
    names = {
        "vendor": "twc",
        "collection": "realms",
        "key": "understudy",
        "snapshot": "none",
        "fault": "f",
        "delivery": "twc-1",
        "number": "1",
        "other": "main",
    }
    required = "&".join(f"{name}={value}" for name, value in REQUIRED.get(operation.id, {}).items())
    return CONTROL_PATH + operation.path.format(world=world, **names) + (f"?{required}" if required else "")


def prepare(steering: Steering) -> None:
    """Give the world of a test a call and a delivery, and have another world in use."""
    steering.world.clock.set(rate=0)
    steering.understudy.worlds.get_or_create()
    steering.world.vendors["twc"].outbox.add("webhook", "https://shop.example/hook", {})
    steering.call_vendor("ecdp", "GET", "/customerattributes")


@pytest.mark.parametrize("operation", QUESTIONS, ids=lambda each: each.id)
def test_an_empty_query_parameter_is_an_absent_one(steering: Steering, operation: Operation) -> None:
    prepare(steering)
    path = target(operation, steering.world_name)
    names = [each.name for each in operation.parameters if each.where == "query" and not each.is_required]
    plain = call(steering.understudy.asgi, operation.method.upper(), path)

    for query in [f"{name}=" for name in names] + ["&".join(f"{name}=" for name in names)]:
        answer = call(steering.understudy.asgi, operation.method.upper(), f"{path}{'&' if '?' in path else '?'}{query}")
        assert answer.status == plain.status
        if operation.id in MOVING:
            assert (answer.json.keys(), len(answer.json["spans"])) == (plain.json.keys(), len(plain.json["spans"]))
        else:
            assert len(answer.body) == len(plain.body)
    assert plain.status == 200


@pytest.mark.parametrize("operation", BODILESS, ids=lambda each: each.id)
def test_a_body_that_an_operation_does_not_take_is_refused(steering: Steering, operation: Operation) -> None:
    prepare(steering)
    path = target(operation, steering.world_name)
    before = steering.get("/worlds/{world}")

    for body in (b'{"clear_journal": true}', b"[]", b"x", b"{", b"0"):
        answer = call(steering.understudy.asgi, operation.method.upper(), path, body=body)
        assert answer.status == 400, answer.body
        assert answer.json["title"] == f"{operation.id} takes no body"
    assert steering.get("/worlds/{world}") == before


@pytest.mark.parametrize("body", [b"", b" ", b"{}", b" {}\n"])
def test_an_empty_body_asks_for_nothing_and_is_taken(steering: Steering, body: bytes) -> None:
    path = f"{CONTROL_PATH}/worlds/{steering.world_name}/reset"

    assert call(steering.understudy.asgi, "POST", path, body=body).status == 200
