"""Public Python API of data generation: ``Cast`` with records of each kind."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from understudy.casting.document_kinds import DocumentSource
from understudy.casting.kind_registry import find_kind
from understudy.casting.population import lazy_cast
from understudy.casting.record_request import RecordRequest
from understudy.casting.records import Records
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import open_scenario
from understudy.contract.foreign.named_documents import named_documents


class Cast(lazy_cast.LazyCast):
    """Cast of a scenario, with the records of each kind.

    ``cast.people[41]`` is a person, ``cast["contacthub.customers"][41]`` the same person as a customer of Contacthub.
    Records are not stored: each is made when it is read, and is the same every time.
    """

    def __init__(
        self,
        scenario: Scenario | Path | str = "start",
        *,
        seed: int | None = None,
        people: int | None = None,
        merchants: int | None = None,
        shops: int | None = None,
        products: int | None = None,
        locales: Sequence[str] | None = None,
        clock: datetime | None = None,
        duplicates: float | None = None,
        specs: Sequence[str] = (),
    ) -> None:
        """Set the scenario, its file or the name of a shipped one, and the values that replace the scenario's.

        ``duplicates`` is the percentage of people who are near-duplicates of others. ``specs`` are documents of your
        own, as ``understudy serve`` takes them: ``cast["acme.Customer"]`` has values of a schema of ``acme.yaml``.
        """
        self._sources = tuple(DocumentSource(*each) for each in named_documents(specs))
        if not isinstance(scenario, Scenario):
            scenario = open_scenario(str(scenario))
        given: dict[str, Any] = {
            "seed": seed,
            "people": people,
            "merchants": merchants,
            "shops": shops,
            "products": products,
            "locales": tuple(locales) if isinstance(locales, list) else locales,
            "clock": clock,
            "duplicates": None if duplicates is None else round(duplicates * 100),
        }
        super().__init__(replace(scenario, **{name: value for name, value in given.items() if value is not None}))

    def __getitem__(self, kind: str) -> Records:
        """Return the records of a kind, as many as the scenario has; ``understudy generate --list`` lists the kinds."""
        request = RecordRequest(kind, self.scenario, sources=self._sources)
        return Records(request, range(find_kind(kind, self._sources).size(self)))
