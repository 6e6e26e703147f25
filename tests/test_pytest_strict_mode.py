"""Strict mode and the calls that no world's journal has, in suites that a test writes and runs."""

import re

from tests.test_pytest_plugin import PYTEST, XDIST, Suite, suite

__all__ = ["PYTEST", "suite"]

UNROUTED = """
import socket, urllib.error
from urllib.parse import urlsplit

def get(url, status=404):
    try:
        urllib.request.urlopen(url).close()
    except urllib.error.HTTPError as error:
        error.close()
        assert error.code == status
    else:
        assert status == 200

def root(vendor): return vendor.world.control.root

def encoded(vendor): get(vendor.url.replace("/@", "/%40") + "/customerattributes")

def unknown(vendor): get(vendor.url.replace("/ecdp", "/ecpd") + "/customers")

def malformed(vendor):
    address = urlsplit(vendor.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(f"GET {address.path}/a b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n".encode())
        assert b" 400 " in connection.recv(1000)

def fork(vendor, name, parent=None):
    url = f"{root(vendor)}/_understudy/api/worlds/{parent or vendor.world.name}/fork"
    body = json.dumps({"name": name}).encode()
    urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})).close()

def name_of(vendor, end): return vendor.world.name[-8:] + end
"""

OWN = """
def test_encoded(ecdp): encoded(ecdp)
def test_unknown(ecdp): unknown(ecdp)
def test_malformed(ecdp): malformed(ecdp)
def test_forked(ecdp):
    fork(ecdp, name_of(ecdp, "a"))
    get(f"{root(ecdp)}/@{name_of(ecdp, 'a')}/ecdp/nowhere")
def test_forked_twice(ecdp):
    fork(ecdp, name_of(ecdp, "a"))
    fork(ecdp, name_of(ecdp, "b"), name_of(ecdp, "a"))
    get(f"{root(ecdp)}/@{name_of(ecdp, 'b')}/ecdp/nowhere")
def test_another_vendor_expected(ecdp):
    with pytest.raises(AssertionError, match="no call to crmcom was refused"), ecdp.world.expect_refusals("crmcom"):
        encoded(ecdp)

def test_clean(ecdp): add(ecdp, "Ada")
def test_forked_cleanly(ecdp):
    fork(ecdp, name_of(ecdp, "a"))
@pytest.mark.parametrize("refuse", [encoded, unknown, malformed])
def test_expected(ecdp, refuse):
    with ecdp.world.expect_refusals():
        refuse(ecdp)
@pytest.mark.parametrize("refuse", [encoded, malformed])
def test_expected_of_the_vendor(ecdp, refuse):
    with ecdp.expect_refusals():
        refuse(ecdp)
@pytest.mark.understudy(expect_refusals=True)
def test_marked(ecdp): encoded(ecdp)
@pytest.mark.understudy(strict=False)
def test_lenient(ecdp): encoded(ecdp)
def test_cleared(ecdp):
    encoded(ecdp)
    ecdp.world.forget_calls()
"""
STRAY = """
def test_stray(ecdp): get(root(ecdp) + "/nowhere")
"""
FAIL = [
    "test_encoded",
    "test_unknown",
    "test_malformed",
    "test_forked",
    "test_forked_twice",
    "test_another_vendor_expected",
]


def failed_in(output: str) -> list[str]:
    return re.findall(r"^FAILED test_it.py::(\w+)", output, re.MULTILINE)


def test_a_call_that_no_journal_has_fails_the_test_whose_world_it_names(suite: Suite) -> None:
    output = suite.run(UNROUTED + OWN, "-rfE", ini="understudy_strict = true").stdout

    assert failed_in(output) == FAIL
    assert "ERROR test_it" not in output
    assert re.search(
        r"^404 GET /%40test-encoded-\w+/ecdp/customerattributes +\(no operation, unrouted\)", output, re.MULTILINE
    )
    assert re.search(r"^400 malformed: /@test-malformed-\w+/ecdp/a ", output, re.MULTILINE)


def test_on_a_server_of_its_own_a_call_of_no_world_fails_the_test_that_runs(suite: Suite) -> None:
    code = """
def test_expected(ecdp):
    with ecdp.world.expect_refusals():
        get(root(ecdp) + "/nowhere")
def test_clean(ecdp): add(ecdp, "Ada")
"""
    output = suite.run(UNROUTED + STRAY + code, "-rfE", ini="understudy_strict = true", starts=True).stdout

    assert failed_in(output) == ["test_stray"]
    assert "1 call reached the server and no world" in output
    assert "404 GET /nowhere" in output


def test_on_a_shared_server_a_call_of_no_world_is_in_the_summary_and_fails_nobody(suite: Suite) -> None:
    code = """
def test_in_vain(ecdp):
    with pytest.raises(AssertionError), ecdp.world.expect_refusals():
        get(root(ecdp) + "/nowhere/else")
"""
    for arguments in ((), (*XDIST, "2")):
        output = suite.run(UNROUTED + STRAY + code, *arguments, ini="understudy_strict = true").stdout

        assert "2 passed" in output, output
        summary = output.partition("= calls that reached the server and no world =")[2]
        assert summary.count("404 GET /nowhere  (no operation, unrouted)") == 1
        assert summary.count("404 GET /nowhere/else ") == 1


def test_a_world_that_a_test_asks_for_by_name_is_its_own(suite: Suite) -> None:
    code = """
from understudy.client import RemoteVendor
from understudy.pytest_plugin import world_fixture

shop = world_fixture("module")

def refuse(vendor): get(vendor.url + "/nowhere")

def test_vendor(request): refuse(request.getfixturevalue("ecdp"))
def test_shared(request): refuse(RemoteVendor(request.getfixturevalue("shop"), "ecdp"))
def test_not_a_user(ecdp): assert 1 == 2
@pytest.mark.understudy(expect_refusals=True)
def test_expected_in_vain(request): request.getfixturevalue("ecdp")
@pytest.mark.understudy(expect_refusals=True)
def test_expected_without_a_world(): ...

@pytest.mark.understudy(expect_refusals=True)
def test_expected(request): refuse(request.getfixturevalue("ecdp"))
def test_clean(request): add(request.getfixturevalue("ecdp"), "Ada")
def test_clean_after_others(request): request.getfixturevalue("shop")
"""
    output = suite.run(UNROUTED + code, "-rfE", ini="understudy_strict = true").stdout

    assert failed_in(output) == [
        "test_vendor", "test_shared", "test_not_a_user", "test_expected_in_vain", "test_expected_without_a_world",
    ]  # fmt: skip
    assert "ERROR test_it" not in output
    report = output.partition("short test summary info")[0]  # on CI its lines are not cut, and hold the reasons too
    assert report.count("the contract refused 1 call in the world") == 2
    assert report.count("no call was refused in a world of this test") == 2
