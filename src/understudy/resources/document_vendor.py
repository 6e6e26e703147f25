"""Vendor made of a foreign document alone: recognised resources, and samples where none is recognised."""

from collections.abc import Iterable

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.core.vendor import Vendor
from understudy.resources.error_replies import ErrorReplies
from understudy.resources.sampled_replies import sampled_handler
from understudy.samples.sample_maker import SampleMaker


def document_vendor(document: Document, operations: Iterable[Operation]) -> Vendor:
    """Return the vendor of a foreign document: each operation has a handler."""
    maker = SampleMaker(document, SchemaCompiler(document, is_lazy=True))
    return Vendor(
        document.name,
        operations={each.id: sampled_handler(each, maker) for each in operations},
        fidelities={each.id: "sample" for each in operations},
        refuse=ErrorReplies(maker).reply,
    )
