"""Names of webhooks, such as ``order.created`` and ``onPetDeleted``, read as a noun and as what happened to it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from understudy.resources.resource import Resource, plain, singular

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
VERSION = re.compile(r"[^0-9A-Za-z][vV][0-9]+$")
FILLERS = frozenset(
    "on after when was is has been got the a an event events webhook webhooks hook notification callback post"
    " status state detail details info".split()
)
"""Words of a name that say neither the noun nor what happened."""

CREATED = """new create created creates creation add added adds insert inserted register registered registration
    place placed submit submitted open opened"""
CHANGED = "update updated updates change changed changes modify modified edit edited patch patched replace replaced"
DELETED = "delete deleted deletes deletion remove removed removes removal destroy destroyed"
CREATE, CHANGE, DELETE = "create", "change", "delete"
HAPPENED = {
    word: what for what, words in ((CREATE, CREATED), (CHANGE, CHANGED), (DELETE, DELETED)) for word in words.split()
}


@dataclass(frozen=True, slots=True)
class EventName:
    """Name of an event: the words of its noun, and of what happened: ``create``, ``change``, ``delete`` or a verb."""

    noun: tuple[str, ...]
    happened: str


def read_event_names(name: str) -> list[EventName]:
    """Return the readings of a name, the likeliest first; none of one without a verb, or of a single word."""
    words = [word.lower() for word in WORD.findall(VERSION.sub("", name))]
    words = [word for word in words if word not in FILLERS] or words
    found = [
        EventName((*words[:place], *words[place + 1 :]), HAPPENED[words[place]])
        for place in reversed(range(len(words)))
        if words[place] in HAPPENED
    ]
    if len(words) > 1:  # the verb of an action stands last, or first
        found += [EventName(tuple(words[:-1]), words[-1]), EventName(tuple(words[1:]), words[0])]
    return [each for each in found if each.noun]


def names_of(resource: Resource) -> frozenset[str]:
    """Return the plain names of a resource's records: of its collection, and of the last part of its path."""
    segments = [each for each in resource.collection_path.split("/") if each and "{" not in each]
    names = {resource.name, singular(resource.name)}
    for last in segments[-1:]:
        names |= {last, singular(last)}
    return frozenset(map(plain, names))


def resources_by_name(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Return resources by each plain name of their records."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        for name in names_of(resource):
            found.setdefault(name, []).append(resource)
    return found


def named_by(noun: tuple[str, ...], by_name: Mapping[str, list[Resource]]) -> Iterator[Resource]:
    """Yield the resources that words name: all of them, or the last ones, as in ``customer.subscription``."""
    for start in range(len(noun)):
        end = "".join(noun[start:])
        yield from by_name.get(end, by_name.get(singular(end), ()))


def is_verb_of(happened: str, action: str) -> bool:
    """Return whether a verb is that of an action, in any form: ``cancelled`` of ``cancel``, ``paid`` of ``pay``."""
    return happened in _forms(action)


def _forms(action: str) -> set[str]:
    stem = action.removesuffix("e")
    return {action, f"{stem}ed", f"{action}ed", f"{action}{action[-1:]}ed", f"{stem}ing", *IRREGULAR.get(action, ())}


IRREGULAR = {
    "pay": ("paid",),
    "send": ("sent",),
    "hold": ("held",),
    "void": ("voided",),
    "ship": ("shipped", "shipment"),
}
