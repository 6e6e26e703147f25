"""Null in place of each optional member of each JSON body, at any depth: it is as if the member was left out.

Contacthub's page gives null a meaning of its own, so that it is not here. Capillary's attributes of a field are the
one exception of the others: its table of errors has a code for one that is null.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import Understudy, create_app
from understudy.contract.document import Document
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.core.media_types import JSON
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE, Settings

VENDORS = ("capillary", "crmcom", "ecdp", "twc")
REFUSED_IF_NULL = {("capillary", "fields", "attributes")}
"""Members that the vendor refuses if they are null: what is below them too."""

Place = tuple[str | int, ...]
Outcome = tuple[int, str]


@pytest.fixture(scope="module")
def understudy() -> Understudy:
    return create_app(Settings(vendors=VENDORS))


def calls() -> Iterator[tuple[MountedVendor, ExampleRequest]]:
    """Yield every request with a JSON body that an example answers with success."""
    for served in create_app(Settings(vendors=VENDORS)).vendors.values():
        for operation in served.operations:
            for each in example_requests(served.document, operation, MEBIBYTE):
                if each.status < 300 and each.headers.get("Content-Type", "").startswith(JSON):
                    yield served, each


CALLS = list(calls())


def test_every_vendor_has_requests_with_optional_members() -> None:
    assert {served.vendor.name for served, sent in CALLS if optional(served, sent)} == set(VENDORS)


@pytest.mark.parametrize(("mounted", "sent"), CALLS, ids=[str(sent) for _, sent in CALLS])
def test_a_member_that_is_null_is_one_that_is_left_out(
    understudy: Understudy, mounted: MountedVendor, sent: ExampleRequest
) -> None:
    body = json.loads(sent.body)
    wrong = {}

    for place in optional(mounted, sent):
        without, with_null = (
            outcome(understudy, mounted, sent, changed(body, place)),
            outcome(understudy, mounted, sent, changed(body, place, is_null=True)),
        )
        if without != with_null:
            wrong[place] = (without, with_null)

    assert wrong == {}


@pytest.mark.parametrize(("mounted", "sent"), CALLS, ids=[str(sent) for _, sent in CALLS])
def test_all_members_that_a_request_lacks_may_be_null(
    understudy: Understudy, mounted: MountedVendor, sent: ExampleRequest
) -> None:
    body = json.loads(sent.body)
    whole = deepcopy(body)
    for place in optional(mounted, sent):
        if not has(body, place):
            whole = changed(whole, place, is_null=True)

    assert outcome(understudy, mounted, sent, whole) == outcome(understudy, mounted, sent, body)


def optional(served: MountedVendor, sent: ExampleRequest) -> list[Place]:
    """Return the places of the optional members of a body, those that it lacks too."""
    content = served.document.resolve(sent.operation.node["requestBody"])["content"]
    schema = next(media["schema"] for name, media in content.items() if name.startswith(JSON))
    return list(places(served.document, schema, json.loads(sent.body), (), served.vendor.name))


def places(document: Document, schema: Any, value: Any, at: Place, vendor: str) -> Iterator[Place]:
    """Yield the places of the optional members of a value, at any depth."""
    schema = document.resolve(schema)
    if (vendor, *(part for part in at if isinstance(part, str))) in REFUSED_IF_NULL:
        return
    for part in schema.get("allOf", ()):
        yield from places(document, part, value, at, vendor)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(document, schema.get("items", {}), each, (*at, number), vendor)
    if not isinstance(value, dict):
        return
    for name, part in schema.get("properties", {}).items():
        if name not in schema.get("required", ()) and document.resolve(part).keys() - {"not"}:
            yield (*at, name)
        if name in value:
            yield from places(document, part, value[name], (*at, name), vendor)


def has(body: Any, place: Place) -> bool:
    for part in place[:-1]:
        body = body[part]
    return place[-1] in body


def changed(body: Any, place: Place, *, is_null: bool = False) -> Any:
    """Return a body with a member that is null, or left out."""
    whole = inner = deepcopy(body)
    for part in place[:-1]:
        inner = inner[part]
    inner.pop(place[-1], None)
    if is_null:
        inner[place[-1]] = None
    return whole


def outcome(understudy: Understudy, served: MountedVendor, sent: ExampleRequest, body: Any) -> Outcome:
    """Return the status of the answer in a new world, and the code in its envelope, if it has one."""
    world = understudy.worlds.get_or_create("null")
    headers = dict(sent.headers)
    if served.vendor.sign_in and not sent.is_anonymous:
        headers |= served.vendor.sign_in(world.vendors[served.vendor.name], sent.role)
    target = f"/@{world.name}{served.base_path}{sent.target}"
    answer = call(
        understudy.asgi, sent.operation.method.upper(), target, headers=headers, body=json.dumps(body).encode()
    )
    understudy.worlds.delete("null")
    found = answer.json if answer.body else {}
    code = found.get("status") if isinstance(found, dict) else None
    return answer.status, str(code["code"] if isinstance(code, dict) else code)
