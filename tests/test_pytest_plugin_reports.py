"""Reports, strict mode and shared worlds of the pytest plugin, in suites that a test writes and runs."""

import re

import pytest

from tests.test_pytest_plugin import PYTEST, Suite, assert_passes, suite

__all__ = ["PYTEST", "suite"]

WRONG = """
import urllib.error

def refuse(vendor):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        call(vendor, "POST", "/customers", {"mode": "No such mode"})

def stray(vendor):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        call(vendor, "GET", "/no-such-path")
"""


def report_of(output: str, test: str) -> str:
    """Return the part of pytest's output on one failed test."""
    parts = re.split(r"^_{3,} (.*?) _{3,}$", output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[test]


@pytest.mark.parametrize(
    "assertion",
    [
        'understudy.verify(EXPECTED)["holds"]',
        "understudy.verify(EXPECTED)",
        'understudy.verify(EXPECTED)["holds"] is True',
        'understudy.verify(EXPECTED)["holds"], "of my own"',
    ],
)
def test_a_failed_verdict_reads_as_its_findings(suite: Suite, assertion: str) -> None:
    output = suite.run(
        f"""
EXPECTED = [
    {{"calls": {{"operation": "save_customers"}}}},
    {{"calls": {{"operation": "save_customers", "request": {{"data": [{{"firstName": "Bob"}}]}}}}, "exactly": 1}},
]

def test_fails(ecdp, understudy):
    add(ecdp, "Ada")
    assert {assertion}
"""
    ).stdout

    shown = [line for line in output.splitlines() if line.startswith("E  ")]
    assert re.match(r"E +AssertionError: the calls in the world test-fails-\w+ are not as expected$", shown[0])
    assert 'expectation 1, {"calls": {"operation": "save_customers", "request":' in shown[1]
    assert shown[2].endswith("fails  0 calls fit, expected exactly 1")
    assert shown[3].endswith("nearest: 1 ecdp save_customers 201")
    assert shown[4].endswith('request/data/0/firstName: expected "Bob", found "Ada"')
    if "of my own" in assertion:
        assert "of my own" in shown[5]


def test_an_assertion_on_something_else_stays_as_it_is(suite: Suite) -> None:
    output = suite.run(
        """
def test_one(ecdp, understudy):
    assert not understudy.verify([{"calls": {"vendor": "ecdp"}}])["holds"]
    assert 1 == 2

def test_two():
    assert False
"""
    ).stdout

    assert "2 failed" in output
    assert "are not as expected" not in output


def test_failures_in_fixtures_show_the_calls(suite: Suite) -> None:
    output = suite.run(
        """
@pytest.fixture
def before(ecdp):
    add(ecdp, "Setup")
    raise RuntimeError("before")

@pytest.fixture
def after(ecdp):
    yield
    add(ecdp, "Teardown")
    raise RuntimeError("after")

@pytest.fixture
def verified(understudy):
    yield
    assert understudy.verify([{"calls": {"operation": "save_customers"}}])["holds"]

def test_setup(before): ...
def test_teardown(after): ...
def test_verified(verified): ...

def test_worlds_are_gone(understudy, understudy_control):
    names = [world["name"] for world in understudy_control.rows("worlds")]
    assert [name for name in names if name.startswith(("test-setup", "test-teardown", "test-verified"))] == []
"""
    ).stdout

    assert "3 passed, 3 errors" in output
    assert '"firstName": "Setup"' in report_of(output, "ERROR at setup of test_setup")
    assert '"firstName": "Teardown"' in report_of(output, "ERROR at teardown of test_teardown")
    assert "fails  0 calls fit, expected at least 1" in report_of(output, "ERROR at teardown of test_verified")
    assert output.count("- calls in the world test-") == 3


def test_a_call_that_a_fault_struck_names_it(suite: Suite) -> None:
    output = suite.run(
        """
import urllib.error

def test_fails(ecdp):
    ecdp.faults.add("status", status=503, times=1)
    with pytest.raises(urllib.error.HTTPError):
        call(ecdp, "GET", "/customerattributes")
    call(ecdp, "GET", "/customerattributes")
    assert ecdp.world.verify([{"calls": {"status": "404"}}])["holds"]
"""
    ).stdout

    assert "(list_customer_attributes, fault, struck by fault-1)" in output
    assert output.count("(list_customer_attributes, accepted)") == 1
    assert "nearest: 1 ecdp list_customer_attributes 503 (struck by fault-1)" in output


def test_a_misspelt_question_is_refused_with_the_nearest_name(suite: Suite) -> None:
    code = """
from datetime import UTC, datetime
from understudy.client import Declined, UnknownKeyword
from understudy.core.misconfigured import Misconfigured

def refuses(kind, hint, function, *args, **kwargs):
    with pytest.raises(kind) as caught:
        function(*args, **kwargs)
    assert hint in str(caught.value), str(caught.value)

def test_questions(crmcom, understudy):
    for error in (UnknownKeyword, TypeError, Misconfigured):
        refuses(error, "did you mean 'status'?", crmcom.calls, statsu="4xx")
        refuses(error, "did you mean 'status'?", understudy.calls, statsu="4xx")
        refuses(error, "did you mean 'vendor'?", understudy.sent, vendr="twc")
        refuses(error, "did you mean 'operation'?", crmcom.faults.add, "status", operaton="create_purchase")
        refuses(error, "did you mean 'days'?", crmcom.clock.move, day=1)
    refuses(Declined, "did you mean 'create_purchase'?", crmcom.calls, "create_purchas")
    refuses(Declined, "did you mean 'create_purchase'?", understudy.calls, operation="create_purchas")
    refuses(Declined, "crmcom has one", understudy.calls, vendor="ecdp", operation="create_purchase")
    refuses(Declined, "did you mean 'crmcom'?", understudy.calls, vendor="crmcon")
    refuses(Declined, "did you mean 'twc'?", understudy.sent, vendor="twcc")
    refuses(Declined, "such as `4xx`", crmcom.calls, status="4x")
    refuses(Declined, "did you mean 'contract'?", crmcom.calls, outcome="contrac")
    refuses(Declined, "did you mean 'crmcom'?", understudy.verify, [{"calls": {"vendor": "crmcon"}, "exactly": 0}])
    refuses(Declined, "did you mean 'exactly'?", understudy.verify, [{"calls": {}, "exacly": 0}])
    refuses(Declined, "did you mean 'create_purchase'?", understudy.verify,
            [{"calls": {"operation": "create_purchas"}, "exactly": 0}])
    refuses(KeyError, "did you mean 'purchases'?", crmcom.state.__getitem__, "purchase")
    refuses(Declined, "did you mean 'scenario'?", understudy.control.call, "POST", "worlds",
            body={"from": {"scenaro": "x"}})

def test_right_questions(crmcom, understudy):
    assert crmcom.calls("create_purchase") == crmcom.calls(status=404) == crmcom.calls(status="4xx") == []
    assert crmcom.calls(since=datetime(2026, 1, 1, tzinfo=UTC), outcome="rule", limit=1, reveal=True) == []
    assert understudy.sent(vendor="twc", limit=1) == []
    assert understudy.verify([{"calls": {"vendor": "crmcom"}, "exactly": 0}])
"""
    assert_passes(suite.run(code), 2)


def test_a_misspelt_mark_or_setting_is_refused(suite: Suite) -> None:
    output = suite.run(
        """
from understudy.pytest_plugin import world_fixture

@pytest.mark.understudy("start")
def test_positional(): ...

@pytest.mark.understudy(stict=True)
def test_of_no_world(): ...

def test_factory():
    with pytest.raises(Exception, match="world_fixture takes scenario, seed, at, rate, not 'sed'; did you mean 'seed'"):
        world_fixture(sed=7)
"""
    ).stdout
    wrong = suite.run("def test_it(): ...\n", ini="understudy_server = workr")

    assert "1 passed, 2 errors" in output
    assert "strict, expect_refusals by name, not 'start'" in output
    assert "not 'stict'; did you mean 'strict'?" in output
    assert wrong.returncode == pytest.ExitCode.USAGE_ERROR
    assert "understudy_server is 'workr': give shared or worker; did you mean 'worker'?" in wrong.stderr


STRICT = (
    WRONG
    + """
@pytest.fixture
def refused_later(ecdp):
    yield
    refuse(ecdp)

@pytest.fixture
def refused_before(ecdp):
    refuse(ecdp)

def test_refused(ecdp): refuse(ecdp)
def test_stray(ecdp): stray(ecdp)
def test_before(refused_before): ...
def test_later(refused_later): ...
def test_refused_without_trace(ecdp, understudy):
    refuse(ecdp)
    for _ in range(1001):
        call(ecdp, "GET", "/customerattributes")
def test_failed_anyway(ecdp):
    refuse(ecdp)
    assert "of its own" == ""
def test_one_too_many(ecdp, understudy):
    with understudy.expect_refusals():
        refuse(ecdp)
    refuse(ecdp)
def test_expected_in_vain(ecdp, understudy):
    with understudy.expect_refusals():
        add(ecdp, "Ada")
def test_expected_of_another_vendor(ecdp, crmcom):
    with crmcom.expect_refusals():
        refuse(ecdp)
@pytest.mark.understudy(expect_refusals=True)
def test_marked_in_vain(ecdp): add(ecdp, "Ada")

def test_ok(ecdp): add(ecdp, "Ada")
def test_expected(ecdp, understudy):
    with understudy.expect_refusals():
        refuse(ecdp)
        stray(ecdp)
    with ecdp.expect_refusals():
        stray(ecdp)
@pytest.mark.understudy(expect_refusals=True)
def test_marked(ecdp): refuse(ecdp)
@pytest.mark.understudy(strict=False)
def test_lenient(ecdp): refuse(ecdp)
def test_credentials_are_no_contract(ecdp):
    ecdp.known["api_key"] = "wrong"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        call(ecdp, "GET", "/customerattributes")
def test_deleted(ecdp, understudy):
    refuse(ecdp)
    understudy.delete()
"""
)
FAIL = (
    "test_refused",
    "test_stray",
    "test_before",
    "test_refused_without_trace",
    "test_failed_anyway",
    "test_one_too_many",
    "test_expected_in_vain",
    "test_expected_of_another_vendor",
    "test_marked_in_vain",
)


def test_a_strict_suite_fails_where_the_contract_refuses(suite: Suite) -> None:
    output = suite.run(STRICT, "-rfE", ini="understudy_strict = true").stdout

    failed = re.findall(r"^FAILED test_it.py::(\w+)", output, re.MULTILINE)
    assert sorted(failed) == sorted(FAIL)
    assert re.findall(r"^ERROR test_it.py::(\w+)", output, re.MULTILINE) == ["test_later"]
    refused = report_of(output, "test_refused")
    assert "the contract refused 1 call in the world test-refused-" in refused
    assert '> {"mode": "No such mode"}' in refused
    assert "expect them: with ecdp.expect_refusals(): ... or @pytest.mark.understudy(strict=False)" in refused
    assert refused.count("POST /@test-refused-") == 1
    assert "(no operation, route)" in report_of(output, "test_stray")
    assert "the contract refused" not in report_of(output, "test_failed_anyway")
    assert "the contract refused 1 call " in report_of(output, "test_one_too_many")
    assert "no call was refused" in report_of(output, "test_expected_in_vain")
    assert "no call to crmcom was refused" in report_of(output, "test_expected_of_another_vendor")


def test_a_suite_is_strict_only_if_asked(suite: Suite) -> None:
    code = (
        WRONG
        + "def test_it(ecdp): refuse(ecdp)\n@pytest.mark.understudy(strict=True)\ndef test_marked(ecdp): refuse(ecdp)"
    )

    assert "1 failed, 1 passed" in suite.run(code).stdout
    assert "2 failed" in suite.run(code, "--understudy-strict").stdout


SHARED = """
from understudy.client import RemoteVendor
from understudy.pytest_plugin import world_fixture

shop = world_fixture("module", at="2026-01-02T03:04:05Z", seed=7)
whole = world_fixture("session", scenario="small-shop")

@pytest.fixture(scope="module")
def till(shop):
    return RemoteVendor(shop, "ecdp")

of_class = world_fixture("class")

class TestOfClass:
    def test_adds(self, of_class):
        TestOfClass.name = of_class.name
        add(RemoteVendor(of_class, "ecdp"), "Ada")

    def test_finds(self, of_class):
        assert of_class.name == TestOfClass.name
        assert len(of_class.calls(vendor="ecdp", operation="save_customers")) == 1

def test_adds(till, shop):
    add(till, "Ada")
    assert shop.clock.now().isoformat() == "2026-01-02T03:04:05+00:00"

def test_finds(till, shop, whole, understudy_control):
    assert len(till.calls("save_customers")) == 1
    assert whole.show()["origin"] == {"scenario": "small-shop"}
    names = [world["name"] for world in understudy_control.rows("worlds")]
    assert TestOfClass.name not in names and shop.name in names

def test_own(ecdp, shop):
    assert ecdp.calls() == [] and ecdp.world.name != shop.name
"""


def test_a_world_is_shared_by_a_class_a_module_or_a_session(suite: Suite) -> None:
    assert_passes(suite.run(SHARED), 5)


def test_the_vendors_of_a_module_share_its_world(suite: Suite) -> None:
    code = """
from understudy.pytest_plugin import world_fixture

understudy = world_fixture("module")

def test_adds(ecdp): add(ecdp, "Ada")
def test_finds(ecdp): assert len(ecdp.calls("save_customers")) == 1
"""
    assert_passes(suite.run(code), 2)


def test_a_shared_world_is_in_the_report_and_strict_for_each_test(suite: Suite) -> None:
    code = (
        WRONG
        + """
from understudy.client import RemoteVendor
from understudy.pytest_plugin import world_fixture

shop = world_fixture("module")

@pytest.fixture(scope="module")
def till(shop):
    yield RemoteVendor(shop, "ecdp")
    raise RuntimeError("at the end")

@pytest.mark.understudy(strict=False)
def test_lenient(till): refuse(till)
def test_clean(till): add(till, "Ada")
def test_refused(till): refuse(till)
def test_clean_again(till): call(till, "GET", "/customerattributes?again=1")
def test_not_a_user(understudy): assert 1 == 2
def test_last(till): ...
"""
    )
    output = suite.run(code, "-rfE", ini="understudy_strict = true").stdout

    assert re.findall(r"^(FAILED|ERROR) test_it.py::(\w+)", output, re.MULTILINE) == [
        ("FAILED", "test_refused"),
        ("FAILED", "test_not_a_user"),
        ("ERROR", "test_last"),
    ]
    assert "the contract refused 1 call in" in report_of(output, "test_refused")
    assert "calls in the world test-it-py" not in report_of(output, "test_not_a_user")
    assert "/ecdp/customerattributes?again=1" in report_of(output, "ERROR at teardown of test_last")


def test_an_app_in_the_process_opens_no_listener(suite: Suite) -> None:
    code = """
import asyncio, socket
import httpx

def test_it(understudy_asgi, monkeypatch):
    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(understudy_asgi)) as client:
            return await client.get("http://127.0.0.1/_understudy/api/health")

    assert asyncio.run(ask()).status_code == 200

def test_nothing_listens(pytestconfig):
    from understudy.pytest_plugin import server_key
    assert server_key not in pytestconfig.stash
"""
    guard = """
import socket
def listen(*_): raise AssertionError("a listener was opened")
socket.socket.listen = listen
"""
    (suite.folder / "conftest.py").write_text(guard)

    assert_passes(suite.run(code, starts=True), 2)


def test_missing_calls_give_a_warning(suite: Suite) -> None:
    code = """
from understudy.client import MissingCalls

def test_it(ecdp, understudy):
    add(ecdp, "Ada")
    assert ecdp.calls().dropped == 0
    for _ in range(1002):
        call(ecdp, "GET", "/customerattributes")
    with pytest.warns(MissingCalls, match="1 earlier calls that fit, or could, are missing") as caught:
        found = ecdp.calls("save_customers")
    assert found == [] and found.dropped == 1
    assert len(ecdp.calls("list_customer_attributes", limit=1000)) == 1000
    with pytest.warns(MissingCalls, match="3 earlier"):
        assert len(understudy.calls()) == 1000
    assert len(understudy.calls(limit=5)) == 5
    assert understudy.verify([{"calls": {"operation": "save_customers"}, "exactly": 1}])
    assert understudy.show()["dropped"] == 3
    understudy.forget_calls()
    assert ecdp.calls("save_customers") == []
"""
    assert_passes(suite.run(code), 1)
