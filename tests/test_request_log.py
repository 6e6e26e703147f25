"""Log of requests: its lines, when it is written, and that it holds nobody up."""

import json
import os
import pty
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen, run

import httpx
import pytest

from tests.asgi import call
from understudy import request_log
from understudy.app import create_app
from understudy.request_log import RequestLog, json_line, text_line
from understudy.settings import Settings
from understudy.state.faults import Fault

COMMAND = Path(sys.executable).with_name("understudy")
KEY = {"x-api-key": "understudy-ecdp-dev-key"}
ATTRIBUTES = "/ecdp/customerattributes"


class Output(list[str]):
    """Output of a log, each batch an element."""

    def write(self, text: str) -> None:
        self.append(text)

    def flush(self) -> None:
        pass


def logged(*calls: tuple[str, str, dict[str, str]], form: str = "text", faults: tuple[str, ...] = ()) -> list[str]:
    """Return the lines of the log after some calls: method, path and headers of each."""
    understudy = create_app(Settings(vendors=("ecdp",)))
    for kind in faults:
        understudy.worlds.get_or_create().faults.add(Fault(kind), now=0)
    output = Output()
    log = RequestLog(understudy.asgi, output, request_log.LINES[form])  # type: ignore[arg-type]
    with log.writing():
        for method, path, headers in calls:
            call(log, method, path, headers=headers)
    return "".join(output).splitlines()


def test_a_line_has_method_path_status_operation_and_milliseconds() -> None:
    [line] = logged(("GET", ATTRIBUTES, KEY))

    assert re.fullmatch(
        r"\d\d:\d\d:\d\d 200 GET /ecdp/customerattributes  list_customer_attributes  \d+\.\d ms", line
    ), line


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "why"),
    [
        ("GET", ATTRIBUTES, {}, 401, "credentials: no valid credentials"),
        ("GET", "/ecdp/nothing", KEY, 404, "route: no operation at /nothing"),
        ("DELETE", ATTRIBUTES, KEY, 405, "route: Request method 'DELETE' not supported"),
        ("POST", "/ecdp/customers", KEY, 400, "contract: body"),
        ("GET", "/_understudy/api/worlds/none", {"host": "localhost"}, 404, "rule: no world 'none' is in use"),
        ("GET", "/_understudy/api/worlds", {"host": "evil.example"}, 403, "credentials: called as 'evil.example'"),
    ],
)
def test_a_refusal_is_explained(method: str, path: str, headers: dict[str, str], status: int, why: str) -> None:
    [line] = logged((method, path, headers))

    assert f" {status} {method} {path}  " in line
    assert f" ms  {why}" in line


def test_a_query_and_a_value_that_breaks_the_contract_are_not_logged() -> None:
    lines = logged(("GET", f"{ATTRIBUTES}?api_key=hush-hush", KEY), form="json")

    assert "hush-hush" not in "".join(lines)


def test_a_struck_call_names_its_fault() -> None:
    [line] = logged(("GET", ATTRIBUTES, KEY), faults=("status",))

    assert " 503 GET " in line
    assert re.search(r"  fault \S+$", line)


def test_a_json_line_has_a_member_for_each_fact() -> None:
    good, bad = map(json.loads, logged(("GET", ATTRIBUTES, KEY), ("GET", ATTRIBUTES, {}), form="json"))

    assert good["status"] == 200
    assert (good["method"], good["path"]) == ("GET", ATTRIBUTES)
    assert (good["vendor"], good["operation"], good["outcome"]) == ("ecdp", "list_customer_attributes", "accepted")
    assert good["milliseconds"] > 0
    assert good["reason"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", good["time"])
    assert (bad["status"], bad["outcome"], bad["reason"]) == (401, "credentials", "credentials: no valid credentials")


def test_a_page_is_logged_too() -> None:
    [line] = logged(("GET", "/nothing", {}))

    assert re.search(r" 404 GET /nothing  \d+\.\d ms$", line)


def test_a_line_stays_one_line_of_bounded_length() -> None:
    entry = (time.time(), "GET", b"/" + b"x" * 5000, 400, 0.001, None, "rule: a\nb\x1b[2J")

    line = text_line(entry)

    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert len(line) < 1000
    assert json.loads(json_line(entry))["status"] == 400


def test_lines_that_the_output_does_not_take_in_time_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "MAX_WAITING", 2)
    monkeypatch.setattr(request_log, "BATCH_SECONDS", 0.3)

    lines = logged(*[("GET", ATTRIBUTES, KEY)] * 5)

    assert len(lines) == 3
    assert lines[-1] == "3 requests are not in this log: the output was too slow"


def test_an_output_that_takes_nothing_holds_no_request_up() -> None:
    stuck, understudy = threading.Event(), create_app(Settings(vendors=("ecdp",)))

    class Stuck(Output):
        def flush(self) -> None:
            stuck.wait(10)

    log = RequestLog(understudy.asgi, Stuck(), text_line)  # type: ignore[arg-type]
    started = time.monotonic()
    with log.writing():
        for _ in range(5):
            assert call(log, "GET", ATTRIBUTES, headers=KEY).status == 200
        assert time.monotonic() - started < 2
        stuck.set()


@contextmanager
def serving(*arguments: str, is_terminal: bool = False) -> Iterator[tuple[str, "Popen[str]", int]]:
    """Yield the root URL, the process, and the end of its standard error to read from."""
    reader, writer = pty.openpty() if is_terminal else os.pipe()
    process = Popen(
        [COMMAND, "serve", "--vendor", "ecdp", "--port", "0", *arguments], stdout=PIPE, stderr=writer, text=True
    )
    os.close(writer)
    try:
        assert process.stdout
        found = re.search(r"http://\S+:\d+", process.stdout.readline())
        assert found
        yield found.group(), process, reader
    finally:
        process.kill()
        process.communicate()
        os.close(reader)


def errors_after_a_call(*arguments: str, is_terminal: bool) -> str:
    with serving(*arguments, is_terminal=is_terminal) as (root, process, reader):
        httpx.get(root + ATTRIBUTES)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        os.set_blocking(reader, False)
        try:
            return os.read(reader, 65536).decode()
        except (BlockingIOError, OSError):
            return ""


def test_a_terminal_shows_a_line_a_request() -> None:
    assert " 401 GET /ecdp/customerattributes  list_customer_attributes  " in errors_after_a_call(is_terminal=True)


def test_a_pipe_gets_no_line_unless_asked() -> None:
    assert errors_after_a_call(is_terminal=False) == ""
    assert " 401 GET " in errors_after_a_call("--log-format", "text", is_terminal=False)
    assert json.loads(errors_after_a_call("--log-format", "json", is_terminal=False))["status"] == 401


def test_quiet_writes_no_line_on_a_terminal() -> None:
    assert errors_after_a_call("--quiet", is_terminal=True) == ""


def test_quiet_with_a_format_is_refused() -> None:
    result = run([COMMAND, "serve", "--quiet", "--log-format", "json"], capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert "--quiet" in result.stderr
    assert "--log-format" in result.stderr


def test_a_dropped_connection_is_dropped_with_the_log_too() -> None:
    with serving("--log-format", "json") as (root, _, reader):
        assert httpx.post(f"{root}/_understudy/api/worlds/main/faults", json={"kind": "drop"}).status_code == 201
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(root + ATTRIBUTES, headers=KEY)
        time.sleep(0.3)
        last = json.loads(os.read(reader, 65536).splitlines()[-1])

    assert last["status"] is None
    assert last["reason"].startswith("fault ")


def test_a_client_that_leaves_before_the_answer_is_logged_as_such() -> None:
    with serving("--log-format", "json") as (root, _, reader):
        host, port = root.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(
                b"POST /ecdp/customers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"x-api-key: understudy-ecdp-dev-key\r\nContent-Length: 9\r\n\r\n{"
            )
            time.sleep(0.2)
        time.sleep(0.4)
        [last] = map(json.loads, os.read(reader, 65536).splitlines())

    assert last["status"] is None
    assert last["reason"] == "the client has left"
