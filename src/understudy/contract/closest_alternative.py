"""Choice of the alternative of ``oneOf`` or ``anyOf`` that a value was meant for, and its violations.

A value is taken to be meant for the alternative that its type allows, then the one that its distinguishing property
(``type``, ``provider`` …) names, then the one that lacks the fewest properties, then the one with the fewest errors.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jsonschema_rs

from understudy.core.json_pointer import join
from understudy.core.misconfigured import nearest
from understudy.core.refused import Violation

Errors = Sequence[jsonschema_rs.ValidationError]
Explain = Callable[[jsonschema_rs.ValidationError], Iterator[Violation]]

MAX_ALTERNATIVES = 4
"""Number of alternatives whose messages are listed if none is closer than the others."""


def explain_alternatives(
    error: jsonschema_rs.ValidationError, where: str, node: dict[str, Any], explain: Explain
) -> Violation:
    """Return the violation of a value that fits no alternative, or more than the one allowed.

    ``node`` is the part of the schema with the keyword; ``explain`` yields the violations of one error. The result has
    the value's own path; ``within`` are the violations of the closest alternative, if one is closer than the others.
    """
    kind: Any = error.kind
    path = join([str(part) for part in error.instance_path])
    branches: list[Errors] = kind.context
    if any(not branch for branch in branches):
        return Violation(where, path, kind.name, _too_many(node.get(kind.name, ()), error.instance), error.instance)
    found = [[violation for part in branch for violation in explain(part)] for branch in branches]
    within = _enumeration(branches, [_leaves(violations) for violations in found], where, path)
    if not within:
        closest = _closest(branches, found, path)
        if len(closest) > 1:
            return Violation(where, path, kind.name, _any_of(closest, path), error.instance)
        within = closest[0]
    message = "; ".join(dict.fromkeys(_placed(leaf, path) for leaf in _leaves(within)))
    return Violation(where, path, kind.name, message, error.instance, within=tuple(_leaves(within)))


def _leaves(violations: Sequence[Violation]) -> list[Violation]:
    return [leaf for violation in violations for leaf in violation.within or (violation,)]


def _too_many(alternatives: Sequence[Any], value: Any) -> str:
    """Return the message for a value that fits several alternatives, of which one is allowed."""
    named = [name for part in alternatives if isinstance(part, dict) for name in part.get("required", ())]
    both = [name for name in dict.fromkeys(named) if isinstance(value, dict) and name in value]
    return f"only one of {', '.join(both)} may be given" if len(both) > 1 else "more than one alternative fits"


def _enumeration(branches: Sequence[Errors], found: list[list[Violation]], where: str, base: str) -> list[Violation]:
    """Return the violation of the property that distinguishes the alternatives, if its value names none of them."""
    first = next((leaf for leaves in found for leaf in leaves if leaf.rule == "enum" and _depth(leaf, base) == 1), None)
    if first is None or not all(any(_distinguishes(leaf, base, first.path) for leaf in leaves) for leaves in found):
        return []
    options = list(dict.fromkeys(str(option) for branch in branches for option in _options(branch, first.path)))
    message = f'"{first.value}" is not one of {", ".join(options)}'
    return [Violation(where, first.path, "enum", message, first.value, nearest(str(first.value), options))]


def _distinguishes(leaf: Violation, base: str, path: str | None = None) -> bool:
    """Return whether a violation says that a property of the value itself has no value of the alternative."""
    return leaf.rule in {"enum", "type"} and _depth(leaf, base) == 1 and path in (None, leaf.path)


def _options(errors: Errors, path: str) -> Iterator[Any]:
    """Yield the single values that the enumerations at a path allow."""
    for error in errors:
        kind: Any = error.kind
        if kind.name == "enum" and join([str(part) for part in error.instance_path]) == path:
            yield from (option for option in kind.options if isinstance(option, str | int | float))
        for branch in getattr(kind, "context", None) or ():
            yield from _options(branch, path)


def _closest(branches: Sequence[Errors], found: list[list[Violation]], base: str) -> list[list[Violation]]:
    """Return the violations of the closest alternative, or of all that are equally close.

    The property that distinguishes the alternatives is the one whose value most of them refuse, or that has one value
    in an alternative.
    """
    paths = [{leaf.path for leaf in _leaves(violations) if _distinguishes(leaf, base)} for violations in found]

    def distance(number: int) -> tuple[int, ...]:
        leaves = _leaves(found[number])
        return (
            sum(leaf.rule == "type" and leaf.path == base for leaf in leaves),
            max((sum(path in others for others in paths) for path in paths[number]), default=0),
            any(len(list(_options(branches[number], path))) == 1 for path in paths[number]),
            sum(leaf.rule == "required" for leaf in leaves),
            len(leaves),
        )

    distances = [distance(number) for number in range(len(found))]
    closest = [violations for violations, far in zip(found, distances, strict=True) if far == min(distances)]
    return closest[:1] if all(_leaves(violations) == _leaves(closest[0]) for violations in closest) else closest


def _any_of(found: list[list[Violation]], base: str) -> str:
    """Return the message for a value that is equally far from several alternatives."""
    if all(violation.rule == "required" and _depth(violation, base) == 1 for part in found for violation in part):
        names = dict.fromkeys(" and ".join(violation.name for violation in part) for part in found)
        return f"one of {', '.join(names)} is required"
    messages = dict.fromkeys(_placed(leaf, base) for part in found for leaf in _leaves(part))
    return " or ".join(list(messages)[:MAX_ALTERNATIVES])


def _placed(leaf: Violation, base: str) -> str:
    inner = leaf.path.removeprefix(base)
    return f"{inner}: {leaf.message}" if inner and leaf.rule != "required" else leaf.message


def _depth(violation: Violation, base: str) -> int:
    return violation.path.removeprefix(base).count("/")
