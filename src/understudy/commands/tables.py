"""Tables printed on a terminal."""

from collections.abc import Mapping, Sequence

import click


def print_table(rows: Sequence[Mapping[str, str]]) -> None:
    """Print rows below a line of the column names, each column as wide as its widest value; nothing for no rows."""
    if not rows:
        return
    widths = {key: max(len(key), *(len(row[key]) for row in rows)) for key in rows[0]}
    click.secho("  ".join(key.ljust(width) for key, width in widths.items()).rstrip(), bold=True)
    for row in rows:
        click.echo("  ".join(row[key].ljust(width) for key, width in widths.items()).rstrip())
