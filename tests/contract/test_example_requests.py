"""Every declared response of every operation, as its paired request gets it."""

from itertools import count

from tests.asgi import call as send
from tests.contract.conftest import control_server
from tests.contract.control_examples import prepare_control_examples
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.http.mounted_vendor import MountedVendor
from understudy.state.world import World
from understudy.verify.example_replays import shape

NUMBERS = count()


def test_an_example_request_gets_its_example_response(understudy: Understudy, call: ExampleRequest) -> None:
    world = understudy.worlds.get_or_create(f"example-{next(NUMBERS)}")

    assert_answered(understudy, call, understudy.vendors[call.operation.vendor], world)


def test_an_example_request_of_the_control_api_gets_its_example_response(control_call: ExampleRequest) -> None:
    understudy = control_server()
    prepare_control_examples(understudy)

    assert_answered(understudy, control_call, understudy.control_api, understudy.control_world)
    assert understudy.control_world.journal.breaches() == []


def assert_answered(understudy: Understudy, call: ExampleRequest, served: MountedVendor, world: World) -> None:
    """Assert that a request gets the response that the spec shows for it."""
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
