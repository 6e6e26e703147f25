"""Page information of filtered lists: ``totalUnfilteredElements`` counts before the filter."""

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import CUSTOMER, NODE


@pytest.mark.parametrize(
    ("path", "found", "unfiltered"),
    [
        (f"/nodes/{NODE}/bulk-jobs?status=LOADED", 1, 2),
        (f"/nodes/{NODE}/bulk-jobs?entity=EVENT", 0, 2),
        (f"/nodes/{NODE}/bulk-jobs", 2, 2),
        ("/configuration/nodes?nodeType=ENTRY", 6, 10),
        ("/configuration/nodes?nodeType=AGGREGATE&size=1", 4, 10),
        ("/configuration/nodes", 10, 10),
        ("/configuration/users?search=ada", 1, 3),
        (f"/consent-logs?customerId={CUSTOMER}&property=no.such.property", 0, 1),
    ],
)
def test_elements_are_counted_before_the_filter(api: Api, path: str, found: int, unfiltered: int) -> None:
    page = api.read(path)["page"]

    assert (page["totalElements"], page["totalUnfilteredElements"]) == (found, unfiltered)


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        (f"/nodes/{NODE}/bulk-jobs?size=50", 200),
        (f"/customers?nodeId={NODE}&size=50", 200),
        ("/events?size=50", 200),
        (f"/customers/{CUSTOMER}/entry-customers?size=50&page=0", 200),
        ("/stats/nodes", 200),
        (f"/customers?nodeId={NODE}&size=7", 1429),
        (f"/customers?nodeId={NODE}&size=0", 0),
    ],
)
def test_the_greatest_number_of_pages_depends_on_their_size_alone(api: Api, path: str, pages: int) -> None:
    page = api.read(path)["page"]

    assert (page["maxElements"], page["maxPages"]) == (10_000, pages)
