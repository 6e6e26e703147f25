"""Rules that many operations share: each of them refuses the request that breaks the rule, and takes it otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl, urlencode

import orjson
import pytest

from tests.asgi import Answer
from tests.vendors.contacthub.calls import AGGREGATE, DISABLED, NO_ONE, NODE, OTHER_NODE, SOURCE, WORKSPACE
from tests.vendors.rule_cases import Case, Contract
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.state.world import World
from understudy.vendors.contacthub.security import ROLES, token_row
from understudy.vendors.contacthub.tables import TOKENS

CONTRACT = Contract("contacthub")
KNOWN_WORKSPACE = "The workspace is known and enabled, and the token is valid in it."
OWN_NODES = "The token of a source is used for the source's nodes only."
ENTRY_NODE = "The node exists and is an entry node."
RANGE = "The range's end is not before its start."
NUMBERS = count()

WANTED = {
    "The customer exists.": ("customerId", NO_ONE, "customer not found"),
    "The node exists.": ("nodeId", NO_ONE, "node not found"),
    ENTRY_NODE: ("nodeId", NO_ONE, "node not found"),
    "The workspace has the entry node.": ("nodeId", NO_ONE, "node not found"),
    "The job exists and is the node's.": ("jobId", NO_ONE, "bulk job not found"),
    "Customers have a base property of the name.": ("name", "shoeSize", "base property not found"),
    "The workspace has the source.": ("sourceId", NO_ONE, "source not found"),
    "The workspace has the user.": ("id", "9999", "user not found"),
    "The customer has the subscription.": ("propertyId", "none", "subscription not found"),
    "The customer has the session.": ("sessionId", NO_ONE, "session not found"),
    "The customer has the education.": ("id", "none", "education not found"),
    "The customer has the like.": ("id", "none", "like not found"),
    "The customer has the job.": ("id", "none", "job not found"),
    "The event exists.": ("id", NO_ONE, "event not found"),
    "The entry exists.": ("id", "65535", "consent log not found"),
    "A source of the workspace is connected to the user database.": ("subscriberSourceId", "999999", "send source not"),
}
"""Rules that something exists: the parameter or property that names it, a value that names nothing, and the message."""

OTHER_NAMES = {"nodeId": ["aggregateNodeId"], "name": ["baseProperty"]}
"""Other names of the same parameter of a path."""


@pytest.fixture
def own_world(understudy: Understudy) -> Iterator[World]:
    name = f"rules-{next(NUMBERS)}"
    yield understudy.worlds.get_or_create(name)
    understudy.worlds.delete(name)


def with_value(request: ExampleRequest, name: str, value: str) -> ExampleRequest:
    """Return a request with another value of a parameter, or of the property of its body that has the name."""
    names = [name, *OTHER_NAMES.get(name, ())]
    path, _, query = request.target.partition("?")
    template = request.operation.path.split("/")
    if at := [template.index(f"{{{each}}}") for each in names if f"{{{each}}}" in template]:
        parts = path.split("/")
        parts[at[0]] = value
        return replace(request, target="/".join(parts) + (f"?{query}" if query else ""))
    if any(each.where == "query" and each.name == name for each in request.operation.parameters):
        pairs = [pair for pair in parse_qsl(query) if pair[0] != name]
        return replace(request, target=f"{path}?{urlencode([*pairs, (name, value)])}")
    body = orjson.loads(request.body)
    return replace(request, body=orjson.dumps({**body, name: value}))


def assert_refused(answer: Answer, case: Case, message: str) -> None:
    assert answer.status == case.status, answer.body
    assert message in answer.json["message"]


@pytest.mark.parametrize("case", CONTRACT.cases(*WANTED), ids=str)
def test_what_does_not_exist_is_not_found(understudy: Understudy, own_world: World, case: Case) -> None:
    request = CONTRACT.accepted(case.operation)
    name, value, message = WANTED[case.rule]

    assert_refused(CONTRACT.send(understudy, own_world, with_value(request, name, value)), case, message)
    assert CONTRACT.send(understudy, own_world, request).status < 300


@pytest.mark.parametrize("case", CONTRACT.cases(ENTRY_NODE), ids=str)
def test_an_aggregate_node_is_no_entry_node(understudy: Understudy, own_world: World, case: Case) -> None:
    request = CONTRACT.accepted(case.operation)

    assert_refused(
        CONTRACT.send(understudy, own_world, with_value(request, "nodeId", AGGREGATE)), case, "node not found"
    )
    assert CONTRACT.send(understudy, own_world, request).status < 300


@pytest.mark.parametrize("case", CONTRACT.cases(KNOWN_WORKSPACE), ids=str)
@pytest.mark.parametrize("workspace", [NO_ONE, DISABLED], ids=["unknown", "disabled"])
def test_an_unknown_or_disabled_workspace_is_refused(
    understudy: Understudy, own_world: World, case: Case, workspace: str
) -> None:
    request = CONTRACT.accepted(case.operation)

    refused = CONTRACT.send(understudy, own_world, with_value(request, "workspaceId", workspace))

    assert_refused(refused, case, "workspace ")
    assert CONTRACT.send(understudy, own_world, request).status < 300


@pytest.mark.parametrize("case", CONTRACT.cases(OWN_NODES), ids=str)
def test_a_source_of_another_node_is_refused(understudy: Understudy, own_world: World, case: Case) -> None:
    request = CONTRACT.accepted(case.operation)
    if any(each.where == "query" and each.name == "nodeId" for each in case.operation.parameters):
        request = with_value(request, "nodeId", NODE)

    assert_refused(
        CONTRACT.send(understudy, own_world, request, **of_source(own_world, OTHER_NODE)), case, "permissions"
    )
    assert CONTRACT.send(understudy, own_world, request, **of_source(own_world, NODE, AGGREGATE)).status < 300


def of_source(world: World, *nodes: str) -> dict[str, str]:
    """Return the header of a source's new token for these nodes, which has every role: no role is why it is refused."""
    row = token_row(f"{len(nodes):064x}", "source", ROLES, workspaceId=WORKSPACE, nodes=[*nodes], sourceId=SOURCE)
    world.vendors["contacthub"].collection(TOKENS).put(row)
    return {"Authorization": f"Bearer {row['token']}"}


@pytest.mark.parametrize("case", CONTRACT.cases(RANGE), ids=str)
def test_a_range_that_ends_before_it_starts_is_refused(understudy: Understudy, own_world: World, case: Case) -> None:
    request = CONTRACT.accepted(case.operation)
    names = [each.name for each in case.operation.parameters if each.name in ("start", "end")]
    assert len(names) == 2
    later = with_value(request, names[0], "2026-02-02T00:00:00Z")

    assert_refused(CONTRACT.send(understudy, own_world, with_value(later, names[1], "2026-02-01T00:00:00Z")), case, "")
    assert CONTRACT.send(understudy, own_world, with_value(later, names[1], "2026-02-03T00:00:00Z")).status < 300
