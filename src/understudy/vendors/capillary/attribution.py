"""On whose behalf a write is made, as its headers say."""

from understudy.core.refused import Refused
from understudy.vendors.capillary.errors import LOOKUP_PAIR


def check_lookup(lookup_type: str | None, lookup: str | None) -> None:
    """Refuse one header of the lookup pair without the other."""
    if (lookup_type is None) != (lookup is None):
        raise Refused(
            400,
            "X-CAP-API-ATTRIBUTION-LOOKUP-TYPE and X-CAP-API-ATTRIBUTION-LOOKUP go together",
            code=LOOKUP_PAIR,
        )
