"""A file that came with a form."""

from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file: its name as the client gave it, its media type, and its bytes, to be read from the start."""

    filename: str
    media_type: str
    content: IO[bytes]
