import base64
import json
import re
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from understudy.core.clock import Clock
from understudy.core.table import Table, by
from understudy.state.vendor_state import VendorState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
V4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TABLES = (Table("things", indexes=by("colour")),)


def make(name: str = "main", vendor: str = "acme", seed: int = 1, now: datetime = NOW) -> VendorState:
    return VendorState(name, vendor, Clock(now, rate=0), seed, TABLES)


def test_the_time_is_the_clocks() -> None:
    state = make()
    state.clock.move(timedelta(days=3))

    assert state.now() == NOW + timedelta(days=3)


def test_ids_are_new_each_time_and_shaped_like_version_4() -> None:
    state = make()
    ids = [state.new_id() for _ in range(2_000)]

    assert len(set(ids)) == len(ids)
    assert all(V4.fullmatch(each) for each in ids)


def test_equal_states_return_the_same_ids() -> None:
    assert [make().new_id() for _ in range(3)] == [make().new_id() for _ in range(3)]


def test_another_seed_or_vendor_gives_other_ids() -> None:
    assert len({make().new_id(), make(seed=2).new_id(), make(vendor="other").new_id()}) == 3


def test_an_unknown_collection_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="acme has no collection 'thing'; did you mean 'things'"):
        make().collection("thing")


def test_a_token_has_the_signed_claims_until_it_expires_by_the_worlds_clock() -> None:
    state = make()
    token = state.sign_token({"sub": "ann"}, ttl=60)
    issued = int(NOW.timestamp())

    assert state.token_claims(token) == {"sub": "ann", "iat": issued, "exp": issued + 60}
    state.clock.move(timedelta(seconds=59))
    assert state.token_claims(token) is not None
    state.clock.move(timedelta(seconds=1))
    assert state.token_claims(token) is None
    state.clock.move(timedelta(seconds=-1))
    assert state.token_claims(token) is not None


@pytest.mark.parametrize("year", [1971, 2001, 2026, 2037, 2999])
def test_a_token_is_valid_in_any_year_of_the_world(year: int) -> None:
    state = make(now=datetime(year, 6, 1, tzinfo=UTC))

    assert state.token_claims(state.sign_token({"sub": "ann", "nbf": int(state.now().timestamp())}, ttl=60)) is not None


def test_a_token_has_the_requested_headers() -> None:
    assert jwt.get_unverified_header(make().sign_token({}, 60, {"kid": "k1"}))["kid"] == "k1"


def test_changing_claims_does_not_change_the_token() -> None:
    state = make()
    token = state.sign_token({"scopes": ["read"], "sub": "ann"}, 60)
    claims = state.token_claims(token)
    assert claims is not None
    claims["sub"] = "bob"
    claims["scopes"].append("write")

    again = state.token_claims(token)
    assert again is not None
    assert (again["sub"], again["scopes"]) == ("ann", ["read"])


def test_a_token_of_another_world_vendor_or_seed_is_unknown() -> None:
    state = make()
    others = [make(name="other"), make(vendor="other"), make(seed=2), state.fork("twin", state.clock)]

    assert [state.token_claims(other.sign_token({}, 60)) for other in others] == [None] * 4
    assert [other.token_claims(state.sign_token({}, 60)) for other in others] == [None] * 4


def encode(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_forged_token_is_unknown() -> None:
    state = make()
    token = state.sign_token({"sub": "ann"}, 60)
    header, payload, signature = token.split(".")
    richer = encode({"sub": "root", "iat": 0, "exp": 2**40})
    forged = [
        f"{header}.{richer}.{signature}",
        f"{header}.{payload}.{signature[:-2]}",
        f"{header}.{payload}.",
        f"{encode({'alg': 'none', 'typ': 'JWT'})}.{richer}.",
        f"{encode({'alg': 'HS512', 'typ': 'JWT'})}.{payload}.{signature}",
        jwt.encode({"sub": "root", "exp": 2**40}, b"another key".ljust(32, b"."), algorithm="HS256"),
        f"{header}.{payload}",
        token + "x",
        token.upper(),
    ]

    assert [state.token_claims(each) for each in forged] == [None] * len(forged)


@pytest.mark.parametrize("text", ["", ".", "..", "...", "a.b.c", "\xe9\xff", "\0", "x" * 100_000, "e30.e30.", "\u2028"])
def test_a_text_that_is_no_token_is_unknown(text: str) -> None:
    assert make().token_claims(text) is None
