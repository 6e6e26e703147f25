"""Host names under which the control API may be called without a token: ``localhost`` and names below it."""

import pytest

from tests.asgi import call
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH


def status(understudy: Understudy, host: str) -> int:
    return call(understudy.asgi, "GET", f"{CONTROL_PATH}/worlds", headers={"host": host}).status


@pytest.mark.parametrize("port", ["", ":80", ":8080"])
@pytest.mark.parametrize("host", ["localhost", "a.localhost", "a.b.localhost", "A.LocalHost"])
def test_a_name_below_localhost_is_this_machines(understudy: Understudy, host: str, port: str) -> None:
    assert status(understudy, host + port) == 200


@pytest.mark.parametrize("port", ["", ":80", ":8080"])
@pytest.mark.parametrize(
    "host",
    ["evil-localhost", "evillocalhost", "notlocalhost", "a.evillocalhost", "localhost.evil", "localhosts", "ocalhost"],
)
def test_a_name_that_has_localhost_at_its_end_or_start_is_foreign(understudy: Understudy, host: str, port: str) -> None:
    assert status(understudy, host + port) == 403


@pytest.mark.parametrize("host", ["127.0.0.1x", "1.2.3", "1.2.3.4.5", "256.0.0.1", "x127.0.0.1"])
def test_a_name_that_is_nearly_an_address_is_foreign(understudy: Understudy, host: str) -> None:
    assert status(understudy, host) == 403
