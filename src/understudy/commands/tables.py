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
INDENT = "    "
"""Start of the second line of a row, which has the columns for which the first has no room."""

MIN_WIDTH = 6
"""Characters below which a column is not made narrower."""


def print_table(rows: Sequence[Mapping[str, str]]) -> None:
    """Print rows below a line of the column names, each column as wide as its widest value; nothing for no rows.

    If a terminal has no room for all columns, the widest are printed below the others; the first column stays.
    """
    if not rows:
        return
    names = list(rows[0])
    natural = [max(len(name), *(len(row[name]) for row in rows)) for name in names]
    first, second = _split(natural, terminal_width())
    for number, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
        cells = [row[name] for name in names]
        for indent, columns in (("", first), (INDENT, second)):
            room = terminal_width()
            widths = fit([natural[each] for each in columns], None if room is None else room - len(indent))
            for line in _lines([cells[each] for each in columns], widths) if columns else ():
                click.secho(indent + line, bold=None if number else True)


def _split(widths: Sequence[int], whole: int | None) -> tuple[list[int], list[int]]:
    """Return the positions of the columns on the first line of a row, and of the widest others, which go below it."""
    first, second = list(range(len(widths))), list[int]()
    while whole is not None and len(first) > 1 and sum(widths[each] + len(GAP) for each in first) - len(GAP) > whole:
        widest = max(first[1:], key=widths.__getitem__)
        first.remove(widest)
        second.append(widest)
    return first, sorted(second)


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
    """Yield a text in pieces of at most ``width`` characters, broken between words, else after a separator.

    A word or a name is broken only if the line would else be less than half full.
    """
    while len(text) > width:
        between = text.rfind(" ", 0, width + 1) + 1
        breaks = [found.end() for found in re.finditer(r"[/_,.:?&=-]", text[:width])]
        end = next((each for each in (between, *breaks[-1:]) if each >= width // 2), width)
        yield text[:end].rstrip(" ")
        text = text[end:].lstrip(" ")
    yield text


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*columns, fillvalue=""):
        yield GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
