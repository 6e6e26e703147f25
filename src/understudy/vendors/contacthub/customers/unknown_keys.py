"""Unknown keys of request bodies: ignored, or refused if the world's setting says so (docs/decisions/0041).

The keys are those at the top of a customer, an event, a session or an element, of ``tags``, and of the elements of
``likes``, ``jobs``, ``educations`` and ``subscriptions``. The published schemas forbid others in the objects of
``base`` and ``consents``; those are refused always.
"""

from collections.abc import Iterable, Iterator

from understudy.core.json_pointer import escape
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.customers.full_document import (
    complete_education,
    complete_job,
    complete_like,
    complete_subscription,
)

IGNORED, REFUSED = "ignored", "refused"
SETTING = "unknownKeys"

CUSTOMER_KEYS = frozenset(
    (
        "id", "intId", "externalId", "nodeId", "base", "consents", "extended", "extra", "tags", "enabled",
        "registeredAt", "updatedAt", "version", "deleted", "sourceInfo",
    )
)  # fmt: skip
TAG_KEYS = frozenset(("auto", "manual"))
ELEMENT_KEYS = {
    "educations": frozenset(complete_education({})),
    "likes": frozenset(complete_like({})),
    "jobs": frozenset(complete_job({})),
    "subscriptions": frozenset(complete_subscription({})) | {"preferences"},
}
"""Keys of an element, by list of ``base``."""


def set_unknown_keys(state: VendorState, treatment: str) -> None:
    """Set whether unknown keys are ``ignored`` or ``refused``."""
    write_setting(state, state.vendor, SETTING, {"treatment": treatment})


def unknown_keys(state: VendorState, value: Json, known: Iterable[str], path: str = "") -> Iterator[Violation]:
    """Yield a violation for each unknown key of an object at a path in the body, if such keys are refused."""
    unknown = [name for name in value if name not in known]
    if unknown and read_setting(state, state.vendor, SETTING, {"treatment": IGNORED})["treatment"] == REFUSED:
        for name in unknown:
            message, hint = f"{name} is not allowed here", nearest(name, known)
            yield Violation("body", f"{path}/{escape(name)}", "additionalProperties", message, value[name], hint)


def unknown_customer_keys(state: VendorState, body: Json) -> Iterator[Violation]:
    """Yield a violation for each unknown key of a customer's body, if such keys are refused."""
    yield from unknown_keys(state, body, CUSTOMER_KEYS)
    yield from unknown_keys(state, body.get("tags") or {}, TAG_KEYS, "/tags")
    base = body.get("base") or {}
    for listed, known in ELEMENT_KEYS.items():
        for number, element in enumerate(base.get(listed) or ()):
            yield from unknown_keys(state, element, known, f"/base/{listed}/{number}")
