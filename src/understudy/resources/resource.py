"""Resource: a collection of records that a document's paths describe, and the operations on it."""

from dataclasses import dataclass, field
from typing import Any

from understudy.contract.compiled_operations import Operation

KEY = "@key"
"""Property of a stored record: the text of its id."""

COUNTERS = "@counters"
"""Collection with the number of records that were created, by resource."""

DELETED = "@deleted"
"""Collection with the keys of records that were deleted, by resource."""

PARENT = "@parent"
"""Property of a stored record: the texts of the path's other parameters, joined with slashes."""

SETTINGS = "@settings"
"""Collection with the settings of a world, as its scenario has them."""

Place = tuple[str, ...]
"""Names of the members that lead to a value in a body; none for the body itself."""

IDS = frozenset({"id", "uuid", "sid", "gid"})
"""Names of ids that say nothing of the record; also as ``_id``, ``$id`` and ``Id``."""

READING = frozenset(
    "search query find lookup filter list count validate check preview test estimate calculate simulate render"
    " export download exists".split()
)
"""Last segments of paths at which a POST changes nothing, unless it answers 201 or 202."""

FIRST = "[0]"
"""Part of a place: the first value of a list, for answers that show one record as a list of one."""


@dataclass(slots=True)
class Use:
    """Operation on a resource: its role, the record's schema in its answer, and where the record is in there.

    ``role`` is ``create``, ``list``, ``read``, ``replace``, ``change``, ``delete``, ``upsert`` or ``action``.
    ``status`` is that of the success, ``schema`` its body's. ``place`` is ``None`` if the answer shows no record;
    ``sent_place`` is that of the record in the request's body.
    """

    operation: Operation
    role: str
    status: int
    schema: Any = None
    place: Place | None = None
    sent_place: Place = ()


@dataclass(slots=True)
class Resource:
    """Collection of records: its paths, its records' schema and id, and its operations.

    ``id_parameter`` is the argument of the id in the item's path, ``parents`` are those before it. ``id_property`` is
    the record's property with the id, empty if it has none; a new id keeps ``id_schema``. ``alias`` is another property
    by which a path such as ``/pages/{id_or_slug}`` names a record. One that ``is_single`` is a
    single record, such as ``/account`` or ``/customers/{id}/settings``: its paths are equal.
    """

    name: str
    collection_path: str
    item_path: str
    id_parameter: str
    parents: tuple[str, ...]
    schema: Any
    id_property: str
    id_schema: Any
    uses: list[Use] = field(default_factory=list)
    is_single: bool = False
    alias: str = ""

    @property
    def singular(self) -> str:
        """Name of one record."""
        return singular(self.name)


def key_text(value: Any) -> str:
    """Return the text of an id; a whole number has no fraction, although a path's parameter is a ``number``."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def singular(name: str) -> str:
    """Return the singular of a collection's name, by the usual endings of English."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss")):
        if name.endswith(ending):
            return name[: -len(ending)] + instead
    return name[:-1] if name.endswith("s") and len(name) > 1 else name


def plain(name: str) -> str:
    """Return a name without case and punctuation, by which names in different styles are compared."""
    return "".join(char for char in name.lower() if char.isalnum())
