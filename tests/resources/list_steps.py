"""Processor time of the steps in which a list is answered."""

import inspect
from collections.abc import Mapping
from time import process_time
from typing import Any

from tests.own_document import OwnDocument
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts


def steps_of(
    api: OwnDocument, operation: str, query: Mapping[str, list[str]], **arguments: Any
) -> tuple[list[float], Reply]:
    """Return the processor time of each step of a list, and the reply."""
    state = api.app.worlds.get_or_create().vendors["shop"]
    handler = api.app.vendors["shop"].vendor.operations[operation]
    request = RequestFacts({}, query)
    begun = process_time()
    steps: Any = handler(state, request=request, **arguments)
    assert inspect.isgenerator(steps)
    spent: list[float] = []
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return [*spent, process_time() - begun], end.value
        spent.append(process_time() - begun)
        begun = process_time()
