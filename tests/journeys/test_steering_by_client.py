"""Faults and records set by ``understudy.client``, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import StandIn
from understudy.client import Control, Declined, RemoteVendor, RemoteWorld
from understudy.core.misconfigured import Misconfigured
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE

PROBLEM = {"type": "about:blank", "title": "Closed", "status": 401, "detail": "On purpose.", "instance": "/x"}
ID = "11111111-2222-4333-8444-555555555556"


@pytest.fixture
def remote(stand_in: StandIn) -> Iterator[RemoteWorld]:
    with Control(stand_in.root, "") as control:
        yield RemoteWorld(control, stand_in.world.name)


def test_canned_answers_queue(stand_in: StandIn, remote: RemoteWorld) -> None:
    ecdp = RemoteVendor(remote, "ecdp")
    operation = "list_customer_attributes"
    ecdp.faults.add("status", operation=operation, status=401, body=PROBLEM, headers={"X-Reason": "test"}, times=1)
    ecdp.faults.add("status", operation=operation, status=409, body={"odd": 1}, unchecked=True, times=1)
    with pytest.raises(Declined, match="status 409 is not declared"):
        ecdp.faults.add("status", operation=operation, status=409, body={"odd": 1})
    url = f"{stand_in.url('ecdp')}/customerattributes"

    first, second, third = (httpx.get(url, headers={"x-api-key": "understudy-ecdp-dev-key"}) for _ in range(3))

    assert (first.status_code, first.json(), first.headers["x-reason"]) == (401, PROBLEM, "test")
    assert (second.status_code, second.json()) == (409, {"odd": 1})
    assert third.status_code == 200


def test_a_record_put_by_the_client_is_merged_into(stand_in: StandIn, remote: RemoteWorld) -> None:
    customer = {"id": ID, "nodeId": ENTRY_NODE, "base": {"contacts": {"email": "client@example.com"}}}
    remote.collection("contacthub", "customers").put(ID, customer)
    credentials = stand_in.credentials("contacthub")
    url = f"{credentials['base_url']}/workspaces/{credentials['workspace']}/customers"

    merged = httpx.post(
        url,
        json={k: customer[k] for k in ("nodeId", "base")},
        headers={"Authorization": f"Bearer {credentials['token']}"},
    )

    assert merged.json()["id"] == ID


@pytest.mark.parametrize("wrong", [None, 5, [], [{}], True, pytest.param(object(), id="object")], ids=repr)
def test_what_is_no_object_is_refused_before_it_is_sent(remote: RemoteWorld, wrong: Any) -> None:
    with pytest.raises(Misconfigured, match="restore takes a JSON object, not"):
        remote.restore(wrong)
    with pytest.raises(Misconfigured, match="verify_document takes a JSON object, not"):
        remote.verify_document(wrong)
    with pytest.raises(Misconfigured, match="put takes a JSON object, not"):
        remote.collection("twc", "realms").put("r", wrong)


@pytest.mark.parametrize("wrong", [None, 5, {}, "calls", b"calls"], ids=repr)
def test_expectations_that_are_no_list_are_refused(remote: RemoteWorld, wrong: Any) -> None:
    with pytest.raises(Misconfigured, match="verify takes a list of expectations"):
        remote.verify(wrong)


def test_exchanges_and_records_are_browsed(stand_in: StandIn, remote: RemoteWorld) -> None:
    contacts = remote.collection("crmcom", "contacts")
    contact = contacts.read(limit=1)[0]
    accounts = remote.collection("crmcom", "accounts").read()
    account = next(each for each in accounts if each["contact_id"] == contact["id"])
    key = {"api_key": stand_in.credentials("crmcom")["api_key"]}
    assert httpx.get(f"{stand_in.url('crmcom')}/purchases/{contact['id']}", headers=key).status_code == 404

    [found] = remote.browse(mentions=contact["id"], method="get")["exchanges"]
    assert remote.browse(text="no such text")["exchanges"] == []
    assert remote.exchange(found["number"])["checks"][0]["check"] == "route"
    assert "(hidden)" in remote.exchange_code(found["number"], "curl")
    assert "(hidden)" not in remote.exchange_code(found["number"], "curl", reveal=True)
    assert contacts.read(text=contact["id"].upper()) == [contact]
    assert contacts.csv(text=contact["id"]).count("\r\n") == 2
    linked = {each["collection"]: each["keys"] for each in contacts.links(contact["id"])["linked_from"]}
    assert account["id"] in linked["accounts"]
