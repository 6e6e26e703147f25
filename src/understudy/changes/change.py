"""Change between two versions of a document, and its effect on clients."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """Effect of a change on the clients of the old version."""

    BREAKING = "breaking"
    """A request that was right is refused now, or a part of a response may be missing."""
    RISKY = "risky"
    """A careful client goes on; a strict one may not."""
    COMPATIBLE = "compatible"
    """No client that kept to the old version notices."""


@dataclass(frozen=True, slots=True)
class Change:
    """Change between two versions of a document.

    ``operation`` is the old version's operationId (of an added operation the new one's), empty for the whole document.
    ``where`` is ``path``, ``query``, ``header``, ``cookie``, ``request``, ``response``, ``security`` or ``document``,
    ``place`` the parameter's name or a JSON pointer in which ``*`` stands for the items of a list, ``status`` the
    response's status, and ``rule`` the kind of the change in a word.
    """

    effect: Effect
    operation: str
    at: str
    where: str
    rule: str
    message: str
    place: str = ""
    status: str = ""
