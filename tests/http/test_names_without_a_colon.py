"""HTTP Basic with a text that has no colon, as Capillary's page prints it and CRM.COM's public clients send it."""

from base64 import b64encode

import pytest

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.settings import Settings

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def named(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}


@pytest.fixture(scope="module")
def strict() -> Understudy:
    return create_app(Settings(vendors=("capillary", "crmcom")))


@pytest.fixture(scope="module")
def lenient() -> Understudy:
    return create_app(Settings(vendors=("capillary", "crmcom"), is_strict=False))


def log_in(understudy: Understudy, text: str) -> Answer:
    served = understudy.vendors["crmcom"]
    path = served.base_path + served.by_id["create_web_api_key_token"].path
    return call(understudy.asgi, "POST", path, headers=named(text) | FORM)


def test_crmcom_takes_its_key_with_and_without_a_colon(strict: Understudy) -> None:
    key = strict.credentials("")["crmcom"]["api_key"]

    assert log_in(strict, key).json["status"]["code"] == log_in(strict, f"{key}:").json["status"]["code"] == "OK"
    assert log_in(strict, key).json["data"]["token"]


@pytest.mark.parametrize("text", ["not-the-key", "", ":"])
def test_crmcom_refuses_another_key_without_a_colon(strict: Understudy, text: str) -> None:
    refused = log_in(strict, text)

    assert (refused.status, refused.json["status"]["code"]) == (200, "INVALIDLOGINEXCEPTION")


def test_the_name_alone_on_capillarys_page_is_taken_under_auth_any(lenient: Understudy) -> None:
    assert call(lenient.asgi, "GET", "/capillary/v2/events", headers=named("a9f3c2e")).status == 200


@pytest.mark.parametrize("name", ["a9f3c2e", "till.understudy"])
def test_a_till_without_a_password_is_refused(strict: Understudy, name: str) -> None:
    assert call(strict.asgi, "GET", "/capillary/v2/events", headers=named(name)).status == 401
