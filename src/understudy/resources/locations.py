"""Location header of the answer to a create: the address at which the new record is read."""

from collections.abc import Mapping
from typing import Any

from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.resources.resource import KEY, PARENT, Resource, Use
from understudy.samples.sample_maker import SampleMaker

CREATED = 201


def located(
    resource: Resource,
    use: Use,
    maker: SampleMaker,
    reply: Reply,
    record: Mapping[str, Any],
    request: RequestFacts,
    arguments: Mapping[str, Any],
) -> Reply:
    """Return the answer to a create with the stored record's address, if it declares one or shows no record."""
    read = next((each.operation for each in resource.uses if each.role == "read"), None)
    response = use.operation.response(reply.status)
    if read is None or response is None:
        return reply
    header = next((each for each in response.headers if each.name.lower() == "location"), None)
    if header is None and (reply.status != CREATED or use.place is not None):
        return reply
    key = record[KEY].removeprefix(f"{record[PARENT]}/") if record[PARENT] else record[KEY]
    values = {
        each.name: str(key if each.argument == resource.id_parameter else arguments.get(each.argument))
        for each in read.parameters
        if each.where == "path"
    }
    address = request.url_for(read.id, **values)
    if header is not None and not maker.is_valid(header.node.get("schema", {}), address):
        return reply
    others = {name: value for name, value in reply.headers.items() if name.lower() != "location"}
    reply.headers = {**others, header.name if header else "Location": address}
    return reply
