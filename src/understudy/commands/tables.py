"""Tables printed on a terminal: no wider than it is, with cells in several lines where they must be.

Into a pipe or file a row is one line, however wide.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

import click

GAP = "  "
MIN_WIDTH = 6
"""Characters below which a column is not made narrower."""


def print_table(rows: Sequence[Mapping[str, str]]) -> None:
    """Print rows below a line of the column names, each column as wide as its widest value; nothing for no rows."""
    if not rows:
        return
    names = list(rows[0])
    natural = [max(len(name), *(len(row[name]) for row in rows)) for name in names]
    widths = fit(natural, terminal_width())
    for line in _lines(names, widths):
        click.secho(line, bold=True)
    for row in rows:
        for line in _lines([row[name] for name in names], widths):
            click.echo(line)


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Print names, each with a text beside it."""
    width = max(map(len, pairs))
    whole = terminal_width()
    for name, text in pairs.items():
        for line in _lines([name, text], [width, len(text) if whole is None else max(whole - width - 2, MIN_WIDTH)]):
            click.echo(line)


def terminal_width() -> int | None:
    """Return the width of the terminal; None if the output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def fit(widths: Sequence[int], whole: int | None) -> list[int]:
    """Return widths of columns that fit into a line: the widest are made narrower, down to ``MIN_WIDTH``."""
    fitted = list(widths)
    if whole is None:
        return fitted
    spare = whole - len(GAP) * (len(fitted) - 1)
    while sum(fitted) > spare and max(fitted) > MIN_WIDTH:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield a text in pieces of at most ``width`` characters, broken after a separator where one is near the end."""
    while len(text) > width:
        breaks = [found.end() for found in re.finditer(r"[ /_,.:?&=-]", text[:width])]
        end = breaks[-1] if breaks and breaks[-1] >= width // 2 else width
        yield text[:end].rstrip(" ")
        text = text[end:].lstrip(" ")
    yield text


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*columns, fillvalue=""):
        yield GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
