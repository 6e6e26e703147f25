"""File of a multipart form."""

from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Upload:
    """Uploaded file: its name as the client sent it, its media type, and its content, positioned at the start."""

    filename: str
    media_type: str
    content: IO[bytes]
