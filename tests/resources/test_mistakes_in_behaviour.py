"""Mistakes in a user's own behaviour: each is named by file and line, and none is called a bug of Understudy."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, header, ref, sent, serve
from understudy.core.misconfigured import Misconfigured
from understudy.hot_reload import ReloadingApp
from understudy.settings import Settings

ORDER = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {"id": {"type": "integer"}, "status": {"type": "string"}, "note": {"type": "string"}},
}
ID = {"name": "orderId", "in": "path", "required": True, "schema": {"type": "integer"}}
ONE = {"200": answer(ref("Order")), "404": answer(ref("Error"))}
LINE = {"type": "object", "required": ["number"], "properties": {"number": {"type": "integer"}}}
LINE_NUMBER = {**ID, "name": "number"}
SHOP = document(
    {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": [header("X-Trace")],
                "responses": {"200": answer({"type": "array", "items": ref("Order")})},
            },
            "post": {
                "operationId": "addOrder",
                "requestBody": sent(ref("Order")),
                "responses": {"201": answer(ref("Order"))},
            },
        },
        "/orders/{orderId}": {"get": {"operationId": "getOrder", "parameters": [ID], "responses": ONE}},
        "/orders/{orderId}/pay": {"post": {"operationId": "payOrder", "parameters": [ID], "responses": ONE}},
        "/orders/{orderId}/lines/{number}": {
            "get": {
                "operationId": "getLine",
                "parameters": [ID, LINE_NUMBER],
                "responses": {"200": answer(ref("Line")), "404": answer(ref("Error"))},
            }
        },
    },
    Order=ORDER,
    Line=LINE,
)
SHOP["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
SECURED = {**SHOP, "security": [{"token": []}]}

PAY = "operations/pay.py"
Shop = Callable[..., OwnDocument]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return a function that serves the shop with one file of behaviour."""

    def serve_with(name: str, text: str | bytes, *, secured: bool = False) -> OwnDocument:
        path = tmp_path / "behaviour/shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return serve(tmp_path, SECURED if secured else SHOP, behaviour=(tmp_path / "behaviour",))

    return serve_with


def refusal(shop: Shop, name: str, text: str | bytes, **extra: Any) -> str:
    with pytest.raises(Misconfigured) as refused:
        shop(name, text, **extra).app.worlds.get_or_create()
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def payOrder(state)\n    pass\n", "pay.py:1: expected ':'"),
        ("def payOrder(state):\n\tif 1:\n        pass\n", "pay.py:3: inconsistent use of tabs and spaces"),
        (b"x = '\xff'\n", "pay.py:1: (unicode error)"),
        (b"x = '\0'\n", "pay.py: "),
        ("\nimport nosuchmodule\n", "pay.py:2: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("from understudy.behavior import Reply\n", "pay.py:1: ModuleNotFoundError"),
        ("from understudy.behaviour import Replies\n", "pay.py:1: ImportError: cannot import name 'Replies'"),
        ("open('/no/such/file')\n", "pay.py:1: FileNotFoundError"),
        ("import json\njson.loads('{')\n", "pay.py:2: JSONDecodeError"),
        ("raise SystemExit(3)\n", "pay.py:1: SystemExit: 3"),
        ("def payOrder():\n    pass\n", "payOrder: its first argument is the state: write payOrder(state)"),
        ("def payOrder(order_id):\n    pass\n", "write payOrder(state, order_id)"),
        ("def payOrder(*, state):\n    pass\n", "its first argument is the state"),
        ("def payOrder(state, order_id, /):\n    pass\n", "'order_id' is given by its name"),
        ("def payOrder(state, body):\n    pass\n", "the spec declares no 'body'"),
        ("async def payOrder(state):\n    pass\n", "payOrder is async: write 'def'"),
        ("async def payOrder(state):\n    yield\n", "payOrder is async: write 'def'"),
        ("def payOrdr(state):\n    pass\n", "payOrdr is no operationId of shop; did you mean 'payOrder'?"),
        ("def zzz(value):\n    pass\n", "zzz is no operationId of shop; the name of a function that only helps"),
        ("class payOrder:\n    pass\n", "payOrder is no function that is written here: write 'def payOrder'"),
        ("from functools import partial\npayOrder = partial(print)\n", "write 'def payOrder'"),
        ("payOrdr = lambda state: None\n", "payOrdr is no operationId of shop; did you mean 'payOrder'?"),
    ],
)
def test_a_file_that_cannot_serve_stops_the_start_with_its_place(shop: Shop, text: str | bytes, reason: str) -> None:
    message = refusal(shop, PAY, text)

    assert reason in message
    assert message.splitlines() == [message]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("operations.py", "def payOrder(state):\n    pass\n", "operations is a folder"),
        ("../shop.py", "def payOrder(state):\n    pass\n", "write its functions into"),
        ("__init__.py", "1 / 0\n", "__init__.py:1: ZeroDivisionError"),
        ("operation/pay.py", "def payOrder(state):\n    pass\n", "did you mean 'operations'?"),
        ("strat.py", "def start(state, cast, options):\n    pass\n", "did you mean 'start'?"),
        ("start.py", "def strat(state, cast, options):\n    pass\n", "has no start; did you mean 'start'?"),
        ("start.py", "def start(state, cast, options):\n    return 1 / 0\n", "start.py:2: ZeroDivisionError"),
        ("start.py", "def start(state):\n    pass\n", "start.py:1: TypeError: start() takes 1 positional"),
        ("start.py", "def start(state, cast, options):\n    return [1]\n", "start returns a list in place of"),
        ("start.py", "def start(state, cast, options):\n    yield\n    return 3\n", "start returns an int in place of"),
        (
            "start.py",
            "def start(state, cast, options):\n    state.collection('ordrs')\n",
            "start.py:2: KeyError: \"shop has no collection 'ordrs'; did you mean 'orders'?\"",
        ),
        ("errors.py", "def rendr(refused):\n    pass\n", "has no render; did you mean 'render'?"),
        ("tables.py", "tables = ()\n", "has no TABLES; did you mean 'TABLES'?"),
        (
            "tables.py",
            "from understudy.behaviour import Table\nTABLES = (Table('@outbox'),)\n",
            "tables.py: '@outbox' is reserved; name the table otherwise",
        ),
        ("security.py", "def tokn(state, credential):\n    pass\n", "tokn is no security scheme"),
    ],
)
def test_a_part_that_would_have_no_effect_is_refused(shop: Shop, name: str, text: str, reason: str) -> None:
    assert reason in refusal(shop, name, text)


@pytest.mark.parametrize("name", ["_notes.py", "test_orders.py", "conftest.py", "notes.txt", "data/notes.json"])
def test_other_files_may_lie_in_the_folder(shop: Shop, name: str) -> None:
    assert shop(name, "x = 1\n").call("GET", "/orders").status == 200


def test_a_module_that_an_operation_imports_may_lie_in_the_folder(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "behaviour/shop").mkdir(parents=True)
    (tmp_path / "behaviour/shop/words.py").write_text("WORD = 'paid'\n")

    served = shop(
        PAY,
        "from ..words import WORD\n"
        "from understudy.behaviour import Reply\n\n"
        "def _one(order_id):\n    return {'id': order_id, 'status': WORD}\n\n"
        "def payOrder(state, order_id):\n    return Reply(_one(order_id))\n",
    )

    assert served.call("POST", "/orders/7/pay").json == {"id": 7, "status": "paid"}


@pytest.mark.parametrize(
    ("line", "breach"),
    [
        ("return 1 / 0", "pay.py:2: ZeroDivisionError: division by zero"),
        ("return int('x')", "pay.py:2: ValueError"),
        ("raise SystemExit", "pay.py:2: SystemExit"),
        ("return {'id': 1}", "pay.py:1: payOrder returns a dict in place of a Reply"),
        ("return None", "payOrder returns nothing in place of a Reply"),
        ("yield {'id': 1}", "payOrder returns nothing in place of a Reply"),
        ("yield 1 / 0", "pay.py:2: ZeroDivisionError"),
        ("return recognised", "in place of a Reply"),
        ("state.collection('ordrs')", "did you mean 'orders'?"),
        ("state.collection('orders').put({'status': 'x'})", "ValueError: a record of orders needs its id, 'id'"),
        ("state.collection('orders').put({'id': {1}})", "pay.py:2: TypeError"),
    ],
)
def test_a_function_that_fails_is_named_in_the_answer_and_in_the_log(
    shop: Shop, line: str, breach: str, caplog: pytest.LogCaptureFixture
) -> None:
    served = shop(PAY, f"def payOrder(state, order_id, recognised):\n    {line}\n")

    with caplog.at_level(logging.ERROR):
        found = served.call("POST", "/orders/1/pay")

    assert found.status == 500
    assert found.headers["understudy-breach"] == "yes"
    assert found.json["error"].startswith("behaviour of your own failed")
    assert found.json["function"].endswith("pay.py: payOrder")
    assert breach in found.json["breach"]
    assert any(breach in each.getMessage() for each in caplog.records)
    assert "http/endpoint.py" not in caplog.text


def test_an_answer_that_breaks_the_document_is_no_bug_of_ours(shop: Shop) -> None:
    served = shop(
        PAY, "from understudy.behaviour import Reply\n\ndef payOrder(state):\n    return Reply({'id': 'no number'})\n"
    )

    found = served.call("POST", "/orders/1/pay").json

    assert "bug" not in found["error"]
    assert found["function"].endswith("pay.py: payOrder")
    assert "status is required" in found["breach"]


def test_a_long_operation_of_your_own_runs_in_steps_and_may_go_on_after_its_reply(shop: Shop) -> None:
    served = shop(
        PAY,
        "from understudy.behaviour import Reply\n\n"
        "def payOrder(state, order_id):\n"
        "    yield\n"
        "    yield Reply({'id': order_id, 'status': 'paid'})\n"
        "    state.collection('orders').put({'id': order_id, 'status': 'booked'})\n",
    )

    assert served.call("POST", "/orders/9/pay").json["status"] == "paid"
    assert served.call("GET", "/orders/9").json == {"id": 9, "status": "booked"}


def test_a_record_is_stored_by_its_id_and_below_its_parents(shop: Shop) -> None:
    served = shop(
        PAY,
        "def payOrder(state, order_id, recognised):\n"
        "    state.collection('orders').put({'id': order_id, 'status': 'new'})\n"
        "    state.collection('lines').put({'orderId': order_id, 'number': 4})\n"
        "    return recognised()\n",
    )

    assert served.call("POST", "/orders/77/pay").json["id"] == 77
    assert served.call("GET", "/orders/77/lines/4").status == 200
    assert served.call("GET", "/orders/78/lines/4").status == 404


@pytest.mark.parametrize("line", ["return 1 / 0", "return None"])
def test_an_error_shape_that_fails_is_named(shop: Shop, line: str) -> None:
    found = shop("errors.py", f"def render(refused):\n    {line}\n").call("GET", "/orders/999")

    assert found.status == 500
    assert found.json["error"].startswith("behaviour of your own failed")
    assert "errors.py:" in found.json["breach"]


@pytest.mark.parametrize(("line", "breach"), [("1 / 0", "ZeroDivisionError"), ("'me'", "returns a str in place of")])
def test_a_check_of_credentials_that_fails_is_named(shop: Shop, line: str, breach: str) -> None:
    served = shop("security.py", f"def token(state, credential):\n    return {line}\n", secured=True)

    found = served.call("GET", "/orders", authorization="Bearer x")

    assert found.status == 500
    assert "security.py:" in found.json["breach"]
    assert breach in found.json["breach"]


@pytest.mark.parametrize("text", ["raise SystemExit(3)\n", "def payOrder(): pass\n", b"x = '\0'\n"])
def test_a_reload_of_a_mistake_logs_one_line_and_serves_as_before(
    shop: Shop, tmp_path: Path, text: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shop(PAY, "def payOrder(state, recognised):\n    return recognised()\n")
    settings = Settings(
        documents=(("shop", str(tmp_path / "shop.json")),), behaviour=(tmp_path / "behaviour",), cache=None
    )
    reloading = ReloadingApp(settings)
    path = tmp_path / "behaviour/shop" / PAY
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with caplog.at_level(logging.INFO):
        reloading.reload([path])

    [record] = [each for each in caplog.records if "reloaded" in each.getMessage()]
    assert record.getMessage().startswith("not reloaded (pay.py), serving as before: ")
    assert str(path) in record.getMessage()
    assert OwnDocument(reloading.understudy).call("POST", "/orders/1/pay").status in (200, 404)
