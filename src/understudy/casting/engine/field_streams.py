"""The fields of one kind of record, each a stream of its own."""

from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.scenario import Scenario


class FieldStreams(dict[str, RandomStream]):
    """A kind's fields by name, each made when it is first asked for."""

    def __init__(self, scenario: Scenario, kind: str) -> None:
        super().__init__()
        self._scenario = scenario
        self._kind = kind

    def __missing__(self, name: str) -> RandomStream:
        made = self[name] = RandomStream(self._scenario.seed, self._kind, name)
        return made

    def in_share(self, name: str, n: int, share: int) -> bool:
        """Tell whether record n is one of the ``share`` in 100 of which a field is true."""
        return self[name].below(n, 100) < share

    def lacks(self, name: str, n: int, usual: int) -> bool:
        """Tell whether record n goes without an optional field, as the scenario's share or else the usual one do."""
        return self.in_share(f"lacking/{name}", n, self._scenario.share("lacking", usual))

    def tail(self, name: str, n: int, most: int) -> int:
        """Return a number from 1 to ``most`` with a long tail: one in k of them is k or more."""
        return min(most, (1 << 32) // (1 + self[name].below(n, 1 << 32)))
