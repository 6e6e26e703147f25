"""Records of an order into a file."""

from understudy.casting.blocks import make_blocks
from understudy.casting.files import delivered
from understudy.casting.formats import FORMATS, Layout, format_of
from understudy.casting.order import Order
from understudy.core.misconfigured import Misconfigured, nearest


def layout_for(order: Order, out: str, format_name: str | None = None) -> Layout:
    """Return how a file is written: in a format that is named, or the one that the file's name speaks of."""
    name = format_name or format_of(out)
    if name not in FORMATS:
        raise Misconfigured(f"no format {name!r}{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}")
    if name == "parquet" and out.endswith((".gz", ".zst")):
        raise Misconfigured(f"{out}: Parquet is compressed inside; name the file without its last ending")
    return FORMATS[name](order)


def save(order: Order, layout: Layout, numbers: range, out: str, workers: int = 1) -> None:
    """Write the records with these numbers into a file; it is there when it is whole, and not before."""
    with delivered(out) as file:
        writer = layout.writer(file)
        for block in make_blocks(order, layout, numbers, workers):
            writer.write(block.content)
        writer.close()
