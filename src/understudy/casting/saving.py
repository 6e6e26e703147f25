"""Records of an order into a file."""

from understudy.casting.blocks import make_blocks
from understudy.casting.files import delivered
from understudy.casting.layout import Layout
from understudy.casting.order import Order


def save(order: Order, layout: Layout, numbers: range, out: str, workers: int = 1) -> None:
    """Write the records with these numbers into a file; it is there when it is whole, and not before."""
    with delivered(out) as file:
        writer = layout.writer(file)
        for block in make_blocks(order, layout, numbers, workers):
            writer.write(block.content)
        writer.close()
