"""Command line, run as processes: output and exit codes."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from typing import Any

import httpx
import pytest

from understudy import __version__, cli

COMMAND = Path(sys.executable).with_name("understudy")
VENDORS = ["capillary", "crmcom", "ecdp", "twc"]
ADDRESS = re.compile(r"http://[\w.:\[\]]+:\d+")
QUIET = 3.0

Json = dict[str, Any]


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=30, cwd=cwd, env=None
    )


class Server:
    """Process of ``understudy serve``, with its output so far."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.first_line = self.process.stdout.readline()
        found = ADDRESS.search(self.first_line)
        assert found, self.first_line + self.stop(signal.SIGKILL)[1]
        self.root = found.group()

    def stop(self, number: signal.Signals) -> tuple[str, str]:
        """Send a signal; return the rest of the output and of the errors when the process has ended."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=30)
        return output, errors


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server()
    yield started
    if started.process.poll() is None:
        started.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def credentials(server: Server) -> dict[str, Json]:
    """Output of ``understudy credentials --json`` for the started server."""
    result = run("credentials", "--json", "--port", server.root.rsplit(":", 1)[1])
    assert result.returncode == 0, result.stderr
    found: dict[str, Json] = json.loads(result.stdout)
    return found


def assert_one_line(result: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Assert that a command failed with exit code 2 and one line with the reason."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    for part in parts:
        assert part in result.stderr


def test_a_started_server_prints_its_address_and_is_ready(server: Server) -> None:
    assert "127.0.0.1" in server.first_line
    health = httpx.get(f"{server.root}/_understudy/api/health")

    assert health.status_code == 200
    assert health.json()["version"] == __version__
    assert set(VENDORS) <= set(health.json()["vendors"])


def test_credentials_name_what_a_client_needs(credentials: dict[str, Json], server: Server) -> None:
    needed = {
        "capillary": "username password key secret",
        "crmcom": "api_key cim classification contact_id merchant organisation outlet password username",
        "ecdp": "api_key custom_event_id customer_email segment_id",
        "twc": "tenant client_id client_secret",
    }

    for vendor, names in needed.items():
        assert {"base_url", *names.split()} <= credentials[vendor].keys()
        assert all(credentials[vendor][name] not in (None, "") for name in names.split())
        assert credentials[vendor]["base_url"].startswith(f"{server.root}/{vendor}")


def test_capillarys_credentials_make_a_first_call_by_token(credentials: dict[str, Json]) -> None:
    mine = credentials["capillary"]
    token = httpx.post(
        f"{mine['base_url']}/v3/oauth/token/generate", json={"key": mine["key"], "secret": mine["secret"]}
    )

    headers = {"X-CAP-API-OAUTH-TOKEN": token.json()["data"]["accessToken"]}
    assert httpx.get(f"{mine['base_url']}/v2/events", headers=headers).status_code == 200


def test_capillarys_credentials_make_a_first_call_by_name_and_password(credentials: dict[str, Json]) -> None:
    mine = credentials["capillary"]
    hashed = md5(mine["password"].encode()).hexdigest()  # noqa: S324 - the vendor's wire format
    pair = b64encode(f"{mine['username']}:{hashed}".encode()).decode()

    answer = httpx.get(f"{mine['base_url']}/v2/events", headers={"Authorization": f"Basic {pair}"})

    assert answer.status_code == 200


def test_crmcoms_credentials_make_a_first_purchase(credentials: dict[str, Json]) -> None:
    mine = credentials["crmcom"]
    purchase = {
        "cim": mine["cim"],
        "reference_number": "FIRST-CALL",
        "merchant_tap": {"code": mine["merchant"]},
        "outlet_tap": {"code": mine["outlet"]},
        "products": [{"product_sku": "X", "net_amount": 1.0, "tax_amount": 0.2, "total_amount": 1.2}],
    }

    answer = httpx.post(f"{mine['base_url']}/purchases", json=purchase, headers={"api_key": mine["api_key"]})

    assert answer.status_code == 200, answer.text
    by_contact = {**purchase, "reference_number": "SECOND-CALL", "contact_id": mine["contact_id"]}
    del by_contact["cim"]
    again = httpx.post(f"{mine['base_url']}/purchases", json=by_contact, headers={"api_key": mine["api_key"]})
    assert again.status_code == 200, again.text


def test_ecdps_credentials_trigger_a_first_event(credentials: dict[str, Json]) -> None:
    mine = credentials["ecdp"]
    headers = {"x-api-key": mine["api_key"]}

    one = {"customEventId": mine["custom_event_id"], "customerEmail": mine["customer_email"], "dataFields": []}
    answer = httpx.post(f"{mine['base_url']}/scenariocustomevents", json=one, headers=headers)
    assert answer.status_code == 201, answer.text

    many = {"customEventId": mine["custom_event_id"], "segments": [mine["segment_id"]]}
    answer = httpx.post(f"{mine['base_url']}/scenariocustomevents/withsegments", json=many, headers=headers)
    assert answer.status_code == 201, answer.text


def test_twcs_credentials_make_a_first_event(credentials: dict[str, Json]) -> None:
    mine = credentials["twc"]
    form = {
        "grant_type": "client_credentials",
        "client_id": mine["client_id"],
        "client_secret": mine["client_secret"],
    }
    token = httpx.post(f"{mine['base_url']}/auth/realms/{mine['tenant']}/protocol/openid-connect/token", data=form)
    event = {
        "entity_id": "first-call",
        "entity_name": "INVENTORY_LEVEL",
        "event_payload": {"entity_id": "first-call", "base64_encoded_payload_json": "e30=", "operation": "BULK_CREATE"},
        "event_source": "APPLICATION",
        "event_type": "ENTITY_EVENT",
    }

    answer = httpx.post(
        f"{mine['base_url']}/services/eventcollector/api/v1/events",
        json=event,
        headers={"Authorization": f"Bearer {token.json()['access_token']}", "X-TWC-Tenant": mine["tenant"]},
    )

    assert answer.status_code == 201, answer.text


def test_a_port_in_use_is_reported_in_one_line(server: Server) -> None:
    port = server.root.rsplit(":", 1)[1]

    assert_one_line(run("serve", "--port", port), port, "in use", "--port")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_quietly(number: signal.Signals) -> None:
    started = Server("--vendor", "ecdp")
    with httpx.Client(base_url=started.root) as client:  # holds a connection open
        assert client.get("/_understudy/api/health").status_code == 200
        sent = time.monotonic()
        output, errors = started.stop(number)

    assert time.monotonic() - sent < QUIET
    assert "Traceback" not in output + errors
    assert started.process.returncode == 0, errors


def test_a_request_that_never_ends_does_not_hold_the_server_up() -> None:
    started = Server("--vendor", "ecdp")
    host, port = started.root.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(
            b"POST /ecdp/customers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"x-api-key: understudy-ecdp-dev-key\r\nContent-Length: 100\r\n\r\n{"
        )
        time.sleep(0.2)
        sent = time.monotonic()
        output, errors = started.stop(signal.SIGINT)

    assert time.monotonic() - sent < QUIET + 2
    assert "Traceback" not in output + errors


def test_only_the_vendors_that_are_named_are_served() -> None:
    started = Server("--vendor", "ecdp", "--vendor", "twc", "--auth", "any")
    try:
        assert httpx.get(f"{started.root}/_understudy/api/health").json()["vendors"] == ["ecdp", "twc"]
        unknown = {"x-api-key": "anything"}
        assert httpx.get(f"{started.root}/ecdp/customerattributes", headers=unknown).status_code == 200
        assert httpx.get(f"{started.root}/ecdp/customerattributes").status_code == 401
    finally:
        started.stop(signal.SIGKILL)


@pytest.mark.parametrize("command", ["serve", "credentials", "operations"])
def test_an_unknown_vendor_is_reported_in_one_line_with_the_nearest(command: str) -> None:
    assert_one_line(run(command, "--vendor", "crmcon"), "'crmcon'", "did you mean 'crmcom'?")


@pytest.mark.parametrize("command", ["serve", "credentials"])
def test_an_unreadable_scenario_is_reported_in_one_line(command: str, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.yaml"
    assert_one_line(run(command, "--scenario", str(missing)), str(missing))


def test_a_mistake_in_a_scenario_is_reported_in_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("seed: 1\npeeple: 3\n")

    assert_one_line(run("serve", "--scenario", str(wrong)), f"{wrong}:2", "'people'")


@pytest.mark.parametrize(
    "arguments",
    [("--auth", "maybe"), ("--port", "99999"), ("--host", "no.such.host.invalid"), ("--verbosely",)],
    ids=" ".join,
)
def test_a_wrong_option_is_reported_in_one_line(arguments: tuple[str, ...]) -> None:
    assert_one_line(run("serve", *arguments), arguments[0])


def test_operations_are_a_row_each() -> None:
    result = run("operations", "--json")

    rows = json.loads(result.stdout)
    assert result.returncode == 0
    keys = {"vendor", "tag", "operationId", "method", "path", "fidelity", "provenance"}
    assert all(keys <= row.keys() for row in rows)
    assert {row["vendor"] for row in rows} >= set(VENDORS)
    assert {row["fidelity"] for row in rows} <= {"behaviour", "sample"}
    assert all({"path", "shapes", "errors"} <= row["provenance"].keys() for row in rows)
    assert all(row["method"].isupper() and row["path"].startswith("/") for row in rows)


def test_operations_can_be_read_as_a_table_from_any_folder(tmp_path: Path) -> None:
    result = run("operations", "--vendor", "ecdp", cwd=tmp_path)

    header, *lines = result.stdout.splitlines()
    assert result.returncode == 0
    starts = [header.index(name) for name in ("vendor", "operationId", "method", "path", "fidelity")]
    assert starts == sorted(starts)
    assert lines
    for line in lines:
        assert all(line[start - 1] == " " and line[start] != " " for start in starts[1:]), line
    assert "\x1b" not in result.stdout


def test_credentials_can_be_read_as_a_table() -> None:
    result = run("credentials", "--vendor", "twc", "--port", "9999")

    assert result.returncode == 0
    assert result.stdout.splitlines()[0] == "twc"
    assert re.search(r"^ +base_url +http://127\.0\.0\.1:9999/twc$", result.stdout, re.MULTILINE)
    assert re.search(r"^ +client_secret +understudy-secret$", result.stdout, re.MULTILINE)


def test_another_seed_makes_other_people(credentials: dict[str, Json]) -> None:
    made = json.loads(run("credentials", "--json", "--vendor", "crmcom", "--seed", "2").stdout)

    assert made["crmcom"]["cim"] != credentials["crmcom"]["cim"]


def test_the_version_and_the_help_are_printed() -> None:
    assert __version__ in run("--version").stdout
    output = run("--help").stdout
    for command in ("serve", "operations", "credentials"):
        assert command in output


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_commands_help_begins_with_its_summary_in_the_list(name: str) -> None:
    listed = cli.main.commands[name]
    assert isinstance(listed, cli.Deferred)

    text = " ".join((listed.load().help or "").split())

    assert text.startswith(listed.help or "nothing")


def test_the_help_is_printed_without_the_imports_of_the_server() -> None:
    code = "import sys; from understudy import cli; print({'connexion', 'uvicorn', 'flask'} & sys.modules.keys())"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
