"""Examples of ``docs/deliveries-sources.md``."""

import re
from base64 import b64encode
from pathlib import Path

import yaml

from tests.asgi import call
from tests.deliveries.test_subscriptions_to_queues import EVENTS
from tests.own_document import TEXT, answer, ref
from tests.resources.sending_document import ID, UNKNOWN, SendingShop, post, shop
from understudy.app import create_app
from understudy.casting.scenario_file import load_scenario
from understudy.deliveries.rules import read_rules
from understudy.deliveries.templates import fill_template
from understudy.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "deliveries-sources.md"
EVENT, RULES, HINT, FUNCTION = re.findall(r"^```\w+\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_event_of_the_page_reaches_a_subscriber_of_the_start() -> None:
    understudy = create_app(Settings(vendors=("twc",), is_strict=False))
    headers = {"Authorization": "Bearer any", "X-TWC-Tenant": "understudy", "Content-Type": "application/json"}

    answer = call(understudy.asgi, "POST", f"/twc{EVENTS}", headers=headers, body=EVENT.encode())

    assert answer.status == 201, answer.body
    [message] = understudy.worlds.get_or_create("main").vendors["twc"].outbox
    assert message["body"]["interactionType"] == "CREATED"
    assert message["body"]["wishlistId"] == "w-1"


def test_the_rules_of_the_page_are_a_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "queues.yaml"
    path.write_text(f"seed: 7\n{RULES}")
    load_scenario(path)
    [rule] = read_rules(yaml.safe_load(RULES)["deliveries"], ())

    payload = b64encode(b'{"email": "ada@example.com"}').decode()
    record = {
        "attributes": {"entityType": "CUSTOMER", "interactionType": "CREATED"},
        "body": {"event_payload": {"base64_encoded_payload_json": payload}},
    }
    found = fill_template(rule.template, record)
    assert found == {"type": "CUSTOMER.CREATED", "customer": {"email": "ada@example.com"}}


def test_the_hint_of_the_page_is_obeyed(tmp_path: Path) -> None:
    webhooks = yaml.safe_load(HINT)["webhooks"]
    webhooks["stockLow"] |= post({"type": "object"})
    raw = shop(webhooks=webhooks)
    raw["paths"]["/ping"]["post"]["operationId"] = "sellProduct"
    own = SendingShop(tmp_path, raw)
    own.call("POST", "/ping")
    assert own.sent == [("stockLow", "sellProduct")]


def test_the_function_of_the_page_sends_both_messages(tmp_path: Path) -> None:
    operations = tmp_path / "behaviour" / "shop" / "operations"
    operations.mkdir(parents=True)
    (operations / "orders.py").write_text(f"from understudy.behaviour import Reply\n\n\n{FUNCTION}")
    raw = shop(webhooks={"order.shipped": post(ref("Event"))})
    responses = {"200": answer({"type": "object", "properties": {"id": TEXT}}), **UNKNOWN}
    parameters = [{**ID[0], "name": "orderId"}]
    raw["paths"]["/shipments/{orderId}"] = {
        "post": {"operationId": "ship_order", "parameters": parameters, "responses": responses}
    }
    own = SendingShop(tmp_path, raw, behaviour=(tmp_path / "behaviour",))
    key = own.create()

    assert own.call("POST", f"/shipments/{key}").status == 200
    first, second = own.messages
    assert (first["destination"], first["body"]["data"]["object"]) == ("order.shipped", {"id": key, "item": "cup"})
    assert (second["destination"], second["body"]) == ("http://carrier.example/hook", {"order": key})
