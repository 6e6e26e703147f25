"""Files that a command writes: each can be written, and is neither one that the command reads nor another's."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from understudy.contract.foreign.document_files import is_url
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings


def check_outputs(outputs: Mapping[str, Path | None], inputs: Iterable[Path] = ()) -> None:
    """Raise ``Misconfigured`` for a file, by its option, that cannot be written, or whose content would be lost.

    It is called before a command does anything: the files are written at the end.
    """
    read = {path.resolve() for path in inputs}
    options: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        place = path.resolve()
        if why := _obstacle(path) or ("is read by this command: name another file" if place in read else ""):
            raise Misconfigured(f"{option} {path}: {why}")
        if place in options:
            raise Misconfigured(f"{option} {path}: is the file of {options[place]} too: give each its own")
        options[place] = option


def _obstacle(path: Path) -> str:
    if path.is_dir():
        return "is a folder"
    return "" if path.absolute().parent.is_dir() else "is in a folder that does not exist"


def read_files(settings: Settings) -> Iterator[Path]:
    """Yield the files of users that settings name: documents, overlays, and a remap file."""
    yield from (Path(address) for _, address in settings.documents if not is_url(address))
    yield from settings.overlays
    if settings.remap is not None:
        yield settings.remap


def write_output(path: Path, text: str) -> None:
    """Write a file; raise ``Misconfigured`` if it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be written ({error.strerror})") from None
