"""Check for schemathesis: a request that the schema allows is never refused by the contract.

It is stricter than the built-in ``positive_data_acceptance``, which compares the status alone and so cannot distinguish
a rule of the vendor (an unknown customer, a number used before) from a valid request that we reject by mistake. The
header ``understudy-refused-by`` can.

Booleans that a document takes in any case (``x-any-case``) are written for schemathesis in keywords that it knows, so
that it sends such texts as valid data.
"""

from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure

ANY_CASE = {"type": "string", "pattern": "^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$"}


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Write the extensions of parameters as schemas."""
    for parameter in parameters(raw_schema):
        if parameter.get("x-any-case"):
            parameter["schema"] = {"anyOf": [parameter["schema"], ANY_CASE]}


def parameters(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every parameter in a document."""
    if isinstance(node, dict):
        if node.get("in") == "query" and "schema" in node:
            yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else ():
        yield from parameters(part)


class RefusedByContract(Failure):
    """Valid data that was refused as if it broke the schema."""

    def __init__(self, operation: str, text: str) -> None:
        super().__init__(operation=operation, title="Valid data refused by the contract", message=text)


@schemathesis.check
def valid_data_is_never_refused_by_the_contract(_context: Any, response: Any, case: Any) -> None:
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive:
        return
    if response.headers.get("understudy-refused-by") == ["contract"] and response.status_code != 413:
        raise RefusedByContract(case.operation.label, response.text)
