"""Single records without an id of their own: recognised, kept, one for each record above, and gone with it."""

from pathlib import Path

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, sent, serve
from tests.resources.acme_document import CUSTOMER, MISSING, collection, in_path, item
from understudy.resources.document_check import describe_resources

ACCOUNT = {
    "type": "object",
    "required": ["name", "plan"],
    "properties": {"name": TEXT, "plan": {**TEXT, "enum": ["free", "paid"]}, "site": TEXT},
}
SETTINGS = {
    "type": "object",
    "required": ["language"],
    "properties": {"language": TEXT, "customer_id": TEXT, "mails": {"type": "boolean"}},
}
ANY = sent({"type": "object"})
WRAPPED = answer({"type": "object", "properties": {"account": ref("Account")}})


@pytest.fixture
def api(tmp_path: Path) -> OwnDocument:
    customer = in_path("customer_id")
    return serve(
        tmp_path,
        document(
            {
                "/account": {
                    "get": {"operationId": "getAccount", "responses": {"200": WRAPPED}},
                    "put": {"operationId": "putAccount", "requestBody": ANY, "responses": {"200": WRAPPED}},
                    "patch": {"operationId": "patchAccount", "requestBody": ANY, "responses": {"204": empty()}},
                },
                "/customers": collection("Customer"),
                "/customers/{customer_id}": item("customer_id", "Customer"),
                "/customers/{customer_id}/settings": {
                    "parameters": [customer],
                    "get": {"responses": {"200": answer(ref("Settings")), **MISSING}},
                    "patch": {"requestBody": ANY, "responses": {"200": answer(ref("Settings")), **MISSING}},
                    "delete": {"responses": {"204": empty(), **MISSING}},
                },
                "/report": {
                    "get": {"operationId": "report", "responses": {"200": answer(ref("Account"))}},
                    "put": {"operationId": "restart", "responses": {"204": empty()}},
                },
            },
            Customer=CUSTOMER,
            Account=ACCOUNT,
            Settings=SETTINGS,
        ),
    )


def test_a_single_record_is_there_from_the_start_and_keeps_what_is_written(api: OwnDocument) -> None:
    first = api.call("get", "/account").json["account"]
    assert api.call("get", "/account").json["account"] == first

    assert api.call("put", "/account", {"name": "Mine", "plan": "paid"}).json["account"]["plan"] == "paid"
    assert api.call("patch", "/account", {"site": "north"}).status == 204

    found = api.call("get", "/account")
    assert (found.json["account"]["name"], found.json["account"]["site"]) == ("Mine", "north")
    assert found.headers["understudy-fidelity"] == "resource"


def test_a_world_has_a_single_record_of_its_own(api: OwnDocument) -> None:
    api.call("put", "/account", {"name": "Mine", "plan": "paid"}, world="one")

    assert api.call("get", "/account", world="one").json["account"]["name"] == "Mine"
    assert api.call("get", "/account", world="two").json["account"]["name"] != "Mine"


def test_each_record_above_has_one_of_its_own(api: OwnDocument) -> None:
    one, two = (each["id"] for each in api.call("get", "/customers").json[:2])

    assert api.call("patch", f"/customers/{one}/settings", {"language": "it"}).json["language"] == "it"

    assert api.call("get", f"/customers/{one}/settings").json["language"] == "it"
    assert api.call("get", f"/customers/{one}/settings").json.get("customer_id", one) == one
    assert api.call("get", f"/customers/{two}/settings").json["language"] != "it"


def test_the_record_of_an_unknown_or_deleted_owner_is_unknown(api: OwnDocument) -> None:
    one = api.call("get", "/customers").json[0]["id"]
    assert api.call("get", f"/customers/{one}/settings").status == 200

    api.call("delete", f"/customers/{one}")

    assert api.call("get", f"/customers/{one}/settings").status == 404
    assert api.call("patch", "/customers/cus_nobody/settings", {"language": "it"}).status == 404


def test_a_deleted_single_record_is_gone(api: OwnDocument) -> None:
    one = api.call("get", "/customers").json[0]["id"]

    assert api.call("delete", f"/customers/{one}/settings").status == 204
    assert api.call("get", f"/customers/{one}/settings").status == 404


def test_what_is_written_without_a_body_is_no_single_record(api: OwnDocument) -> None:
    assert api.call("get", "/report").headers["understudy-fidelity"] == "sample"


def test_check_shows_single_records(api: OwnDocument) -> None:
    served = api.app.vendors["shop"]
    rows = {each["item"]: each for each in describe_resources(served.document, served.operations)}

    assert rows["/account"]["id"] == "(a single record)"
    assert rows["/account"]["operations"] == "read getAccount, replace putAccount, change patchAccount"
    assert rows["/customers/{customer_id}/settings"]["collection"] == "settings"
    assert "/report" not in rows
