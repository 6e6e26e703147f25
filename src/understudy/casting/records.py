"""Records of a kind as a lazy sequence, with edits and exports to files, Arrow and pandas."""

from dataclasses import replace
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Self

from understudy.casting.engine.lazy_sequence import LazySequence
from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import flat
from understudy.casting.writers.formats import layout_for
from understudy.casting.writers.saving import save
from understudy.core.misconfigured import Misconfigured


class Records(LazySequence[Record]):
    """Sequence of records that are made when read: ``records[41]`` makes one, a slice is another such sequence.

    Record n does not depend on the others that are made, and the caller may change it.
    """

    at_once = 1024

    def __init__(self, request: RecordRequest, numbers: range) -> None:
        """Set the record request and the numbers of the records."""
        super().__init__(request.open(), numbers)
        self.source = request

    def but(self, **values: Any) -> Self:
        """Return the same records with some values set: ``but(base__firstName="Ada")`` sets ``base.firstName``.

        A function as value is called with the record and returns the value.
        """
        paths = tuple((name.replace("__", "."), value) for name, value in values.items())
        return self._with_source(replace(self.source, values=self.source.values + paths))

    def only(self, *paths: str) -> Self:
        """Return the same records with only these fields, given as dotted paths."""
        request = replace(self.source, only=paths)
        request.check()
        return self._with_source(request)

    def save(self, path: str | PathLike[str], *, workers: int = 1) -> None:
        """Write the records into a file: JSON Lines, JSON, CSV or Parquet by its name; ``.gz``, ``.zst`` compress."""
        try:
            out = fspath(path)
        except TypeError:
            raise Misconfigured(f"{path!r} is no path of a file") from None
        if type(workers) is not int or workers < 1:
            raise Misconfigured(f"workers must be a whole number, 1 or more, not {workers!r}")
        layout = layout_for(self.source, out)
        try:
            save(self.source, layout, self.numbers, out, workers)
        except FileNotFoundError:
            raise Misconfigured(f"{out} cannot be written: there is no folder {Path(out).parent}") from None

    def to_arrow(self) -> Any:
        """Return the records as a ``pyarrow.Table``, with objects as structs (extra ``parquet``)."""
        parquet = import_module("understudy.casting.writers.parquet")  # late: an optional extra
        return parquet.table(self.source, self.blocks())

    def to_pandas(self) -> Any:
        """Return the records as a ``pandas.DataFrame``, the values of objects in dotted columns (extra ``pandas``)."""
        try:
            pandas = import_module("pandas")  # late: an optional extra
        except ImportError as missing:
            raise Misconfigured("to_pandas needs pandas; install it: pip install pandas") from missing
        return pandas.DataFrame.from_records(list(map(flat, self)), index=self.numbers)

    def _with_source(self, request: RecordRequest) -> Self:
        return type(self)(request, self.numbers)
