"""Vendor or document that an argument of a command names."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from understudy.changes.document_changes import Version
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.foreign.document_files import is_url, names_beside
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.foreign.named_documents import GIVEN_NAME, named_documents
from understudy.core.counted import counted
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.settings import Settings
from understudy.vendors.discovery import find_specs


def choose_vendor(settings: Settings, vendor: str) -> tuple[str, Settings]:
    """Return the name of the wanted vendor, and settings by which it alone is served.

    It is one of the given documents, else a shipped vendor, else a document at this place.
    """
    own = dict(settings.documents)
    settings = replace(settings, unserved=(*settings.unserved, *own))  # the project's behaviour is for them
    if vendor in own:
        return vendor, replace(settings, documents=((vendor, own[vendor]),))
    shipped = find_specs(settings.specs)
    if vendor in shipped:
        return vendor, replace(settings, vendors=(vendor,), documents=())
    if not (is_url(vendor) or GIVEN_NAME.fullmatch(vendor) or Path(vendor).exists()):
        names = [*own, *shipped]
        raise Misconfigured(
            f"no vendor, file or folder {vendor!r}{nearest(Path(vendor).name, [*names, *names_beside(Path(vendor))])} "
            f"(vendors: {', '.join(names)})"
        )
    named = named_documents([vendor])
    if len(named) > 1:
        raise Misconfigured(f"{vendor}: holds {len(named)} documents: name one file of it")
    return named[0][0], replace(settings, documents=named)


def no_call_of(archives: Sequence[Path], calls: int, name: str) -> Misconfigured:
    """Return the error of archives that hold no call of the wanted document."""
    held = f"{counted(calls, 'call')}, of no operation of {name}" if calls else "holds no call"
    return Misconfigured(f"{', '.join(map(str, archives))}: {held}")


def choose_document(settings: Settings, vendor: str) -> Document:
    """Return the document of the wanted vendor, as ``choose_vendor`` finds it."""
    name, chosen = choose_vendor(settings, vendor)
    if not chosen.documents:
        return load_document(find_specs(chosen.specs)[name], chosen.cache)
    return load_foreign(name, chosen.documents[0][1], chosen.cache, chosen.remote_hosts, chosen.overlays)


def choose_version(settings: Settings, vendor: str) -> Version:
    """Return the document of the wanted vendor with its compiled operations."""
    document = choose_document(settings, vendor)
    return Version(document, compile_operations(document))
