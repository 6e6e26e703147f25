"""Need of boto3, which queues and topics as targets have; known without the sender, which takes time to import."""

from importlib.util import find_spec

from understudy.core.misconfigured import Misconfigured
from understudy.deliveries.targets import QUEUES, service_of

INSTALL = "sending to SQS or SNS needs boto3: pip install 'understudy[aws]'"

QUEUE_HEADERS = REGION_HEADER, KEY_HEADER, SECRET_HEADER = "region", "access-key", "access-secret"
"""Headers of a message, in lower case, from which the region and the credentials of the queue are taken."""

QUEUE_STARTS = ("https://sqs.", "arn:", "sqs:", "sns:")
"""Starts of destinations that are queues or topics."""


def is_installed() -> bool:
    """Return whether boto3 is installed."""
    return find_spec("boto3") is not None


def needs_library(destination: str, target: str) -> bool:
    """Return whether a rule is for queues or topics, by its destination's pattern or its target."""
    service = service_of(target)
    return service in QUEUES or (not service and destination.startswith(QUEUE_STARTS))


def check_library() -> None:
    """Raise ``Misconfigured`` if boto3 is not installed; call it at the start, if a target is a queue or a topic."""
    if not is_installed():
        raise Misconfigured(INSTALL)
