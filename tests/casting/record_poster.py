"""Helpers that post a kind's records to a stand-in in this process, each kind to a world of its own."""

from typing import Any

import orjson

from tests.asgi import Answer, call
from understudy.app import Understudy
from understudy.casting.kind import Kind
from understudy.casting.kind_registry import find_kinds
from understudy.contract.example_requests import build_request
from understudy.contract.json_schema_validator import Validator
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.core.data_folder import data_folder
from understudy.core.media_types import JSON

START = data_folder("fixtures") / "scenarios" / "start.yaml"
OF_VENDORS = [kind for kind in find_kinds().values() if kind.vendor != "cast"]


def post(understudy: Understudy, kind: Kind, record: dict[str, Any]) -> Answer:
    served = understudy.vendors[kind.vendor]
    [operation] = [each for each in served.operations if each.id == kind.operation]
    body = (orjson.dumps(record), JSON) if operation.body else ()
    sent = build_request(operation, kind.arguments(record), *body)
    state = understudy.worlds.get_or_create(kind.name).vendors[kind.vendor]
    assert served.vendor.sign_in is not None
    headers = {**served.vendor.sign_in(state), **sent.headers}
    target = f"/@{kind.name}{served.base_path}{sent.target}"
    return call(understudy.asgi, operation.method.upper(), target, headers=headers, body=sent.body)


def validator_of(understudy: Understudy, kind: Kind) -> Validator:
    """Return the validator of a kind's records; it accepts everything if the operation takes no body."""
    served = understudy.vendors[kind.vendor]
    if kind.schema:
        return SchemaCompiler(served.document).validator({"$ref": f"#/components/schemas/{kind.schema}"}, "response")
    [operation] = [each for each in served.operations if each.id == kind.operation]
    return operation.body.media[JSON] if operation.body else Validator({})
