"""Deleted paths of operations that answer samples: what was deleted is gone, although no record is known of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.vendor import Handler
from understudy.resources.resource import DELETED, KEY
from understudy.state.vendor_state import VendorState

CREATING = ("PUT", "POST")
"""Methods that make what was deleted anew."""


def deleted_paths(operations: Collection[Operation], recognised: Collection[str]) -> frozenset[str]:
    """Return the paths of single items that are deleted by an operation that answers a sample."""
    return frozenset(
        each.path
        for each in operations
        if each.method.upper() == "DELETE" and each.id not in recognised and each.path.rstrip("/").endswith("}")
    )


def with_deletes(operation: Operation, handler: Handler, paths: Collection[str]) -> Handler:
    """Return a handler that refuses what was deleted, at its path or above it; itself if nothing there is deleted."""
    own = operation.path in paths
    around = [each for each in paths if operation.path == each or operation.path.startswith(f"{each.rstrip('/')}/")]
    if not around:
        return handler
    method = operation.method.upper()

    def handle(state: VendorState, **arguments: Any) -> Any:
        deleted = state.collection(DELETED)
        keys = {path: _key(path, operation.parameters, arguments) for path in around}
        for path, key in keys.items():
            if deleted.get(key) is not None and not (path == operation.path and method in CREATING):
                raise Refused(404, f"{key} is deleted")
        reply = handler(state)
        if own and isinstance(reply, Reply) and reply.status < 300:
            if method == "DELETE":
                deleted.put({KEY: keys[operation.path]})
            elif method in CREATING:
                deleted.delete(keys[operation.path])
        return reply

    return handle


def _key(path: str, parameters: Sequence[Any], arguments: Mapping[str, Any]) -> str:
    """Return a path with the values of its parameters."""
    for each in parameters:
        if each.where == "path":
            path = path.replace(f"{{{each.name}}}", str(arguments.get(each.argument)))
    return path
