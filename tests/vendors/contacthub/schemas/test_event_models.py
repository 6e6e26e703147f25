"""Models of event types and contexts."""

import pytest

from understudy.vendors.contacthub.schemas.event_models import context_model, context_names, event_model, event_types


def test_every_event_type_has_a_model_of_its_own() -> None:
    assert len(event_types()) == 48
    assert all(event_model(name)["type"] == name for name in event_types())


def test_every_event_type_has_a_mode() -> None:
    assert {event_model(name)["mode"] for name in event_types()} == {"ACTIVE", "PASSIVE"}


def test_every_context_has_a_schema() -> None:
    assert len(context_names()) == 9
    assert all(context_model(name)["contextInfoSchema"]["type"] == "object" for name in context_names())


@pytest.mark.parametrize("name", ["noSuchType", "../customer/base", ""])
def test_an_unknown_name_has_no_model(name: str) -> None:
    with pytest.raises(KeyError):
        event_model(name)
    with pytest.raises(KeyError):
        context_model(name)
