"""Odd headers and times in requests to the control API: each gets a declared response or 403, never a 500."""

import json
from itertools import product

import pytest

from tests.asgi import Answer, call
from tests.contract.conftest import control_server
from tests.contract.control_examples import prepare_control_examples
from tests.state.test_snapshot_format import digest_of
from understudy.app import Understudy
from understudy.contract.example_requests import example_requests
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import MEBIBYTE

USUAL = {"content-type": "application/json", "authorization": "Bearer understudy-token", "host": "localhost"}
NAMES = (
    "host", "origin", "sec-fetch-site", "authorization", "content-type", "content-length", "transfer-encoding",
    "accept", "accept-encoding", "expect", "cookie", "if-none-match", "access-control-request-method",
    "x-forwarded-for",
    "upgrade",
)  # fmt: skip
ODD = (
    "",
    "\xff",
    "\x00",
    "http://[::1",
    "[",
    "9" * 30,
    "Bearer \xff",
    "application/json; charset=\xff",
    "a/b;c=",
    "x" * 5000,
)
OPERATIONS = {operation.id: operation for operation in control_server().control_api.operations}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_odd_header_gets_a_declared_response(name: str) -> None:
    understudy, operation = control_server(), OPERATIONS[name]
    prepare_control_examples(understudy)
    document = understudy.control_api.document
    usual = next(each for each in example_requests(document, operation, MEBIBYTE) if each.status < 300)

    for header in NAMES:
        for value in ODD:
            answer = call(
                understudy.asgi,
                operation.method.upper(),
                CONTROL_PATH + usual.target,
                headers={**USUAL, header: value},
                body=usual.body,
            )
            assert str(answer.status) in {*operation.responses, "403", "404"}, (header, value[:50], answer)
    assert understudy.control_world.journal.breaches() == []


TIMES = ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "1970-01-01T00:00:00Z")
TOO_FAR = ("1969-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
YEAR_0 = "0000-01-01T00:00:00Z"
NO_TIMES = (
    ",026-01-01T00:00:00Z",
    "202--01-01T00:00:00Z",
    YEAR_0,
    "2026-01-01T00:00:0/Z",
)


def steer(understudy: Understudy, method: str, path: str, body: object = None) -> Answer:
    text = b"" if body is None else json.dumps(body).encode()
    return call(understudy.asgi, method, CONTROL_PATH + path, headers=USUAL, body=text)


def clock_statuses(understudy: Understudy, time: str) -> list[int]:
    """Return the statuses of every operation that sets a clock to a time."""
    prepare_control_examples(understudy)
    return [
        steer(understudy, "PUT", "/worlds/main/clock", {"now": time}).status,
        steer(understudy, "POST", "/worlds", {"name": "at", "clock": {"now": time}}).status,
    ]


@pytest.mark.parametrize("time", TIMES)
def test_a_clock_is_set_to_a_time_in_either_case(time: str) -> None:
    assert clock_statuses(control_server(), time) == [200, 201]


@pytest.mark.parametrize("time", TOO_FAR)
def test_a_clock_is_not_set_out_of_its_range(time: str) -> None:
    assert clock_statuses(control_server(), time) == [422, 422]


@pytest.mark.parametrize("time", NO_TIMES)
def test_a_clock_is_not_set_to_a_text_that_is_no_time(time: str) -> None:
    assert clock_statuses(control_server(), time) == [400, 400]


@pytest.mark.parametrize(("times", "status"), [((*TIMES, *TOO_FAR), 200), (NO_TIMES, 400)])
def test_a_filter_of_calls_takes_exactly_the_times(times: tuple[str, ...], status: int) -> None:
    understudy = control_server()
    prepare_control_examples(understudy)

    for time, bound in product(times, ("since", "until")):
        expect = {"expect": [{"calls": {bound: time, "outcome": "breach"}, "exactly": 0}]}
        target = f"/worlds/main/journal?{bound}={time}".replace("+", "%2B")
        assert steer(understudy, "GET", target).status == status, (bound, time)
        assert steer(understudy, "POST", "/worlds/main/verify", expect).status == status, (bound, time)


@pytest.mark.parametrize(
    ("time", "status"),
    [
        *((time, 200) for time in TIMES),
        *((time, 400) for time in NO_TIMES if time != YEAR_0),
        ("5000-01-01T00:00:00Z", 200),
    ]
    + [(time, 422) for time in (*TOO_FAR, YEAR_0) if not time.startswith("3000")],
)
def test_a_snapshot_s_clock_is_a_time_at_which_a_clock_can_stand(time: str, status: int) -> None:
    understudy = control_server()
    prepare_control_examples(understudy)
    snapshot = steer(understudy, "GET", "/worlds/main/snapshot").json
    snapshot["clock"] = {"now": time, "rate": 1}
    snapshot["vendors"] = {}
    snapshot["digest"] = digest_of({name: value for name, value in snapshot.items() if name != "digest"})

    assert steer(understudy, "POST", "/worlds/main/restore", snapshot).status == status
