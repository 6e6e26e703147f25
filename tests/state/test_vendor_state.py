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


def test_a_world_tells_its_clocks_time() -> None:
    world = make()
    world.clock.move(timedelta(days=3))

    assert world.now() == NOW + timedelta(days=3)


def test_ids_are_new_each_time_and_shaped_like_version_4() -> None:
    world = make()
    ids = [world.new_id() for _ in range(2_000)]

    assert len(set(ids)) == len(ids)
    assert all(V4.fullmatch(each) for each in ids)


def test_the_same_world_gives_the_same_ids_again() -> None:
    assert [make().new_id() for _ in range(3)] == [make().new_id() for _ in range(3)]


def test_another_seed_or_vendor_gives_other_ids() -> None:
    assert len({make().new_id(), make(seed=2).new_id(), make(vendor="other").new_id()}) == 3


def test_an_unknown_collection_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="acme has no collection 'thing'; did you mean 'things'"):
        make().collection("thing")


def test_a_token_says_what_was_signed_until_it_expires_by_the_worlds_clock() -> None:
    world = make()
    token = world.sign_token({"sub": "ann"}, ttl=60)
    issued = int(NOW.timestamp())

    assert world.token_claims(token) == {"sub": "ann", "iat": issued, "exp": issued + 60}
    world.clock.move(timedelta(seconds=59))
    assert world.token_claims(token) is not None
    world.clock.move(timedelta(seconds=1))
    assert world.token_claims(token) is None
    world.clock.move(timedelta(seconds=-1))
    assert world.token_claims(token) is not None


@pytest.mark.parametrize("year", [1971, 2001, 2026, 2037, 2999])
def test_a_token_is_good_whatever_the_worlds_year(year: int) -> None:
    world = make(now=datetime(year, 6, 1, tzinfo=UTC))

    assert world.token_claims(world.sign_token({"sub": "ann", "nbf": int(world.now().timestamp())}, ttl=60)) is not None


def test_a_tokens_headers_are_as_asked() -> None:
    assert jwt.get_unverified_header(make().sign_token({}, 60, {"kid": "k1"}))["kid"] == "k1"


def test_changing_claims_changes_no_token() -> None:
    world = make()
    token = world.sign_token({"scopes": ["read"], "sub": "ann"}, 60)
    claims = world.token_claims(token)
    assert claims is not None
    claims["sub"] = "bob"
    claims["scopes"].append("write")

    again = world.token_claims(token)
    assert again is not None
    assert (again["sub"], again["scopes"]) == ("ann", ["read"])


def test_a_token_of_another_world_vendor_or_seed_is_unknown() -> None:
    world = make()
    others = [make(name="other"), make(vendor="other"), make(seed=2), world.fork("twin", world.clock)]

    assert [world.token_claims(other.sign_token({}, 60)) for other in others] == [None] * 4
    assert [other.token_claims(world.sign_token({}, 60)) for other in others] == [None] * 4


def encode(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_forged_token_is_unknown() -> None:
    world = make()
    token = world.sign_token({"sub": "ann"}, 60)
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

    assert [world.token_claims(each) for each in forged] == [None] * len(forged)


@pytest.mark.parametrize("text", ["", ".", "..", "...", "a.b.c", "\xe9\xff", "\0", "x" * 100_000, "e30.e30.", "\u2028"])
def test_what_is_no_token_is_unknown(text: str) -> None:
    assert make().token_claims(text) is None
