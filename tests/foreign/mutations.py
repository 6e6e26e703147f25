"""Mutations of documents: a part dropped, replaced by one of another type, moved, or made to refer elsewhere."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

Place = tuple[Any, Any]
"""List or object, and the index or name of a part of it."""

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, "", "x", "{}", "/", "null", "object", "\u0000\ud83d\ude00", [],
    {}, [None],
    {"": None}, {"$ref": 1}, {"$ref": ""}, {"$ref": "#"}, {"$ref": "#/"}, {"$ref": "#/paths"}, {"$ref": "#/nowhere"},
    {"$ref": "other.json"}, {"$ref": "http://host.invalid/"}, {"$ref": "#/components/schemas/Nest"}, [{"$ref": "#"}],
    [[]], {"type": []}, {"type": {}}, {"type": "array"}, {"type": "object", "required": ["missing"]}, {"enum": []},
    {"not": {}},
    {"allOf": [{"type": "string"}, {"type": "integer"}]}, {"minLength": 5, "maxLength": 1, "type": "string"},
    {"x": {"$ref": "x"}}, ["a", 1, None, {}], {"type": "string", "pattern": "("}, {"minimum": "1"}, {"default": {}},
    "https://[", "http://a:b:c/", "{", "}{", "/{a}/{a}", "Ω", "a b", "%", "%zz", "?", "#",
)  # fmt: skip
"""Values that a place may be given, of every type, and some that are nearly right."""

NAMES = ("", "x", "$ref", "{x}", "/{id}", "200", "type", "x-y", "items", "a/b~c")


def mutated(document: Any, random: Random, most: int = 3) -> Any:
    """Return a copy of a document with a few mutations."""
    made = copy.deepcopy(document)
    for _ in range(random.randint(1, most)):
        places = [*_places(made)]
        if places:
            _mutate(random, places, *random.choice(places))
    return made


def _mutate(random: Random, places: list[Place], holder: Any, key: Any) -> None:
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(random.choice(WRONG))
        case 3:  # a part of another place
            other, name = random.choice(places)
            holder[key] = copy.deepcopy(other[name])
        case 4 if isinstance(holder, dict):  # another name
            holder[random.choice(NAMES)] = holder.pop(key)
        case _:
            holder[key] = [holder[key]] if random.random() < 0.5 else {"inner": holder[key]}


def _places(node: Any) -> Iterator[Place]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield node, key
            yield from _places(value)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield node, number
            yield from _places(value)
