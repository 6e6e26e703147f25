"""Assignment of items to records, in exact proportions."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")


class Deck(Generic[T]):
    """Assignment of items to records: in each round every item occurs as often as its share, in a new random order.

    An item comes with its rank, the number of its earlier occurrences in all rounds. No two records have the same item
    and rank, so values that are unique within an item are made from the rank. With ``group``, the ranks count the
    occurrences of all items of a group (a phone number within an area of several cities).
    """

    __slots__ = ("_cards", "_stream")

    def __init__(
        self,
        stream: RandomStream,
        shares: Iterable[tuple[T, int]],
        group: Callable[[T], Hashable] | None = None,
    ) -> None:
        self._stream = stream
        listed = list(shares)
        groups = [group(item) if group else at for at, (item, _) in enumerate(listed)]
        sizes, dealt, cards = Counter[Hashable](), Counter[Hashable](), []
        for key, (_, share) in zip(groups, listed, strict=True):
            sizes[key] += share
        for key, (item, share) in zip(groups, listed, strict=True):
            cards += [(item, dealt[key] + copy, sizes[key]) for copy in range(share)]
            dealt[key] += share
        self._cards = tuple(cards)

    @property
    def size(self) -> int:
        """Number of cards in a round."""
        return len(self._cards)

    def deal(self, n: int) -> tuple[T, int]:
        """Return the item that record n gets, and the item's rank."""
        return self.card(*self._stream.reshuffled(n, self.size))

    def card(self, turn: int, position: int) -> tuple[T, int]:
        """Return the item at a position of a round, and the item's rank."""
        item, copy, share = self._cards[position]
        return item, turn * share + copy
