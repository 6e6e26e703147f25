"""Check for schemathesis: a request that the schema allows is never refused by the contract.

It is stricter than the built-in ``positive_data_acceptance``, which compares the status alone and so cannot distinguish
a rule of the vendor (an unknown customer, a number used before) from a valid request that we reject by mistake. The
header ``understudy-refused-by`` can.
"""

from typing import Any

import schemathesis
from schemathesis.core.failures import Failure


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
