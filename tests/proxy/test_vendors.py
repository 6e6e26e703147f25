"""The shipped vendors' stand-ins, put in the vendors' place: nothing of them differs from their documents."""

import time

import pytest

from tests.asgi import call as send
from understudy.app import Understudy, create_app
from understudy.contract.example_requests import UnpairedExample, example_requests
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.passed_call import PassedCall
from understudy.proxy.stand_in import StandIn
from understudy.proxy.upstream import Upstream
from understudy.settings import Settings

LIMIT = 1024 * 1024
DEEP = [pytest.param(name, marks=pytest.mark.deep) for name in ("capillary", "contacthub", "crmcom", "twc")]


@pytest.mark.parametrize("name", ["ecdp", *DEEP])
def test_nothing_is_found_in_a_vendor_that_answers_as_its_stand_in(understudy: Understudy, name: str) -> None:
    real = understudy.vendors[name]
    world = understudy.worlds.get_or_create(f"proxied-{name}")
    beside = create_app(Settings(vendors=(name,), is_strict=False))
    vendor = beside.vendors[name]
    maker = ExchangeMaker(vendor.document, Upstream("https://api.example.com"), LIMIT)
    examiner = CallExaminer(vendor, maker, lambda _: None, lambda: StandIn(beside, vendor))
    for operation in real.operations:
        try:
            requests = list(example_requests(real.document, operation, LIMIT))
        except UnpairedExample:
            continue
        for request in requests:
            headers = dict(request.headers)
            if operation.security and not request.is_anonymous and real.vendor.sign_in:
                headers |= real.vendor.sign_in(world.vendors[name], request.role)
            method, target = operation.method.upper(), f"{real.base_path}{request.target}"
            answer = send(understudy.asgi, method, f"/@{world.name}{target}", headers=headers, body=request.body)
            target = target.removeprefix(f"/{name}")
            raw = [(key.encode(), value.encode()) for key, value in headers.items()]
            answered = [(key.encode(), value.encode()) for key, value in answer.headers.items()]
            examiner.observe(
                PassedCall(
                    time.time(),
                    0.0,
                    method,
                    target.encode(),
                    target.encode(),
                    [(b"host", b"a"), *raw],
                    request.body,
                    answer.status,
                    answered,
                    answer.body,
                )
            )
    examiner.close()

    assert examiner.calls.total() > 0
    assert [each.message for each in examiner.drift if each.who.value != "client"] == []
