"""Curl commands of the journal, each run by a shell against the world that they come from."""

import gzip
import shutil
import socket
import ssl
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import StandIn
from tests.test_certificates import Server
from understudy.control.curl_commands import write_curl
from understudy.control.exchanges import RedactedExchange
from understudy.control.secrets import NOTHING_SECRET
from understudy.state.journal import Exchange

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed")

OF_THE_CONNECTION = {b"host", b"content-length", b"transfer-encoding", b"connection", b"expect"}
KEY = b"x-api-key: understudy-ecdp-dev-key"
JSON_TYPE = b"content-type: application/json"
CUSTOMER = b'{"mode":"AddOrUpdate","matchBy":"Email","data":[{"email":"%s@example.com"}]}'

REQUESTS: dict[str, tuple[bytes, bytes, list[bytes], bytes]] = {
    "plain": (b"GET", b"/customerattributes", [KEY, b"accept: */*", b"user-agent: me"], b""),
    "without the headers that curl adds": (b"GET", b"/customerattributes", [KEY], b""),
    "head": (b"HEAD", b"/customerattributes", [KEY], b""),
    "head of an unknown path": (b"HEAD", b"/nothing", [KEY], b""),
    "brackets": (b"GET", b"/customerattributes?a[]=1&b={x,y}&c[1-3]=[1-3]", [KEY], b""),
    "repeated parameters": (b"GET", b"/customerattributes?a=1&a=2&a=&b", [KEY], b""),
    "quotes": (
        b"GET",
        b"/customerattributes?a='1'&b=\"2\"&c=$HOME&d=`id`&e=!!",
        [KEY, b"x-quoted: 'a' \"b\" $c `d`"],
        b"",
    ),
    "dots": (b"GET", b"/customers/../x/./y", [KEY], b""),
    "raw UTF-8 in a path": (b"GET", "/café/żółw?q=über".encode(), [KEY], b""),
    "raw bytes in a header": (b"GET", b"/customerattributes", [KEY, b"x-name: \xc3\xa9 \xe9 \\ %s"], b""),
    "an empty header": (b"GET", b"/customerattributes", [KEY, b"x-empty:"], b""),
    "a repeated header": (b"GET", b"/customerattributes", [KEY, b"x-two: 1", b"x-two: 2"], b""),
    "accept-encoding": (b"GET", b"/customerattributes", [KEY, b"accept-encoding: gzip, br"], b""),
    "delete": (b"DELETE", b"/customers", [KEY], b""),
    "json": (b"POST", b"/customers", [KEY, JSON_TYPE], CUSTOMER % b"json"),
    "text with an at sign first": (b"POST", b"/customers", [KEY, JSON_TYPE], b"@/etc/passwd"),
    "quotes in a body": (b"POST", b"/customers", [KEY, JSON_TYPE], b'{"it\'s": "$HOME `id` \\\\n %s"}'),
    "lines": (b"POST", b"/customers", [KEY, JSON_TYPE], b'{\r\n\t"a": "\\n 100 %",\n "b": "it\'s"\n}\n\n'),
    "line separators": (b"POST", b"/customers", [KEY, JSON_TYPE], '{"a": "\u2028\x85\x0c7\ufeff"}'.encode()),
    "other letters": (b"POST", b"/customers", [KEY, JSON_TYPE], '{"a": "źdźbło 日本 🎉"}'.encode()),
    "a zero byte": (b"POST", b"/customers", [KEY, JSON_TYPE], b"{\x00}12"),
    "no content type": (b"POST", b"/customers", [KEY], b'{"a": 1}'),
    "no content type, empty body": (b"POST", b"/customers", [KEY, b"content-length: 0"], b""),
    "no length either": (b"POST", b"/customers", [KEY], b""),
    "another content type": (b"POST", b"/customers", [KEY, b"content-type: text/plain"], b"a=1&b=2"),
    "a form": (b"POST", b"/customers", [KEY, b"content-type: application/x-www-form-urlencoded"], b"a=1&a=2&b=+%20&c"),
    "binary": (b"POST", b"/customers", [KEY, JSON_TYPE], bytes(range(256)) * 4),
    "one byte below the limit of an argument": (b"POST", b"/customers", [KEY, JSON_TYPE], b"x" * 99_999),
    "at the limit of an argument": (b"POST", b"/customers", [KEY, JSON_TYPE], b"x" * 100_000),
    "over the limit of an argument": (b"POST", b"/customers", [KEY, JSON_TYPE], b"x" * 100_001),
    "128 KiB": (b"POST", b"/customers", [KEY, JSON_TYPE], b"y" * 131_073),
    "a megabyte": (b"POST", b"/customers", [KEY, JSON_TYPE], "é".encode() * 500_000),
    "refused for its credentials": (b"POST", b"/customers", [b"x-api-key: wrong", JSON_TYPE], CUSTOMER % b"wrong"),
    "refused without credentials": (b"POST", b"/customers", [JSON_TYPE], b"no json \xff"),
    "to no operation": (b"POST", b"/nowhere", [KEY, JSON_TYPE], b'{"a": 1}'),
    "by a method that is not taken": (b"PUT", b"/customerattributes", [KEY, JSON_TYPE], b'{"a": 1}'),
    "in a coding that is refused": (b"POST", b"/customers", [KEY, JSON_TYPE, b"content-encoding: br"], b"\x0b\x02"),
    "in three codings": (
        b"POST",
        b"/customers",
        [KEY, JSON_TYPE, b"content-encoding: gzip, gzip", b"content-encoding: gzip"],
        gzip.compress(b"{}"),
    ),
    "in no coding": (b"POST", b"/customers", [KEY, JSON_TYPE, b"content-encoding: identity"], CUSTOMER % b"same"),
    "nothing, in a coding": (b"POST", b"/customers", [KEY, JSON_TYPE, b"content-encoding: gzip"], b""),
    "a megabyte of bytes": (b"POST", b"/customers", [KEY, JSON_TYPE], b"\xff\x00" * 500_000),
}


def send(root: str, request: tuple[bytes, bytes, list[bytes], bytes], prefix: bytes) -> None:
    """Send a request byte by byte as it is given, with the headers that HTTP demands."""
    method, target, headers, body = request
    address = urlsplit(root)
    assert address.hostname
    assert address.port
    lines = [method + b" " + prefix + target + b" HTTP/1.1", b"host: " + address.netloc.encode(), *headers]
    if body:
        lines.append(b"content-length: %d" % len(body))
    lines.append(b"connection: close")
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        while connection.recv(65536):
            pass


def run(line: str, *, environment: dict[str, str] | None = None) -> None:
    """Run a line in a shell that reads it from its standard input, as from a file."""
    found = subprocess.run(
        ["/bin/sh", "-s"], input=f"{line}\n".encode(), capture_output=True, timeout=20, check=False, env=environment
    )
    assert found.returncode == 0, (line[:300], found.stderr[-500:])


def as_arrived(exchange: Exchange) -> Any:
    headers = [(name, value) for name, value in exchange.request_headers if name not in OF_THE_CONNECTION]
    return exchange.method, exchange.target, sorted(headers), exchange.request_body, exchange.status


@pytest.mark.parametrize("name", REQUESTS)
def test_a_command_makes_the_same_request_again(stand_in: StandIn, name: str) -> None:
    send(stand_in.root, REQUESTS[name], f"/@{stand_in.world.name}/ecdp".encode())
    steer = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}"
    answer = httpx.get(f"{steer}/journal/curl?reveal=true")
    title, line = answer.text.splitlines()

    run(line)

    assert title == f"# world {stand_in.world_name}"
    first, again = stand_in.world.journal
    assert as_arrived(again) == as_arrived(first)
    lengths = [dict(each.request_headers).get(b"content-length") for each in (first, again)]
    assert lengths[0] == lengths[1]
    assert b"expect" not in dict(again.request_headers)


ENCODED: dict[str, tuple[list[bytes], bytes, bytes]] = {
    "gzip": ([b"gzip"], gzip.compress(CUSTOMER % b"gzip"), CUSTOMER % b"gzip"),
    "deflate": ([b"Deflate"], zlib.compress(CUSTOMER % b"zlib"), CUSTOMER % b"zlib"),
    "gzip, deflate": ([b"gzip, deflate"], zlib.compress(gzip.compress(CUSTOMER % b"two")), CUSTOMER % b"two"),
    "two lines": ([b"identity, gzip", b"gzip"], gzip.compress(gzip.compress(CUSTOMER % b"2")), CUSTOMER % b"2"),
    "gzip within gzip": ([b"gzip"], gzip.compress(gzip.compress(b"{}")), gzip.compress(b"{}")),
    "zlib within deflate": ([b"deflate"], zlib.compress(zlib.compress(b"{}")), zlib.compress(b"{}")),
}


@pytest.mark.parametrize("key", [KEY, b"x-api-key: wrong"], ids=["accepted", "refused"])
@pytest.mark.parametrize("name", ENCODED)
def test_a_command_sends_a_body_that_was_encoded_as_it_was_decoded(stand_in: StandIn, name: str, key: bytes) -> None:
    codings, sent, body = ENCODED[name]
    headers = [key, JSON_TYPE, *(b"content-encoding: " + coding for coding in codings)]
    send(stand_in.root, (b"POST", b"/customers", headers, sent), f"/@{stand_in.world.name}/ecdp".encode())
    steer = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}"

    run(httpx.get(f"{steer}/journal/curl?reveal=true").text.splitlines()[1])

    first, again = stand_in.world.journal
    assert first.request_body == again.request_body == body
    assert first.status == again.status
    assert b"content-encoding" in dict(first.request_headers)
    assert b"content-encoding" not in dict(again.request_headers)


@pytest.mark.parametrize("shell", ["bash", "dash", "busybox"])
def test_commands_are_the_same_in_other_shells(stand_in: StandIn, shell: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    names = ["lines", "a zero byte", "binary", "raw bytes in a header", "quotes in a body"]
    for name in names:
        send(stand_in.root, REQUESTS[name], f"/@{stand_in.world_name}/ecdp".encode())
    steer = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}"
    script = httpx.get(f"{steer}/journal/curl?reveal=true").content

    words = [found, "sh", "-s"] if shell == "busybox" else [found, "-s"]
    subprocess.run(words, input=script + b"\n", capture_output=True, timeout=20, check=True)

    arrived = [*map(as_arrived, stand_in.world.journal)]
    assert arrived[len(names) :] == arrived[: len(names)]


def test_a_command_for_a_vendors_own_host_comes_here(stand_in: StandIn) -> None:
    url = f"{stand_in.root}/@{stand_in.world.name}/customerattributes"
    httpx.get(url, headers={"host": "api.ecdp.app", "x-api-key": "understudy-ecdp-dev-key"})
    steer = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}"

    line = httpx.get(f"{steer}/journal/curl?reveal=true").text.splitlines()[1]
    run(line)

    assert f" http://api.ecdp.app/@{stand_in.world_name}/customerattributes " in line
    first, again = stand_in.world.journal
    assert (again.status, as_arrived(again)) == (200, as_arrived(first))
    assert dict(again.request_headers)[b"host"] == b"api.ecdp.app"


def test_a_body_that_was_not_kept_is_marked(stand_in: StandIn) -> None:
    damaged = [KEY, JSON_TYPE, b"content-encoding: gzip"]
    send(stand_in.root, (b"POST", b"/customers", damaged, b"{}"), f"/@{stand_in.world_name}/ecdp".encode())
    steer = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}"

    line = httpx.get(f"{steer}/journal/curl?reveal=true").text.splitlines()[1]
    run(line)

    assert line.endswith("# its body is not in the journal")
    assert [each.status for each in stand_in.world.journal] == [400, 400]


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.stop()


def test_a_command_has_https_where_tls_was_spoken(tls_server: Server) -> None:
    world = f"{tls_server.root}/_understudy/api/worlds/main"
    url = f"{tls_server.root}/ecdp/customerattributes"
    with httpx.Client(verify=ssl.create_default_context(cafile=str(tls_server.trusted))) as client:
        client.get(url, headers={"x-api-key": "understudy-ecdp-dev-key"})
        line = client.get(f"{world}/journal/curl?reveal=true").text.splitlines()[1]
        archive = client.get(f"{world}/journal/har").json()
        run(line, environment={"CURL_CA_BUNDLE": str(tls_server.trusted), "PATH": "/usr/bin:/bin"})
        first, again = client.get(f"{world}/journal?reveal=true").json()

    assert f" {url} " in line
    assert archive["log"]["entries"][0]["request"]["url"] == url
    assert first["request"]["scheme"] == "https"
    assert [first["request"][name] for name in ("scheme", "target")] == [
        again["request"][name] for name in ("scheme", "target")
    ]
    assert again["response"]["status"] == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (b"/ecdp/customers", ["http://here/ecdp/customers"]),
        (b"/ecdp/a/../b", ["http://here/ecdp/a/../b", "--path-as-is"]),
        (b"/ecdp/[1]", ["http://here/ecdp/[1]", "--globoff"]),
        (b"/ecdp/a#b", ["http://here/", "--request-target", "/ecdp/a#b"]),
        (b"/ecdp/\xc3\xa9'", ["http://here/", "--request-target", "/ecdp/\xc3\xa9'"]),
    ],
)
def test_a_path_is_sent_byte_by_byte(path: bytes, words: list[str]) -> None:
    exchange = Exchange(0, "ecdp", "", "GET", path, b"", 404, "behaviour", request_headers=[(b"host", b"here")])
    line = write_curl([RedactedExchange(1, exchange, NOTHING_SECRET)], "main").splitlines()[1]

    script = f"curl() {{ printf '%s\\n' \"$@\"; }}\n{line}\n"
    seen = subprocess.run(["/bin/sh", "-s"], input=script.encode(), capture_output=True, check=True)

    arguments = seen.stdout.decode("latin-1").splitlines()
    assert arguments[2 : 2 + len(words)] == words
