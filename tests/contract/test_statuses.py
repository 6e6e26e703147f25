"""Every declared answer of every operation is reached, by the request that the spec pairs with it."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.asgi import call as send
from tests.contract.conftest import steered
from tests.contract.rehearsal import rehearse
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.http.vendor_mount import MountedVendor
from understudy.state.world import World

NUMBERS = count()


def test_an_example_answer_is_what_its_example_request_gets(understudy: Understudy, call: ExampleRequest) -> None:
    world = understudy.worlds.get_or_create(f"example-{next(NUMBERS)}")

    assert_answered(understudy, call, understudy.vendors[call.operation.vendor], world)


def test_an_example_answer_of_the_control_api_is_what_its_example_request_gets(steering_call: ExampleRequest) -> None:
    understudy = steered()
    rehearse(understudy)

    assert_answered(understudy, steering_call, understudy.control_api, understudy.control_world)
    assert understudy.control_world.journal.breaches() == []


def assert_answered(understudy: Understudy, call: ExampleRequest, served: MountedVendor, world: World) -> None:
    """The call gets the answer that the spec shows for it."""
    headers = dict(call.headers)
    if call.operation.security and not call.is_anonymous and served.vendor.sign_in:
        headers |= served.vendor.sign_in(world.vendors[call.operation.vendor], call.role)
    target = f"/@{world.name}{served.base_path}{call.target}"

    answer = send(understudy.asgi, call.operation.method.upper(), target, headers=headers, body=call.body)

    assert answer.status == call.status, answer.body
    if call.shown is None:
        assert answer.body == b""
    elif not answer.headers["content-type"].endswith("json"):
        assert answer.body.decode().splitlines()[0] == str(call.shown).splitlines()[0]
    else:
        assert shape(answer.json) == shape(call.shown)


def shape(value: Any) -> Any:
    """What a reader of the example relies on: the names at the top, and the kind of everything else."""
    return sorted(value) if isinstance(value, Mapping) else type(value)
