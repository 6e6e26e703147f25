"""Tenant that a request names: every operation refuses another than the token's, and takes the token's own."""

import pytest

from tests.vendors.rule_cases import Case, Contract
from understudy.app import Understudy
from understudy.state.world import World

CONTRACT = Contract("twc")
RULE = "X-TWC-Tenant is the realm of the token."


@pytest.mark.parametrize("case", CONTRACT.cases(RULE), ids=str)
@pytest.mark.parametrize("tenant", ["understudy-two", "nobody"])
def test_every_operation_refuses_the_tenant_of_another_token(
    understudy: Understudy, world: World, case: Case, tenant: str
) -> None:
    understudy.worlds.import_world(world, understudy.worlds.initial_snapshot())
    request = CONTRACT.accepted(case.operation)

    refused = CONTRACT.send(understudy, world, request, X_TWC_Tenant=tenant)

    assert (refused.status, refused.json["detail"]) == (case.status, "Access is denied")
    assert CONTRACT.send(understudy, world, request).status < 300
    understudy.worlds.delete(world.name)
