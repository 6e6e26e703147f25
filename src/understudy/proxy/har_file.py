"""HTTP archive that grows while calls pass, and is whole after each of them."""

from pathlib import Path
from typing import IO

import orjson

from understudy import __version__
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import har_entries, write_har
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured

END = b"\n]}}\n"


class HarFile:
    """File of the calls that passed, without their credentials."""

    def __init__(self, path: Path) -> None:
        """Begin the file anew; raise ``Misconfigured`` if it cannot be written."""
        start = orjson.dumps(write_har([], __version__)).removesuffix(b"]}}")
        try:
            self._file: IO[bytes] = path.open("wb")
            self._file.write(start + END)
            self._file.flush()
        except OSError as error:
            raise Misconfigured(f"{path}: cannot be written ({error.strerror})") from None
        self._is_empty = True

    def add(self, call: RedactedExchange, unread: dict[str, str]) -> None:
        """Add a call; ``unread`` has the reasons for which a body is not in it."""
        [entry] = har_entries([call])
        _comment(entry, unread)
        self._file.seek(-len(END), 2)
        self._file.write((b"\n" if self._is_empty else b",\n") + orjson.dumps(entry) + END)
        self._file.flush()
        self._is_empty = False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _comment(entry: Json, unread: dict[str, str]) -> None:
    """Add comments on bodies that are not in an entry."""
    for side, why in unread.items():
        entry[side]["comment"] = f"the body is left out: {why}"
