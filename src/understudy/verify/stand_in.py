"""Stand-in of this process as the subject of a verification."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

from understudy.app import Understudy
from understudy.client.environment_variables import environment
from understudy.core.clock import Clock
from understudy.http.mounted_vendor import MountedVendor
from understudy.serving import in_background, listen
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.verify.credentials import Credentials, credentials_from
from understudy.verify.subject import VerifySubject, required_headers

WORLD = "verify"
PRINTED_ROOT = "http://127.0.0.1:8080"
"""Root of the server that commands for the user are meant for: ``understudy serve``."""

SECONDS_PER_MINUTE = 0.05


@contextmanager
def served(understudy: Understudy) -> Iterator[str]:
    """Serve a stand-in on a free port of this machine; yield its root URL."""
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        yield root


def stand_in_subject(understudy: Understudy, vendor: MountedVendor, root: str, world: World) -> VerifySubject:
    """Return a vendor of a served stand-in, in a world of it, as a subject."""
    name = vendor.document.name
    credentials = credentials_from(vendor.document, environment(root, world.name, understudy.connections(world.name)))
    state = world.vendors[name]
    roles = {role: _signed_in(vendor, state, role) for role in _roles(vendor)} if vendor.vendor.sign_in else {}
    return VerifySubject(
        vendor.document,
        vendor.operations,
        f"{root}/@{world.name}{vendor.base_path}",
        f"{PRINTED_ROOT}{vendor.base_path}",
        roles.get("", Credentials(credentials.headers, credentials.query, credentials.cookies)),
        required_headers(vendor.document, vendor.operations),
        roles=roles,
        is_own=True,
    )


def _signed_in(vendor: MountedVendor, state: VendorState, role: str) -> Credentials:
    headers: Mapping[str, str] = vendor.vendor.sign_in(state, role) if vendor.vendor.sign_in else {}
    return Credentials(headers)


def _roles(vendor: MountedVendor) -> set[str]:
    """Return the roles that the examples of a document name, and the usual one."""
    return {""} | {
        example["x-role"]
        for operation in vendor.operations
        for response in operation.responses.values()
        for media in response.node.get("content", {}).values()
        for example in media.get("examples", {}).values()
        if isinstance(example, Mapping) and "x-role" in example
    }


@contextmanager
def alternating_minutes(clock: Clock) -> Iterator[None]:
    """Alternate a clock between two minutes: limits per minute are soon reset, and no token expires."""
    is_over = threading.Event()
    first = clock.now()

    def alternate() -> None:
        for number in count():
            clock.set(first + timedelta(minutes=number % 2), rate=0)
            if is_over.wait(SECONDS_PER_MINUTE):
                return

    alternating = threading.Thread(target=alternate, daemon=True)
    alternating.start()
    try:
        yield
    finally:
        is_over.set()
        alternating.join()
