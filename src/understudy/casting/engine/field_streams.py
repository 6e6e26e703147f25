"""Random streams of the fields of one kind of record."""

from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.scenario import Scenario


class FieldStreams(dict[str, RandomStream]):
    """Random streams of a kind by field name, each made at its first use."""

    def __init__(self, scenario: Scenario, kind: str) -> None:
        super().__init__()
        self._scenario = scenario
        self._kind = kind

    def __missing__(self, name: str) -> RandomStream:
        made = self[name] = RandomStream(self._scenario.seed, self._kind, name)
        return made

    def in_share(self, name: str, n: int, percent: int) -> bool:
        """Return whether record n is in a share of ``percent`` percent."""
        return self[name].below(n, 100) < percent

    def lacks(self, name: str, n: int, default: int) -> bool:
        """Return whether record n lacks an optional field: by the scenario's share ``lacking``, else the default."""
        return self.in_share(f"lacking/{name}", n, self._scenario.share("lacking", default))

    def long_tailed(self, name: str, n: int, largest: int) -> int:
        """Return a random number from 1 to ``largest``; the probability of k or more is 1/k."""
        return min(largest, (1 << 32) // (1 + self[name].below(n, 1 << 32)))
