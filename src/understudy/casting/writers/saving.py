"""Writing of the records of a request into a file."""

from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import Layout
from understudy.casting.writers.output_file import open_output
from understudy.casting.writers.parallel_blocks import make_blocks


def save(request: RecordRequest, layout: Layout, numbers: range, out: str, workers: int = 1) -> None:
    """Write the records with these numbers into a file, which is created or replaced when it is complete."""
    with open_output(out) as file:
        writer = layout.writer(file)
        for block in make_blocks(request, layout, numbers, workers):
            writer.write(block.content)
        writer.close()
