"""Who exists: people, shops and products, and the records that vendors keep of them."""

from understudy.casting.dressed import Cast
from understudy.casting.records import Records
from understudy.casting.scenario import Scenario

__all__ = ["Cast", "Records", "Scenario"]
