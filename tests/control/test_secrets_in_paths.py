"""Credentials in paths that no operation takes: hidden in every view, in the error that quotes them, and in hints."""

import pytest

from tests.asgi import call
from tests.control.conftest import Steering
from understudy.control.path_secrets import credential_positions
from understudy.control.secrets import looks_secret

VIEWS = ("journal", "journal/har", "journal/curl")


def shown(steering: Steering) -> list[str]:
    return [steering.ask("GET", f"/worlds/{{world}}/{view}").body.decode() for view in VIEWS]


def hidden_parts(path: str, *declared: str) -> list[str]:
    parts = path.split("/")
    return [parts[position] for position in credential_positions(path, frozenset(declared), looks_secret)]


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/ecdp/token/hunter2", ["hunter2"]),
        ("/ecdp/tokens/hunter2/refresh", ["hunter2"]),
        ("/ecdp/api-key/a", ["a"]),
        ("/ecdp/password//hunter2", ["hunter2"]),
        ("/ecdp/p%61ssword/hunter%202", ["hunter%202"]),
        ("/ecdp/token/0190a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b", ["0190a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b"]),
        ("/bot123456:AAF-abcDEF1234ghIkl57zyx/send", ["bot123456:AAF-abcDEF1234ghIkl57zyx"]),
        ("/hooks/sk_live_4eC39HqLyjWDarjtT1zdp7dc", ["sk_live_4eC39HqLyjWDarjtT1zdp7dc"]),
        ("/x/5f4dcc3b5aa765d61d8327deb882cf99", ["5f4dcc3b5aa765d61d8327deb882cf99"]),
        ("/x/eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", ["eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"]),
        ("/x/dGhpcyBpcyA%2Babc5", ["dGhpcyBpcyA%2Babc5"]),
        ("/x/abcdefghij0123456789", ["abcdefghij0123456789"]),  # at the length
        ("/x/abcdefghij012345678", []),  # and beside it
        ("/x/Abcdefghij012345", ["Abcdefghij012345"]),
        ("/x/Abcdefghij01234", []),
        ("/x/aaaaaaaaaaaaaaaaaaaaaaa1", []),
        ("/x/0190a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b", []),
        ("/x/4006381333931400638133393140", []),  # a number alone
        ("/x/black-friday-2026-summer-sale-of-shoes", []),
        ("/x/ada.lovelace1815@example.com", []),
        ("/x/listLoyaltyTransactionsByCustomerNumber", []),
        ("/@abcdefghij0123456789x/ecdp/nowhere", []),
        ("/%40abcdefghij0123456789x/ecdp/nowhere", []),
        ("/@shop-key/ecdp/nowhere", []),
        ("/ecdp/token", []),
        ("/", []),
    ],
)
def test_a_segment_that_looks_like_a_credential_or_follows_its_name_is_one(path: str, hidden: list[str]) -> None:
    assert hidden_parts(path) == hidden


def test_a_segment_that_a_document_declares_is_none() -> None:
    assert hidden_parts("/auth/realms/shop/token", "realms") == []
    assert hidden_parts("/auth/realms/shop/token") == ["realms"]


@pytest.mark.parametrize("end", ["", "/", "/more?size=1"])
@pytest.mark.parametrize(
    "secret", ["hunter2-of-ours", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "hunter%202"], ids=["word", "key", "encoded"]
)
def test_a_secret_in_a_path_that_no_operation_takes_is_shown_nowhere(steering: Steering, secret: str, end: str) -> None:
    steering.world  # noqa: B018 - is in use from now on
    path = f"/@{steering.world_name}/ecdp/token/{secret}{end}"
    answer = call(steering.understudy.asgi, "GET", path)
    assert answer.status == 404
    for text in shown(steering):
        assert secret not in text
        assert secret.replace("%20", " ") not in text
        assert "/ecdp/token/(hidden)" in text
    assert secret in steering.ask("GET", "/worlds/{world}/journal/curl?reveal=true").body.decode()


def test_a_hint_that_repeats_a_secret_is_hidden(steering: Steering) -> None:
    steering.world  # noqa: B018 - is in use from now on
    secret = "Zx9Qw8Er7Ty6Ui5Op4As3D"
    answer = call(steering.understudy.asgi, "GET", f"/@{steering.world_name}/ecdp/customer/email/{secret}")
    assert secret in answer.headers["understudy-hint"]
    for text in shown(steering):
        assert secret not in text


def test_a_secret_of_an_unrouted_call_is_hidden(steering: Steering) -> None:
    call(steering.understudy.asgi, "GET", "/ecpd/token/hunter2-of-ours")
    text = steering.ask("GET", "/unrouted-calls").body.decode()
    assert "hunter2-of-ours" not in text
    assert "/ecpd/token/(hidden)" in text


def test_a_secret_where_only_the_method_is_wrong_is_hidden(steering: Steering) -> None:
    steering.world  # noqa: B018 - is in use from now on
    secret = "Zx9Qw8Er7Ty6Ui5Op4As3D"
    path = f"/@{steering.world_name}/ecdp/customers/email/{secret}"
    assert call(steering.understudy.asgi, "PATCH", path).status == 405
    for text in shown(steering):
        assert secret not in text
