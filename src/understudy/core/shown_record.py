"""Operations whose replies show a record of a collection."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from understudy.core.json_types import Json


class ShownBy(NamedTuple):
    """Operation that shows a record, with the arguments that it needs besides the caller and the defaults."""

    operation: str
    arguments: Mapping[str, Any]


FindShown = Callable[[Any, Json], Iterable[ShownBy]]
"""Function from a vendor state and a record in it to the operations that show the record."""
