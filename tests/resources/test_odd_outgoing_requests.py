"""Mistakes of a user's function with the outbox: an answer that names them, and nothing that is half sent."""

import json
from pathlib import Path

import pytest

from tests.own_document import ref
from tests.resources.sending_document import SendingShop, post, shop


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('state.outbox.add("webhook", None, {})', "destination of a message must be text, not None"),
        ('state.outbox.add("webhook", "d", {}, headers={"a": 1})', "header a of a message must be text, not int"),
        ('state.outbox.add("webhook", "d", b"x")', "not JSON serializable: bytes"),
        ('state.outbox.add("webhook", "d", {1})', "not JSON serializable: set"),
        ('state.outbox.add("webhook", "d", 1, header={})', "unexpected keyword argument 'header'"),
        ('webhooks.send("shipped", 5)', "a record is an object, not of the type int"),
        ('webhooks.send("shipped", None)', "a record is an object, not of the type NoneType"),
        ('webhooks.send("shipped", {"item": object()})', "no JSON: Type is not JSON serializable: object"),
        ('webhooks.send("shipped", {"item": {1: b"x"}})', "the record is no JSON: Dict key must be str"),
        ("webhooks.send(None, {})", "the document has no webhook None"),
        ('webhooks.send(["shipped"], {})', "the document has no webhook ['shipped']"),
    ],
)
def test_a_mistake_of_a_users_function_is_answered_and_sends_nothing(tmp_path: Path, call: str, words: str) -> None:
    operations = tmp_path / "behaviour" / "shop" / "operations"
    operations.mkdir(parents=True)
    start = "from understudy.behaviour import Reply\n\ndef ping(state, webhooks):\n"
    (operations / "own.py").write_text(f"{start}    {call}\n    return Reply(status=204)\n")
    own = SendingShop(tmp_path, shop(webhooks={"shipped": post(ref("Event"))}), behaviour=(tmp_path / "behaviour",))

    reply = own.call("POST", "/ping")

    assert reply.status == 500
    assert words in json.dumps(reply.json)
    assert own.messages == []
    assert own.call("POST", "/orders", {"item": "tea"}).status == 201
