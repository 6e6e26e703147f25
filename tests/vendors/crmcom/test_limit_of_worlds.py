"""A server that is full refuses each call of CRM.COM in the shape of its generation, with the limit's status."""

import orjson

from tests.asgi import call
from understudy.app import create_app
from understudy.settings import Settings

BASE = "/crmcom/crmapi/rest/v2"


def test_a_full_server_refuses_in_the_shape_of_the_generation() -> None:
    served = create_app(Settings(vendors=("crmcom",), max_worlds=1))
    body, headers = orjson.dumps({"token": "x"}), {"Content-Type": "application/json"}

    call(served.asgi, "GET", f"{BASE}/purchases")
    older = call(served.asgi, "POST", f"/@other{BASE}/authentication/token/release", headers=headers, body=body)
    newer = call(served.asgi, "GET", f"/@other{BASE}/purchases")

    assert (older.status, older.json["status"]["code"]) == (507, "INSUFFICIENTSTORAGEEXCEPTION")
    assert (newer.status, newer.json["error"]) == (507, "CRM.EXCEPTIONS.INSUFFICIENTSTORAGEEXCEPTION")
