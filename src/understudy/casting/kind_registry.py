"""Registry of all kinds, found from the modules in ``casting/kinds/``."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from understudy.casting import kinds
from understudy.casting.document_kinds import DocumentSource, document_kinds
from understudy.casting.kind import Kind
from understudy.casting.seeding_auth import SeedingAuth
from understudy.core.misconfigured import Misconfigured, nearest


def find_kinds(sources: Iterable[DocumentSource] = ()) -> dict[str, Kind]:
    """Return every kind by its name, in the order of the modules and of the table ``KINDS`` in each.

    Those of users' own documents come first.
    """
    found: dict[str, Kind] = {}
    for source in sources:
        found |= document_kinds(source)
    modules = (import_module(f"{kinds.__name__}.{found.name}") for found in iter_modules(kinds.__path__))
    return found | {kind.name: kind for module in modules for kind in module.KINDS}


def find_kind(name: str, sources: Iterable[DocumentSource] = ()) -> Kind:
    """Return a kind; raise ``Misconfigured`` with the nearest name for an unknown one."""
    known = find_kinds(sources)
    if name not in known:
        raise Misconfigured(f"no kind of record {name!r}{nearest(str(name), known)}")
    return known[name]


def find_seeding_auth(vendor: str) -> SeedingAuth:
    """Return the ``SEEDING_AUTH`` of a vendor's kinds; the default, without headers, if there is none."""
    name = f"{kinds.__name__}.{vendor}"
    found = getattr(import_module(name), "SEEDING_AUTH", None) if find_spec(name) else None
    return found if isinstance(found, SeedingAuth) else SeedingAuth()
