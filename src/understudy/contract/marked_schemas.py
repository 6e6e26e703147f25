"""Marks of schemas, such as ``readOnly``: in a schema itself, or in a part of its ``allOf``."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document

MAX_DEPTH = 6
"""Levels of ``allOf`` down to which a mark is looked for."""


def is_marked(document: Document, schema: Any, keyword: str, depth: int = 0) -> bool:
    """Return whether a schema has a keyword that is true, in itself or in a part that it is combined of."""
    node = document.resolve(schema)
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        return False
    return bool(node.get(keyword)) or any(
        is_marked(document, part, keyword, depth + 1) for part in node.get("allOf", ())
    )
