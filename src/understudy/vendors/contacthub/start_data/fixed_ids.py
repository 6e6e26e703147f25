"""The ids of the start scenario: the same in every world, and those that the spec's examples name."""

_PREFIX = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"


def example_id(number: int) -> str:
    """Return the id that ends with a number of four digits."""
    return f"{_PREFIX}{number:04}"


def example_token(number: int) -> str:
    """Return the token that ends with a number."""
    return f"{number:064}"


WORKSPACE, SUSPENDED, DISABLED, THROTTLED = map(example_id, (1, 2, 3, 4))
"""The workspaces: one at work, one that refuses writes, one that refuses everything, one that is asked too often."""

ENTRY_NODE, OTHER_ENTRY_NODE = map(example_id, (101, 102))
EVERYONE, RESERVE = map(example_id, (201, 202))
"""The aggregate nodes: one at work, one that is new."""

SHOP_SYSTEM, WEB_SHOP, NEWSLETTER, PLANS, OLD_SHOP_SYSTEM = map(example_id, range(301, 306))
"""The sources: trusted, untrusted, Send, Plan, disabled."""

USERDB = 4101
FIRST_USER, SECOND_USER = 401, 402
CONSENT_LOG = 40_960
"""The number of the first entry of the consent log."""

SESSION = example_id(8000)
FIRST_CUSTOMER, OTHER_FIRST_CUSTOMER, FIRST_EVENT, FIRST_ORDER = 5000, 6000, 7000, 7100
"""Where the numbers of each node's customers, of the first customer's events and of the others' orders begin."""

LOADED_JOB, PROCESSED_JOB = map(example_id, (9001, 9002))
