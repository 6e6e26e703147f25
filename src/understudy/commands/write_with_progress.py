"""Output of generated records: to a file or pipe, with a progress bar, an orderly stop by Ctrl-C and error texts."""

import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from types import FrameType
from typing import Self

import click

from understudy.casting.writers.format_protocol import Layout
from understudy.casting.writers.output_file import STDOUT, open_output
from understudy.casting.writers.parallel_blocks import Block
from understudy.core.misconfigured import Misconfigured

INTERRUPTED = 130


def write_records(blocks: Generator[Block], total: int, layout: Layout, out: str) -> None:
    """Write blocks of records; after Ctrl-C finish the block in hand and end the process with exit code 130."""
    done = 0
    try:
        with open_output(out) as file, _Stop() as stop, _progress(total) as advance, closing(blocks):
            writer = layout.writer(file)
            for block in blocks:
                writer.write(block.content)
                done += block.records
                advance(block.records)
                if stop.is_asked:
                    break
            writer.close()
    except BrokenPipeError:
        raise  # as of any filter: the reader has what it wanted
    except OSError as error:
        name = "standard output" if out == STDOUT else out
        raise Misconfigured(f"{name} cannot be written: {error.strerror or error}; nothing of it is kept") from None
    except BrokenProcessPool:
        raise Misconfigured("a worker process was killed; try again, with fewer --workers") from None
    if stop.is_asked:
        click.echo(f"understudy: stopped after {done:,} of {total:,} records, all of them whole", err=True)
        sys.exit(INTERRUPTED)


class _Stop:
    """Handler of the first Ctrl-C, which asks for an orderly stop; the second one interrupts as usual."""

    def __init__(self) -> None:
        self.is_asked = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal, with rate and time left; yield the function that advances it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = time.monotonic()
    done = 0

    def rate(_: object) -> str:
        return f"{done / max(time.monotonic() - started, 0.001):,.0f}/s"

    with click.progressbar(length=total, file=sys.stderr, show_pos=True, item_show_func=rate) as bar:

        def advance(records: int) -> None:
            nonlocal done
            done += records
            bar.update(records)

        yield advance
