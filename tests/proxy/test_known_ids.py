"""Ids of the real service, translated to those that the stand-in has for the same records."""

import pytest

from understudy.proxy.known_ids import KnownIds

UNIQUE, OWN = "0b5e3f6a-real", "91c2d7e8-own"


@pytest.fixture
def ids() -> KnownIds:
    found = KnownIds({"workspaceId": "w-own"})
    found.pair("/orders", {"id": 7, "customer_id": "8", "name": "7"}, {"id": 3, "customer_id": "4", "name": "5"})
    found.pair("/orders", {"lines": [{"sku": UNIQUE, "id": UNIQUE}]}, {"lines": [{"sku": OWN, "id": OWN}]})
    return found


@pytest.mark.parametrize(
    ("path", "translated"),
    [
        ("/orders/7", "/orders/3"),
        ("/order/7/lines", "/order/3/lines"),
        ("/customers/8", "/customers/4"),
        ("/orders/3", "/orders/3"),
        ("/orders/8", "/orders/8"),
        ("/shops/7", "/shops/7"),
        (f"/anything/{UNIQUE}", f"/anything/{OWN}"),
    ],
)
def test_an_id_in_a_path_is_that_of_its_kind_of_record(ids: KnownIds, path: str, translated: str) -> None:
    assert ids.translated(path, b"", b"") == (translated, b"", b"")


def test_ids_in_a_query_and_a_body_are_translated(ids: KnownIds) -> None:
    query, body = b"order_id=7&customer_id=8&page=7", b'{"id":7,"customerId":"8","amount":7,"lines":[{"order_id":"7"}]}'
    found = ids.translated("/orders", query, body)
    assert found[1] == b"order_id=3&customer_id=4&page=7"
    assert found[2] == b'{"id":3,"customerId":"4","amount":7,"lines":[{"order_id":"3"}]}'


@pytest.mark.parametrize("body", [b"", b"no JSON", b'{ "name": "7" }'])
def test_a_body_without_known_ids_stays_as_it_was_sent(ids: KnownIds, body: bytes) -> None:
    assert ids.translated("/orders", b"", body) == ("/orders", b"", body)


def test_a_credential_of_the_path_is_the_stand_ins(ids: KnownIds) -> None:
    ids.take_path({"workspace_id": "w-real", "order_id": "x"})
    assert ids.translated("/workspaces/w-real/orders/x", b"", b"")[0] == "/workspaces/w-own/orders/x"


def test_the_first_pair_of_an_id_counts(ids: KnownIds) -> None:
    ids.pair("/orders", {"id": 7}, {"id": 9})
    assert ids.translated("/orders/7", b"", b"")[0] == "/orders/3"
