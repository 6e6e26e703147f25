"""Error shape of the control API: a problem document (RFC 9457)."""

from understudy.core.refused import plain_reply as render

__all__ = ["render"]
