"""Records of a kind for programs: made when asked for, changed by keyword, and handed on to tables."""

from dataclasses import replace
from importlib import import_module
from os import PathLike, fspath
from typing import Any, Self

from understudy.casting.engine.lazy_sequence import LazySequence
from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import flat
from understudy.casting.writers.formats import layout_for
from understudy.casting.writers.saving import save
from understudy.core.misconfigured import Misconfigured


class Records(LazySequence[Record]):
    """A sequence of records that holds none: ``records[41]`` makes one, a slice is another such sequence.

    Record n is the same whichever others are made, and each is the caller's own to change.
    """

    at_once = 1024

    def __init__(self, order: RecordRequest, numbers: range) -> None:
        """Take what is ordered, and the numbers of the records."""
        super().__init__(order.open(), numbers)
        self.source = order

    def but(self, **values: Any) -> Self:
        """Return the same records with some values set: ``but(base__firstName="Ada")`` sets ``base.firstName``.

        A function is called with the record, and what it returns is set.
        """
        paths = tuple((name.replace("__", "."), value) for name, value in values.items())
        return self._ordered(replace(self.source, values=self.source.values + paths))

    def only(self, *paths: str) -> Self:
        """Return the same records with these fields alone, named by dotted paths."""
        order = replace(self.source, only=paths)
        order.check()
        return self._ordered(order)

    def save(self, path: str | PathLike[str], *, workers: int = 1) -> None:
        """Write the records into a file, by its name JSON Lines, JSON, CSV or Parquet; ``.gz``, ``.zst`` compress."""
        out = fspath(path)
        save(self.source, layout_for(self.source, out), self.numbers, out, workers)

    def to_arrow(self) -> Any:
        """Return the records as a ``pyarrow.Table``, with objects as structs (extra ``parquet``)."""
        return import_module("understudy.casting.writers.parquet").table(
            self.source, self.blocks()
        )  # late: an optional extra

    def to_pandas(self) -> Any:
        """Return the records as a ``pandas.DataFrame``, the values of objects in dotted columns (extra ``pandas``)."""
        try:
            pandas = import_module("pandas")  # late: an optional extra
        except ImportError as missing:
            raise Misconfigured("to_pandas needs pandas; install it: pip install pandas") from missing
        return pandas.DataFrame.from_records(list(map(flat, self)), index=self.numbers)

    def _ordered(self, order: RecordRequest) -> Self:
        return type(self)(order, self.numbers)
