"""A call that a fault strikes before its handler is in the journal with its body: retries can be verified by it."""

import gzip

import httpx
import pytest

from tests.conftest import StandIn
from understudy.state.faults import Fault

BODY = b'{"mode":"AddOrUpdate","matchBy":"Email","data":[{"email":"struck@example.com"}]}'


@pytest.mark.parametrize("kind", ["status", "throttle", "drop"])
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_struck_call_has_its_body_in_the_journal(stand_in: StandIn, kind: str, coding: str) -> None:
    stand_in.world.faults.add(Fault(kind, "ecdp", "save_customers", times=2), stand_in.clock.timestamp())
    headers = {"x-api-key": stand_in.credentials("ecdp")["api_key"], "content-type": "application/json"}
    body = gzip.compress(BODY) if coding else BODY
    for _ in range(3):
        try:
            httpx.post(
                f"{stand_in.url('ecdp')}/customers",
                content=body,
                headers=headers | ({"content-encoding": coding} if coding else {}),
            )
        except httpx.RemoteProtocolError:
            assert kind == "drop"

    assert [exchange.request_body for exchange in stand_in.world.journal] == [BODY] * 3
    found = httpx.post(
        f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}/verify",
        json={"expect": [{"calls": {"operation": "save_customers", "request": {"mode": "AddOrUpdate"}}, "exactly": 3}]},
    ).json()
    assert found["holds"], found
