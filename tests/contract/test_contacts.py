"""Contact of each shipped document: there, and marked where its address is on no page of the vendor's."""

from understudy.http.mounted_vendor import MountedVendor


def test_a_contact_whose_address_is_on_no_page_is_marked(vendor: MountedVendor) -> None:
    contact = vendor.document.raw["info"]["contact"]
    assert contact["name"]
    assert contact["url"].startswith("https://")
    assert contact["x-provenance"] == "inferred"
