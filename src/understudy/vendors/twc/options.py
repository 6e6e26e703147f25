"""Options of the event collector: the first tenant, which is a segment of paths, and its client."""

from understudy.core.option import SEGMENT, Option

CREDENTIALS = {
    "tenant": Option("understudy", pattern=SEGMENT, form="letters, digits, '.', '_', '~' and '-'"),
    "client_id": Option("understudy-client"),
    "client_secret": Option("understudy-secret"),
}
