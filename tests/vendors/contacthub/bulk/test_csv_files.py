"""Reading of uploaded CSV files: in steps, and within bounds."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_files import (
    MAX_COLUMNS,
    MAX_ROW_LENGTH,
    STEP_LENGTH,
    InvalidFile,
    StoredFile,
    store_file,
)

ROOTS = frozenset(("id", "externalId"))
HEAD = b"id,externalId\n"


class LongLine(BytesIO):
    """File that fails if more is read of it than a row may have, and a buffer."""

    def read1(self, size: int | None = -1) -> bytes:
        assert self.tell() < 2 * MAX_ROW_LENGTH
        return super().read1(size)


def steps(state: VendorState, file: BytesIO) -> Iterator[StoredFile | None]:
    """Yield after each step, last the stored file."""
    stored = yield from store_file(state, "job", file, ROOTS)
    yield stored


def test_a_row_of_the_greatest_length_is_stored(state: VendorState) -> None:
    half = b"x" * (MAX_ROW_LENGTH // 2 - len(b",")) + b","
    [*_, stored] = steps(state, BytesIO(HEAD + half + half[:-1] + b"\n"))
    assert stored == StoredFile(["id", "externalId"], 1)


def test_a_row_of_one_character_more_is_refused(state: VendorState) -> None:
    half = b"x" * (MAX_ROW_LENGTH // 2 - len(b",")) + b","
    with pytest.raises(InvalidFile, match=f"^line 2: a row is over {MAX_ROW_LENGTH} characters$"):
        list(steps(state, BytesIO(HEAD + half + half + b"\n")))


@pytest.mark.parametrize("cell", [b",", b'"\n",', b'"",'])
def test_a_row_of_very_many_cells_is_refused_before_it_is_read(state: VendorState, cell: bytes) -> None:
    with pytest.raises(InvalidFile, match=r"^line \d+: a row is over"):
        list(steps(state, LongLine(HEAD + cell * 10_000_000)))
    with pytest.raises(InvalidFile, match=r"^line \d+: a row is over"):
        list(steps(state, LongLine(cell * 10_000_000)))


def test_empty_lines_are_read_in_steps(state: VendorState) -> None:
    count = 10 * STEP_LENGTH
    [*before, stored] = steps(state, BytesIO(b"\n" * count + HEAD + b"\n" * count + b"a,b\n"))
    assert stored == StoredFile(["id", "externalId"], 1)
    assert len(before) >= 10


def test_long_rows_are_read_in_steps(state: VendorState) -> None:
    row = b"a," + b"x" * (STEP_LENGTH // 2) + b"\n"
    [*before, stored] = steps(state, BytesIO(HEAD + row * 8))
    assert stored == StoredFile(["id", "externalId"], 8)
    assert len(before) >= 3


def test_a_file_of_empty_lines_has_no_columns(state: VendorState) -> None:
    for text in (b"", b"\n\n", b"\r\n"):
        with pytest.raises(InvalidFile, match=r"^the first line has no columns$"):
            list(steps(state, BytesIO(text)))


@pytest.mark.parametrize("extra", [0, 1])
def test_columns_are_bounded(state: VendorState, extra: int) -> None:
    names = ",".join(f"id.a{number}" for number in range(MAX_COLUMNS + extra)).encode() + b"\n"
    if extra:
        with pytest.raises(InvalidFile, match=f"^there are more than {MAX_COLUMNS} columns$"):
            list(steps(state, BytesIO(names)))
        return
    [*_, stored] = steps(state, BytesIO(names))
    assert stored is not None
    assert len(stored.columns) == MAX_COLUMNS
