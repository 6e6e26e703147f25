"""Merge policies of extended properties, each with the types of the properties that can have it."""

_NUMBERS = ("number", "integer")
MERGE_POLICIES = (
    ("OBJ_PRIORITY", "The value of the source with priority.", ("string", "boolean", *_NUMBERS, "object", "array")),
    ("OBJ_CONCATENATE", "The texts one after the other.", ("string",)),
    ("ARRAY_UNION", "The elements of all lists.", ("array",)),
    ("ARRAY_INTERSECTION", "The elements that all lists have.", ("array",)),
    ("MATH_SUM", "The sum.", _NUMBERS),
    ("MATH_AVG", "The mean.", _NUMBERS),
    ("MATH_DIFF", "The difference.", _NUMBERS),
    ("MATH_MIN", "The least.", _NUMBERS),
    ("MATH_MAX", "The greatest.", _NUMBERS),
)
"""Id, description and types of each policy; ids of version 1.51, types inferred from the ids."""

SUPPORTED_TYPES = {name: types for name, _, types in MERGE_POLICIES}
"""Types of the properties that can have a policy, by its id."""
