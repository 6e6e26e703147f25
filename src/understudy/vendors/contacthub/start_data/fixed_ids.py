"""Fixed ids of the start data: the same in each world, and used by the spec's examples.

A scenario may give the first workspace and its first node other ids: ``Places``.
"""

from typing import NamedTuple

_PREFIX = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"


def example_id(number: int) -> str:
    """Return the fixed id that ends with a number of four digits."""
    return f"{_PREFIX}{number:04}"


def example_token(number: int) -> str:
    """Return the fixed token that ends with a number."""
    return f"{number:064}"


WORKSPACE, SUSPENDED, DISABLED, THROTTLED = map(example_id, (1, 2, 3, 4))
"""Workspaces: enabled, suspended (refuses writes), disabled (refuses all requests), over its rate limit."""

ENTRY_NODE, OTHER_ENTRY_NODE = map(example_id, (101, 102))
EVERYONE, RESERVE = map(example_id, (201, 202))
"""Aggregate nodes: ACTIVE and NEW."""

SHOP_SYSTEM, WEB_SHOP, NEWSLETTER, PLANS, OLD_SHOP_SYSTEM = map(example_id, range(301, 306))
"""Sources: trusted, untrusted, Contactsend, Contactplan, disabled."""

USERDB = 4101
FIRST_USER, SECOND_USER = 401, 402
CONSENT_LOG = 40_960
"""Number of the first entry of the consent log."""

SESSION = example_id(8000)
FIRST_CUSTOMER, OTHER_FIRST_CUSTOMER, FIRST_EVENT, FIRST_ORDER = 5000, 6000, 7000, 7100
"""First numbers of the customers of each node, of the first customer's events, and of the others' orders."""

LOADED_JOB, PROCESSED_JOB = map(example_id, (9001, 9002))

PRINTED_NODE = "959356e3-6168-4a92-b4a5-b9d462be6177"
PRINTED_CUSTOMER = "87d8e330-2878-4742-a86f-dbbb3bf522ac"
PRINTED_ID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
"""Ids on the vendor's page; the last stands for nodes, customers, events, sessions and sources alike."""

PRINTED_USER = 229
PRINTED_SEND_SOURCE = example_id(306)
PRINTED_ENTRY_NODES = {
    "be4f0058-c51e-4909-acdc-373dfba102bd": ("Node 1", "This is Node 1."),
    PRINTED_NODE: ("Printed node", None),
    PRINTED_ID: ("Node of printed lists", None),
    "9e9021ae-5332-426d-bb1b-f053440d7b4c": ("Node 1", "This is Node 1."),
}
PRINTED_AGGREGATES = {
    "37bb932c-3e80-479b-a813-c6f9b3926a90": ("Aggregate Node A", "This is Aggregate Node A.", "ACTIVE"),
    "142c9180-5d38-4a65-924b-174c35dfd34b": ("Prova aggregato", "desc", "NEW"),
}
"""Nodes of the page, by id: name, description, and the state of an aggregate node."""


class Places(NamedTuple):
    """Ids of the first workspace, and of its first entry node."""

    workspace: str = WORKSPACE
    node: str = ENTRY_NODE
