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


class Places(NamedTuple):
    """Ids of the first workspace, and of its first entry node."""

    workspace: str = WORKSPACE
    node: str = ENTRY_NODE
