"""Related values of one object: totals of lines, counts of items, least and greatest, which must agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.samples.field_values import words_of
from understudy.samples.merged_schemas import Choice

ROLES = {
    "quantity": ("quantity", "qty", "units"),
    "unit": ("unit price", "price", "unit amount", "unit cost", "item price", "price per unit"),
    "subtotal": (
        "subtotal",
        "sub total",
        "net",
        "net amount",
        "net total",
        "amount subtotal",
        "total net",
        "subtotal price",
    ),
    "tax": ("tax", "tax amount", "vat", "vat amount", "total tax", "amount tax", "sales tax", "taxes"),
    "shipping": ("shipping", "shipping cost", "shipping amount", "shipping price", "delivery fee", "shipping total"),
    "discount": ("discount", "discount amount", "total discount", "amount discount", "discounts", "total discounts"),
    "total": (
        "total",
        "total price",
        "total amount",
        "amount total",
        "grand total",
        "line total",
        "gross",
        "gross amount",
        "order total",
        "invoice total",
        "total gross",
        "total cost",
        "amount",
        "total value",
    ),
    "lines": (
        "items",
        "line items",
        "lines",
        "order items",
        "order lines",
        "products",
        "positions",
        "cart items",
        "invoice lines",
    ),
    "count": (
        "total",
        "count",
        "total count",
        "total items",
        "total results",
        "item count",
        "items count",
        "total records",
        "number of items",
    ),
}
"""Names of the fields that play a part in sums, by the part."""

CHANGED = ("subtotal", "tax", "discount", "total", "count")
"""Parts whose values are changed."""

LIMITS = frozenset(("enum", "maximum", "multipleOf", "pattern", "x-pattern", "maxLength", "x-faker"))
FREE_FORMATS = frozenset(("", "double", "float", "int32", "int64", "decimal", "money", "currency"))
LOW, HIGH = ("min", "minimum", "lowest", "from", "low", "least"), ("max", "maximum", "highest", "to", "high", "most")


@dataclass(frozen=True, slots=True)
class Relations:
    """Names of fields by their part in sums, pairs of the least and the greatest, and those that are whole numbers."""

    roles: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]
    counted: str = ""
    whole: frozenset[str] = frozenset()

    @property
    def names(self) -> set[str]:
        """Names of the fields that are related."""
        return {*self.roles.values(), *(name for pair in self.pairs for name in pair)}


def relations_of(properties: Mapping[str, Any], choose: Callable[[Any], Choice]) -> Relations | None:
    """Return the relations between an object's properties, or ``None`` if there are none."""
    by_words = {words_of(name): name for name in properties}
    nodes = {name: choose(part).node for name, part in properties.items()}
    numbers = {
        words: name for words, name in by_words.items() if _is_free(nodes[name], ("number", "integer", "string"))
    }
    arrays = [name for name, node in nodes.items() if node.get("type") == "array" and node.get("maxItems") is None]
    roles = {}
    for role, names in ROLES.items():
        known = numbers if role in CHANGED else by_words
        found = next((known[words] for words in names if words in known), None)
        if found is not None:
            roles[role] = found
    has_money = "total" in roles and (roles.keys() & {"unit", "lines", "subtotal"}) and roles["total"] in nodes
    pairs = tuple(_pairs({words: name for words, name in numbers.items() if nodes[name].get("type") != "string"}))
    counted = arrays[0] if len(arrays) == 1 and roles.get("count") else ""
    is_count = bool(counted) and nodes[roles["count"]].get("type") == "integer"
    if (
        "total" in roles
        and is_count
        and roles["total"] == roles["count"]
        and (roles.keys() & {"subtotal", "tax", "unit"})
    ):
        is_count = False
    if not (has_money or pairs or is_count):
        return None
    whole = frozenset(name for name, node in nodes.items() if node.get("type") == "integer")
    kept = roles if has_money and not (is_count and roles["total"] == roles["count"]) else {}
    return Relations(
        {**kept, **({"count": roles["count"]} if is_count else {})}, pairs, counted if is_count else "", whole
    )


def _is_free(node: Mapping[str, Any], types: tuple[str, ...]) -> bool:
    """Return whether a number may have any value that sums give it."""
    is_limited = node.keys() & LIMITS or node.get("minimum", 0) > 0 or node.get("format", "") not in FREE_FORMATS
    return node.get("type") in types and not is_limited


def _pairs(numbers: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for low, high in zip(LOW, HIGH, strict=True):
        for words, name in numbers.items():
            parts = words.split()
            if low in parts:
                other = numbers.get(" ".join(high if each == low else each for each in parts))
                if other is not None:
                    found.append((name, other))
    return found


def agree(made: dict[str, Any], relations: Relations, tax_rate: int) -> None:
    """Change the values of an object so that its sums and counts are right."""
    for low, high in relations.pairs:
        one, other = made.get(low), made.get(high)
        if _is_number(one) and _is_number(other) and one > other:  # type: ignore[operator] # numbers, as checked
            made[low], made[high] = other, one
    roles = relations.roles
    if relations.counted and isinstance(made.get(relations.counted), list) and roles["count"] in made:
        made[roles["count"]] = len(made[relations.counted])
    if "total" not in roles or roles["total"] not in made:
        return
    amounts = {role: _amount(made.get(name)) for role, name in roles.items() if role not in ("lines", "count")}
    values = {role: value for role, value in amounts.items() if value is not None}
    base = _lines_total(made.get(roles.get("lines", "")))
    if base is None and {"quantity", "unit"} <= values.keys():
        base = values["quantity"] * values["unit"]
    if base is None:
        base = values.get("subtotal")
    if base is not None:
        _put_sums(made, relations, values, base, tax_rate)


def _put_sums(
    made: dict[str, Any], relations: Relations, values: Mapping[str, float], base: float, tax_rate: int
) -> None:
    """Put the net sum, the tax, the discount and the total into an object that has them."""
    roles = relations.roles
    sums = {"subtotal": base, "tax": base * tax_rate / 100, "discount": min(values.get("discount", 0), base / 10)}
    for role, value in sums.items():
        if role in values:
            made[roles[role]] = _like(made[roles[role]], value, is_whole=roles[role] in relations.whole)
            sums[role] = _amount(made[roles[role]]) or 0
        elif role != "subtotal":
            sums[role] = 0
    total = base + sums["tax"] + values.get("shipping", 0) - sums["discount"]
    made[roles["total"]] = _like(made[roles["total"]], total, is_whole=roles["total"] in relations.whole)


def _lines_total(lines: Any) -> float | None:
    """Return the sum of lines, each with a total or with a quantity and a price."""
    if isinstance(lines, Mapping):
        lines = next((part for part in lines.values() if isinstance(part, list)), None)
    if not isinstance(lines, list) or not lines:
        return None
    found = [_line_total(each) for each in lines]
    return None if any(each is None for each in found) else sum(each for each in found if each is not None)


def _line_total(line: Any) -> float | None:
    if not isinstance(line, Mapping):
        return None
    by_words = {words_of(name): value for name, value in line.items()}
    values = {
        role: next((_amount(by_words[w]) for w in ROLES[role] if w in by_words), None)
        for role in ("total", "quantity", "unit")
    }
    if values["total"] is not None:
        return values["total"]
    if values["unit"] is None:
        return None
    return values["unit"] * (1 if values["quantity"] is None else values["quantity"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _amount(value: Any) -> float | None:
    if _is_number(value):
        return float(value) if isinstance(value, float) else int(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return None


def _like(shown: Any, value: float, *, is_whole: bool) -> Any:
    """Return an amount in the form of the one that it replaces."""
    if isinstance(shown, str):
        return f"{value:.2f}" if "." in shown else f"{round(value)}"
    return round(value) if is_whole else round(value, 2)
