"""Records that a scenario states are in its worlds with their ids, are found, and are checked by the vendor."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acme import serving
from understudy.app import Understudy, create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

ADA = "9d8c7b6a-0000-4000-8000-0000000000a1"
MAIL = "base: {contacts: {email: ada@example.org}}"
TEXT = f"""
records:
  contacthub:
    extended_properties:
      customers:
        shoeSize: {{type: integer, contactlabProperties: {{label: Shoe size, enabled: true}}}}
      events:
        completedOrder:
          parcel: {{type: string, contactlabProperties: {{label: Parcel, enabled: true}}}}
    customers:
      - id: {ADA}
        externalId: ada-1
        base: {{firstName: Ada, dob: 1985-12-10, contacts: {{email: ada@example.org}}, address: {{province: NO}}}}
        extended: {{shoeSize: 38}}
  crmcom:
    contacts: [{{id: my-contact, code: MY-CONTACT, name: Ada, cim: MY-CARD}}]
    accounts:
      - {{id: a-1, contact_id: my-contact, primary_of: my-contact, balance: "10.00", alternative_balance: "0.00"}}
  ecdp:
    custom_events: [{{id: "77", name: Moved house}}]
"""


def made(folder: Path, text: str) -> Understudy:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return create_app(Settings(scenario=path))


def refusal(folder: Path, text: str) -> str:
    """Return the message of a scenario that is refused, without the file's name."""
    with pytest.raises(Misconfigured) as caught:
        made(folder, text).worlds.get_or_create()
    message = str(caught.value)
    assert message.startswith(f"{folder / 'mine.yaml'}:")
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'mine.yaml'}:")


def test_stated_records_are_in_the_world_and_are_found(tmp_path: Path) -> None:
    understudy = made(tmp_path, TEXT)
    hub = understudy.credentials("")["contacthub"]
    with serving(understudy) as root, httpx.Client(base_url=root, trust_env=False) as client:
        base = f"/contacthub/hub/v1/workspaces/{hub['workspace']}"
        headers = {"Authorization": f"Bearer {hub['token']}"}

        ada = client.get(f"{base}/customers/{ADA}", headers=headers).json()
        assert (ada["base"]["dob"], ada["base"]["address"]["province"], ada["extended"]["shoeSize"]) == (
            "1985-12-10", "NO", 38,
        )  # fmt: skip
        body = {"nodeId": hub["node"], "base": {"lastName": "King", "contacts": {"email": "ADA@example.org"}}}
        merged = client.post(f"{base}/customers", json=body, headers=headers)
        assert (merged.json()["id"], merged.json()["base"]["firstName"]) == (ADA, "Ada")
        query = {"nodeId": hub["node"], "externalId": "ada-1"}
        found = client.get(f"{base}/customers", params=query, headers=headers).json()
        assert [each["id"] for each in found["elements"]] == [ADA]

        crm = understudy.credentials("")["crmcom"]
        purchase = {
            "cim": "MY-CARD", "reference_number": "R-1", "performed_on": 1767225600,
            "merchant_tap": {"code": crm["merchant"]},
            "products": [{"product_sku": "EXAMPLE-CAKE", "net_amount": 1.0, "tax_amount": 0.1, "total_amount": 1.1}],
        }  # fmt: skip
        bought = client.post("/crmcom/crmapi/rest/v2/purchases", json=purchase, headers={"api_key": crm["api_key"]})
        assert bought.status_code in {200, 201}, bought.text


def test_a_stated_record_is_in_every_new_world_and_after_a_reset(tmp_path: Path) -> None:
    worlds = made(tmp_path, TEXT).worlds
    for name in ("main", "other"):
        assert worlds.get_or_create(name).vendors["contacthub"].collection("customers").get(ADA)
    worlds.get_or_create().vendors["contacthub"].collection("customers").delete(ADA)
    assert worlds.reset("main").vendors["contacthub"].collection("customers").get(ADA)


def test_records_of_a_vendor_that_is_not_served_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT, encoding="utf-8")

    assert [*create_app(Settings(scenario=path, vendors=("twc",))).worlds.get_or_create().vendors] == ["twc"]


def hub(record: str) -> str:
    return f"records:\n  contacthub:\n    customers:\n      - {record}\n"


MISTAKES: dict[str, tuple[str, str]] = {
    "vendor": (
        "records:\n  contachub: {customers: []}\n",
        "2: records has an unknown vendor 'contachub'; did you mean 'cont",
    ),
    "collection": (
        "records:\n  contacthub:\n    custmers: []\n",
        "3: records of contacthub have an unknown collection 'custmers'; did you mean 'customers'?",
    ),
    "no collections": ("records:\n  contacthub: [x]\n", "2: records of contacthub must be collections, each with its"),
    "no record": ("records:\n  contacthub:\n    customers: [x]\n", "3: records of contacthub: customers must be names"),
    "no id": (hub("{externalId: a}"), "4: records of contacthub: customers: id must be a UUID in lower case, not None"),
    "id": (hub("{id: 5}"), "4: records of contacthub: customers: id must be a UUID in lower case, not 5"),
    "unknown property": (
        hub(f"{{id: {ADA}, {MAIL}, bsae: {{}}}}"),
        "4: records of contacthub: customers: /bsae: a customer has no such property; did you mean 'base'?",
    ),
    "unknown property inside": (
        hub(f"{{id: {ADA}, base: {{emial: x}}}}"),
        "4: records of contacthub: customers: /base",
    ),
    "type": (hub(f"{{id: {ADA}, base: {{firstName: 5}}}}"), "4: records of contacthub: customers: /base/firstName: "),
    "rule": (
        hub(f"{{id: {ADA}, {MAIL}, extended: {{size: 5}}}}"),
        "4: records of contacthub: customers: /extended/size: ",
    ),
    "node": (hub(f"{{id: {ADA}, nodeId: {ADA}}}"), f"4: records of contacthub: customers: there is no node {ADA}"),
    "twice": (
        hub(f"{{id: {ADA}, {MAIL}}}\n      - {{id: {ADA}, {MAIL}}}"),
        f"5: records of contacthub: customers: id {ADA} is another customer's",
    ),
    "equal": (
        hub(f"{{id: {ADA}, base: {{contacts: {{email: customer-5000@example.com}}}}}}"),
        "4: records of contacthub: customers: Conflict with exiting customer ",
    ),
    "extended kind": (
        "records:\n  contacthub:\n    extended_properties:\n      orders: {}\n",
        "4: records of contacthub: extended_properties: extended_properties are of customers, products and events",
    ),
    "extended type": (
        "records:\n  contacthub:\n    extended_properties: {customers: {a: {type: texts}}}\n",
        "3: records of contacthub: extended_properties: /a",
    ),
    "raw property": (
        "records:\n  crmcom:\n    contacts: [{id: a, code: b, nmae: c, cim: d}]\n",
        "3: records of crmcom: contacts: no record of contacts has a property 'nmae'; did you mean 'name'?",
    ),
    "raw lack": (
        "records:\n  crmcom:\n    contacts: [{id: a, code: b, cim: d}]\n",
        "3: records of crmcom: contacts: name is missing, which every record of contacts has",
    ),
    "raw type": (
        "records:\n  crmcom:\n    contacts: [{id: a, code: b, name: 5, cim: d}]\n",
        "3: records of crmcom: contacts: name must be text, not a number",
    ),
    "key twice": (hub(f"{{id: {ADA}, id: {ADA}}}"), "4: id is given twice; keep one"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_stated_record_is_named(tmp_path: Path, name: str) -> None:
    text, message = MISTAKES[name]
    assert refusal(tmp_path, text).startswith(message)


def test_numbers_and_stated_records_go_together(tmp_path: Path) -> None:
    world = made(tmp_path, f"people: 3\n{TEXT}  contacthub.customers: 2\n").worlds.get_or_create()
    stored: Any = world.vendors["contacthub"].collection("customers")

    assert ADA in stored


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("ecdp: {attributes: [{id: '77', name: X, options: []}]}", "type is missing"),
        ("ecdp: {consents: [{id: '77', name: 5, type: Email}]}", "name must be text"),
        ("crmcom: {purchases: [{id: '77', reference_number: R}]}", "is missing"),
        ("twc: {clients: [{key: understudy, tenant: understudy}]}", "value is missing"),
        ("capillary: {webhooks: [{webHookId: x}]}", "is missing"),
    ],
)
def test_a_record_without_a_member_is_refused_with_its_name_and_line(tmp_path: Path, record: str, text: str) -> None:
    message = refusal(tmp_path, f"records:\n  {record}\n")

    assert message.startswith("2: records of ")
    assert text in message
    assert "Error" not in message
