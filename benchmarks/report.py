"""Reports of benchmarks: tables of figures, and targets."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Cell = str | float


@dataclass(frozen=True, slots=True)
class Options:
    """Extent of a benchmark: number of rounds, and seconds of a round for each contender."""

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Table:
    """Table of figures, printed with texts flush left and numbers flush right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def lines(self) -> Iterator[str]:
        """Yield the table as text."""
        texts = [self.columns, *(tuple(map(_text, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        is_left = [isinstance(cell, str) for cell in self.rows[0]]
        yield self.title
        for row in texts:
            cells = zip(row, widths, is_left, strict=True)
            yield "  " + "  ".join(cell.ljust(width) if left else cell.rjust(width) for cell, width, left in cells)


@dataclass(frozen=True, slots=True)
class Target:
    """Target for a figure: at least ``limit`` if ``is_floor``, else under it."""

    what: str
    value: float
    limit: float
    unit: str = ""
    is_floor: bool = True

    @property
    def is_met(self) -> bool:
        """True if the figure is within the limit."""
        return self.value >= self.limit if self.is_floor else self.value < self.limit

    def row(self) -> tuple[Cell, ...]:
        """Return the target as a row of a table."""
        wanted = f"{'at least' if self.is_floor else 'under'} {self.limit:.3g}{self.unit}"
        return self.what, f"{self.value:.3g}{self.unit}", wanted, "met" if self.is_met else "MISSED"


@dataclass(frozen=True, slots=True)
class Section:
    """Report of one benchmark."""

    tables: Sequence[Table]
    targets: Sequence[Target] = ()
    notes: Sequence[str] = ()

    def lines(self) -> Iterator[str]:
        """Yield the section as text."""
        tables = list(self.tables)
        if self.targets:
            columns = ("target", "measured", "wanted", "")
            tables.append(Table("Targets", columns, [target.row() for target in self.targets]))
        for table in tables:
            yield from table.lines()
            yield ""
        yield from self.notes
        yield ""

    def as_json(self) -> dict[str, Any]:
        """Return the section as data."""
        targets = [{**asdict(target), "is_met": target.is_met} for target in self.targets]
        return {"tables": [asdict(table) for table in self.tables], "targets": targets, "notes": [*self.notes]}


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
