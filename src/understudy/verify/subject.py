"""Subject of a verification: a server by its URL, and the document that it should honour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.examples import sample_of
from understudy.traffic.exchange_check import ExchangeChecker
from understudy.verify.credentials import Credentials


@dataclass(frozen=True, slots=True)
class VerifySubject:
    """Server under verification. ``url`` is the base URL, below which the document's paths are.

    ``printed_url`` is the one that reports show: that of a server that is started later, for a stand-in in this process
    (``is_own``). ``headers`` are sent with each request, but for those of examples, which have their own, and
    ``given_headers``, of the command line, with every one. ``roles`` has the credentials of the roles that examples
    name.
    """

    document: Document
    operations: tuple[Operation, ...]
    url: str
    printed_url: str
    credentials: Credentials
    headers: Mapping[str, str] = field(default_factory=dict)
    given_headers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Credentials] = field(default_factory=dict)
    is_own: bool = False

    @property
    def name(self) -> str:
        """Name of the document."""
        return self.document.name

    @property
    def base_path(self) -> str:
        """Path of the base URL."""
        return urlsplit(self.url).path.rstrip("/")

    def checker(self) -> ExchangeChecker:
        """Return a checker of exchanges against the document."""
        return ExchangeChecker(self.document, self.operations)

    def path_below(self, path: bytes) -> str:
        """Return a path below the base URL, as the document has it."""
        return path.decode("latin-1").removeprefix(self.base_path)

    def credentials_of(self, role: str) -> Credentials:
        """Return the credentials of a role; those of the usual client where the role has none of its own."""
        return self.roles.get(role, self.credentials)


def required_headers(document: Document, operations: tuple[Operation, ...]) -> dict[str, str]:
    """Return the headers that operations require, each with its first example.

    Such a header partitions the data, as a tenant's does: other values name data that is not there.
    """
    return {
        parameter.name: str(sample_of(document, parameter.node))
        for operation in operations
        for parameter in operation.parameters
        if parameter.where == "header" and parameter.is_required
    }
