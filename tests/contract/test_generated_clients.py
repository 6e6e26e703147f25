"""Forms of a schema that a client generator reads wrongly, found without the generators (`make clients` runs them).

A generator makes a union of alternatives, and leaves out the properties beside them. It makes the class of an object
without a name twice if a shared schema around it may be null, and refuses the second.
"""

from collections.abc import Iterator
from typing import Any

from tests.contract.document_walk import schemas
from understudy.http.mounted_vendor import MountedVendor

ALTERNATIVES = {"anyOf", "oneOf"}


def test_alternatives_beside_properties_stand_in_a_part_of_their_own(served: MountedVendor) -> None:
    found = [place for place, schema in schemas(served.document.raw, "#") if schema.keys() & ALTERNATIVES]

    assert found == []


def test_an_object_in_a_shared_schema_that_may_be_null_has_a_name(served: MountedVendor) -> None:
    shared = served.document.raw.get("components", {}).get("schemas", {})
    found = {name: list(unnamed(schema)) for name, schema in shared.items() if schema.get("nullable")}

    assert {name: places for name, places in found.items() if places} == {}


def unnamed(schema: dict[str, Any]) -> Iterator[str]:
    """Yield the properties of a schema that are objects, or lists of them, with a schema of their own."""
    for name, part in schema.get("properties", {}).items():
        inner = part.get("items", part)
        if "properties" in inner or isinstance(inner.get("additionalProperties"), dict):
            yield name
