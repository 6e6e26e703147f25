"""Services of the server that the pages show and act through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.casting.document_kinds import DocumentSource
from understudy.console.control import ControlClient
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.vendor_mount import App
from understudy.state.world import World


@dataclass(frozen=True, slots=True)
class Services:
    """Control API, vendors and facts of a server.

    ``vendor_requests`` takes requests to the vendors; ``open_world`` returns a world, and makes a missing one.
    ``start_credentials`` returns the credentials of every new world, by vendor.
    ``nearest`` returns the known path that is most like another. If the server ``allows_cors``, pages of any origin may
    read its 404. ``token`` is the one that it requires, if any.
    ``document_sources`` are users' own documents, of whose schemas there are kinds of records.
    """

    version: str
    token: str | None
    vendors: Mapping[str, MountedVendor]
    control_api: MountedVendor
    control: ControlClient
    vendor_requests: App
    open_world: Callable[[str], World]
    start_credentials: Callable[[], Mapping[str, Mapping[str, Any]]]
    nearest: Callable[[str], str]
    allows_cors: bool
    document_sources: tuple[DocumentSource, ...] = ()
