"""Options of Contacthub: the development client's token, the ids of its workspace and node, settings."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option
from understudy.vendors.contacthub.bulk.paces import AT_ONCE, PACES
from understudy.vendors.contacthub.customers.unknown_keys import IGNORED, REFUSED
from understudy.vendors.contacthub.replies import FORMS_OF_TIMES, NUMERIC_OFFSET
from understudy.vendors.contacthub.security import ROLES
from understudy.vendors.contacthub.start_data.fixed_ids import (
    DISABLED,
    ENTRY_NODE,
    EVERYONE,
    OTHER_ENTRY_NODE,
    PRINTED_AGGREGATES,
    PRINTED_ENTRY_NODES,
    RESERVE,
    SUSPENDED,
    THROTTLED,
    WORKSPACE,
    example_id,
    example_token,
)
from understudy.vendors.contacthub.writing.customer_put import KEEP_MISSING, MISSING_IN_PUT

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORM = "a UUID in lower case"
_PRINTED = (*PRINTED_ENTRY_NODES, *PRINTED_AGGREGATES)
_OTHER_NODES = (OTHER_ENTRY_NODE, EVERYONE, RESERVE, *map(example_id, (121, 131, 141)), *_PRINTED)
_TAKEN = frozenset((SUSPENDED, DISABLED, THROTTLED, *_OTHER_NODES))
_TAKEN_TOKENS = frozenset(map(example_token, (*range(301, 308), *range(901, 901 + len(ROLES)))))

CREDENTIALS = {
    "token": Option(
        "5f1d3c9b7a2e4860c1f5d7e9a3b80246c8e0f2a4b6d81357f9e1c3a5d7b90824",
        pattern=SENDABLE,
        form=SENDABLE_FORM,
        taken=_TAKEN_TOKENS,
    ),
    "workspace": Option(WORKSPACE, pattern=_UUID, form=_FORM, taken=_TAKEN | {ENTRY_NODE}),
    "node": Option(ENTRY_NODE, pattern=_UUID, form=_FORM, taken=_TAKEN | {WORKSPACE}),
}
SETTINGS = {
    "bulk_jobs": Option(AT_ONCE, choices=tuple(PACES)),
    "unknown_keys": Option(IGNORED, choices=(IGNORED, REFUSED)),
    "customer_put": Option(KEEP_MISSING, choices=MISSING_IN_PUT),
    "times": Option(NUMERIC_OFFSET, choices=FORMS_OF_TIMES),
}
