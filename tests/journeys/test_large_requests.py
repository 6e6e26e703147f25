"""Longest time for which one large request, or the reading of it, stops another world's calls."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.asgi import call
from tests.journeys.test_nobody_is_held_up import assert_undisturbed, steer
from understudy.app import Understudy, create_app
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings

JSON = {"content-type": "application/json"}
UNKNOWN = {f"k{number}{'xyz' * (number % 4)}": number for number in range(45_000)}
CALLS = [
    ("ecdp", "/customers"), ("ecdp", "/scenariocustomevents"), ("ecdp", "/scenariocustomevents/withsegments"),
    ("crmcom", "/purchases"), ("crmcom", "/authentication/token"), ("capillary", "/v2/events"),
    ("twc", "/services/eventcollector/api/v1/jobs"),
]  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[Understudy]:
    understudy = create_app(Settings())
    understudy.worlds.get_or_create("large").clock.set(rate=0)
    yield understudy
    understudy.worlds.delete("large")


def signed(served: Understudy, vendor: str) -> tuple[str, dict[str, str]]:
    found = served.vendors[vendor]
    assert found.vendor.sign_in
    state = served.worlds.get_or_create("large").vendors[vendor]
    return f"/@large{found.base_path}", {**JSON, **found.vendor.sign_in(state)}


def post(served: Understudy, vendor: str, path: str, body: Any) -> Any:
    base, headers = signed(served, vendor)
    return steer(served, "POST", base + path, json.dumps(body).encode(), headers)


@pytest.mark.parametrize(("vendor", "path"), CALLS)
def test_a_body_of_many_unknown_keys_is_answered_soon(served: Understudy, vendor: str, path: str) -> None:
    found = post(served, vendor, path, {f"kk{number}": 1 for number in range(70_000)})

    [operation] = [each for each in served.vendors[vendor].operations if (each.method, each.path) == ("post", path)]
    assert_undisturbed(found, operation.node.get("x-refused-with", 400))
    assert len(found.body) < 200_000


@pytest.mark.parametrize(
    "body",
    [{"mode": "Add", "matchBy": "Email", "data": [], **UNKNOWN}, {"data": [{"a": n} for n in range(60_000)]}],
    ids=["unknown names", "small objects"],
)
@pytest.mark.parametrize("path", ["journal", "journal/har", "journal/curl"])
def test_a_large_call_in_the_journal_is_read_in_turns(served: Understudy, path: str, body: Any) -> None:
    served.worlds.get_or_create("large").journal.clear()
    assert post(served, "ecdp", "/customers", body).status == 400

    found = steer(served, "GET", f"{CONTROL_PATH}/worlds/large/{path}")

    assert_undisturbed(found)
    assert found.others > 5


@pytest.mark.parametrize("count", [3000, pytest.param(15_000, marks=pytest.mark.deep)])
def test_many_customers_of_one_request_are_saved_in_turns(served: Understudy, count: int) -> None:
    data = [{"email": f"p{count}-{number}@example.com"} for number in range(count)]

    found = post(served, "ecdp", "/customers", {"mode": "Add", "matchBy": "Email", "data": data})

    assert_undisturbed(found, 201)
    assert found.others > 5
    customers = served.worlds.get_or_create("large").vendors["ecdp"].collection("customers")
    owners = [customers.keys_of("email", each["email"]) for each in data]
    assert owners == [[str(number)] for number in json.loads(bytes(found.body))["data"]]


def test_many_refused_customers_are_listed_up_to_a_bound(served: Understudy) -> None:
    data = [{"email": f"nobody-{number}@example.com"} for number in range(3000)]

    found = post(served, "ecdp", "/customers", {"mode": "Update", "matchBy": "Email", "data": data})

    assert_undisturbed(found, 400)
    assert len(json.loads(bytes(found.body))["errors"]) == 100


def test_of_two_requests_that_save_one_address_at_a_time_one_is_refused(served: Understudy) -> None:
    base, headers = signed(served, "ecdp")
    statuses = []

    async def save(first: int) -> None:
        data = [{"email": f"twice-{number}@example.com"} for number in range(first, first + 500)]
        body = json.dumps({"mode": "Add", "matchBy": "Email", "data": data}).encode()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if "status" in message:
                statuses.append(message["status"])

        target = f"{base}/customers"
        sent = [(name.encode().lower(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": target, "raw_path": target.encode(), "query_string": b""}
        await served.asgi({**scope, "headers": [(b"host", b"127.0.0.1"), *sent]}, receive, send)

    async def both() -> None:
        await asyncio.gather(save(0), save(499))

    asyncio.run(both())

    assert sorted(statuses) == [201, 400]
    customers = served.worlds.get_or_create("large").vendors["ecdp"].collection("customers")
    assert customers.count("email", "twice-499@example.com") == 1


DOCUMENTS = {
    "unknown members": {"format": "understudy-snapshot", **{f"k{number}": 1 for number in range(300_000)}},
    "a list": [1] * 1_000_000,
    "a member that is a list": {"clock": [1] * 1_000_000},
    "unknown vendors": {"vendors": {f"v{number}": {} for number in range(100_000)}},
    "numbers for records": {"vendors": {"ecdp": {"collections": {"customers": {"records": [1] * 100_000}}}}},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_large_document_that_is_no_snapshot_is_refused_early(served: Understudy, name: str) -> None:
    found = steer(served, "POST", f"{CONTROL_PATH}/worlds/large/restore", json.dumps(DOCUMENTS[name]).encode())

    assert_undisturbed(found, 400)


def test_a_full_page_of_the_journal_is_the_same_with_and_without_steps(served: Understudy) -> None:
    served.worlds.get_or_create("large").journal.clear()
    post(
        served,
        "ecdp",
        "/customers",
        {"mode": "Add", "matchBy": "Email", "data": [], "clientSecrt": "hide me", **UNKNOWN},
    )

    answer = call(served.asgi, "GET", f"{CONTROL_PATH}/worlds/large/journal")

    [shown] = answer.json
    assert list(shown["request"]["body"]) == ["mode", "matchBy", "data", "clientSecrt", *UNKNOWN]
    assert shown["request"]["body"]["clientSecrt"] == "(hidden)"
    assert b"hide me" not in answer.body
