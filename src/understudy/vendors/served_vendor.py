"""Vendor as served: its behaviour together with its OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.vendor import Vendor


@dataclass(frozen=True, slots=True)
class ServedVendor:
    """Vendor with its document and compiled operations, in the document's order and by operationId.

    ``base_path`` is the prefix of every operation's path, with the vendor's name in front: ``/ecdp/v1``.
    """

    vendor: Vendor
    document: Document
    operations: tuple[Operation, ...]
    by_id: Mapping[str, Operation]
    base_path: str
