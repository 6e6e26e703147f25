"""Every declared answer of every operation is reached, by the request that the spec pairs with it."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.asgi import call as send
from understudy.app import Understudy
from understudy.contract.calls import Call

NUMBERS = count()


def test_an_example_answer_is_what_its_example_request_gets(understudy: Understudy, call: Call) -> None:
    world = f"example-{next(NUMBERS)}"
    scene = understudy.worlds.open(world)
    served = understudy.served[call.operation.vendor]
    headers = dict(call.headers)
    if call.operation.security and not call.is_anonymous and served.vendor.sign_in:
        headers |= served.vendor.sign_in(scene.worlds[call.operation.vendor], call.role)
    target = f"/@{world}{served.base_path}{call.target}"

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
