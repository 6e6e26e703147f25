"""What the vendors of a world would have sent out by themselves."""

from understudy.control.backstage import Backstage
from understudy.core.reply import Reply


def list_sent(backstage: Backstage, world: str, vendor: str | None, limit: int) -> Reply:
    """Return what would have been sent up to the world's time, oldest first."""
    found = [
        {"vendor": name, **sent}
        for name, part in backstage.scene(world).worlds.items()
        if vendor in (None, name) and (send := backstage.parts[name].vendor.sent) is not None
        for sent in send(part)
    ]
    found.sort(key=lambda sent: str(sent["at"]))
    return Reply(found[-limit:])
