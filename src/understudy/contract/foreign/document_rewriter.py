"""Rewriting of a foreign document, of Swagger 2.0 or OpenAPI 3.0 to 3.2, into the grammar of the shipped specs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from understudy.contract.document import METHODS
from understudy.contract.foreign import swagger2
from understudy.contract.foreign.document_files import DocumentFiles, Place
from understudy.contract.foreign.findings import Findings
from understudy.contract.foreign.hints import HINT, checked_hint
from understudy.contract.foreign.outgoing_rewriter import OutgoingParts, OutgoingRewriter
from understudy.contract.foreign.schema_rewriter import SchemaRewriter
from understudy.core.media_types import JSON
from understudy.core.misconfigured import Misconfigured

Node = Mapping[str, Any]

TEMPLATE = re.compile(r"\{([^{}]*)\}")
PROVENANCE = "x-provenance"
"""Member that names the sources of an operation's path, shapes and errors, as in the shipped documents."""

OTHER_METHOD = re.compile(r"[A-Z][A-Z0-9-]*")
QUERY_TEMPLATE = re.compile(r"\{[?&#][^{}]*\}")
MARKED_TEMPLATE = re.compile(r"\{\+?([^{}*]+)\*?\}")
"""Template of RFC 6570 for reserved characters or a list."""

STATUS = re.compile(r"([1-5])(?:[0-9]{2}|XX)", re.IGNORECASE)
NOT_WORD = re.compile(r"[^0-9A-Za-z]+")
NOT_NAME = re.compile(r"[^0-9A-Za-z._-]+")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Headers whose parameters OpenAPI says to ignore."""

PARTS = {"query": "form", "path": "simple", "header": "simple", "cookie": "form"}
"""Places of a parameter, and the usual style in each."""

STYLES = {
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "path": {"simple", "label", "matrix"},
    "header": {"simple"},
    "cookie": {"form"},
}
FALLBACK = "default"
RANGES = {"*/*": JSON, "application/*": JSON, "text/*": "text/plain", "image/*": "image/png"}
"""Media types in which responses of a declared range are sent; of any other range, plain bytes."""

BODILESS = frozenset({"204", "205", "304", "1XX"})
"""Statuses whose responses have no body (RFC 9110)."""


class DocumentRewriter:
    """Rewriter of one document. It reads each part that an operation refers to once, whatever file it is in."""

    def __init__(self, name: str, files: DocumentFiles, findings: Findings | None = None) -> None:
        self._name = name
        self._files = files
        self.findings = Findings() if findings is None else findings
        self._raw = files.read_entry()
        if not isinstance(self._raw.get("paths") or {}, Mapping):
            raise Misconfigured(f"{files.entry}: no OpenAPI document: its 'paths' is no object")
        self._version = str(self._raw.get("openapi") or self._raw.get("swagger"))
        self._is_swagger = "openapi" not in self._raw
        self._names: dict[Place, str] = {}
        self._taken: set[str] = set()
        self._known_schemes: Mapping[str, Any] = {}
        self._queue: list[tuple[str, Any, Place]] = []
        self._schemas: dict[str, Any] = {}
        self._rewriter = SchemaRewriter(files, self.findings, self._component, self._version)
        self._ids: set[str] = set()
        self._shapes: dict[str, str] = {}
        self._outgoing = OutgoingRewriter(
            OutgoingParts(
                self._resolve,
                lambda node, place: self._body(node, place, ()),
                lambda node, place: self._parameter(node, place, {}),
                self._note,
                self._hint,
            )
        )

    def rewrite(self) -> dict[str, Any]:
        """Return the document in the grammar of the shipped specs; raise ``Misconfigured`` if none can be made."""
        raw, root = self._raw, Place(self._files.entry)
        if not self._version.startswith(("2.", "3.0", "3.1", "3.2")) and self._version not in ("2", "3"):
            raise Misconfigured(
                f"{self._files.entry}: version {self._version[:40]!r} is not understood (2.0, 3.0, 3.1, 3.2)"
            )
        given = raw.get("info")
        info = given if isinstance(given, Mapping) else {}
        made: dict[str, Any] = {
            "openapi": "3.0.3",
            "info": {"title": str(info.get("title") or self._name), "version": str(info.get("version") or "1")},
            "servers": self._servers(raw, root),
        }
        self._known_schemes = schemes = self._security_schemes()
        made["paths"] = self._paths(raw.get("paths") or {}, root / "paths", made["servers"])
        self._named_schemas(raw, root)
        self._drain()
        if isinstance(raw.get("security"), list):
            made["security"] = self._security(raw["security"], root / "security")
        for key in ("webhooks", "x-webhooks"):  # x-webhooks: of documents before 3.1
            if raw.get(key):
                found = self._outgoing.webhooks(raw[key], root / key)
                made["webhooks"] = {**found, **made.get("webhooks", {})}
        self._drain()
        made["components"] = {"schemas": self._schemas, "securitySchemes": schemes}
        self._note_unread_hints()
        return made

    def _servers(self, node: Node, place: Place) -> list[dict[str, Any]]:
        found = swagger2.servers(node) if self._is_swagger else node.get("servers")
        if not isinstance(found, list):
            return [{"url": "/"}]
        made = []
        for number, server in enumerate(found):
            url = server.get("url") if isinstance(server, Mapping) else None
            if not isinstance(url, str):
                self._note("server", place / "servers" / number, "has no URL")
                continue
            variables = server.get("variables") if isinstance(server.get("variables"), Mapping) else {}
            url = _with_variables(url, variables)
            if _split(url) is None:
                self._note("server", place / "servers" / number, f"{url[:60]!r} is no URL")
                continue
            made.append({"url": url if "//" in url or url.startswith("/") else f"/{url}"})
        return made or [{"url": "/"}]

    def _component(self, node: Any, place: Place) -> str:
        """Return the name of a schema among the components; it is rewritten once."""
        name = self._names.get(place)
        if name is None:
            wanted = NOT_NAME.sub("_", place.pointer.rsplit("/", 1)[-1] or _stem(place.file)) or "schema"
            name, number = wanted, 2
            while name in self._taken:
                name, number = f"{wanted}{number}", number + 1
            self._names[place] = name
            self._taken.add(name)
            self._queue.append((name, node, place))
        return name

    def _named_schemas(self, raw: Node, root: Place) -> None:
        """Take all named schemas too: records are generated of them, though no operation may refer to one."""
        node, place = (raw.get("definitions"), root / "definitions")
        if not self._is_swagger:
            components = raw.get("components")
            node = components.get("schemas") if isinstance(components, Mapping) else None
            place = root / "components" / "schemas"
        for name, schema in (node or {}).items() if isinstance(node, Mapping) else ():
            self._component(schema, place / name)

    def _drain(self) -> None:
        while self._queue:
            name, node, place = self._queue.pop()
            made = self._rewriter.rewrite(node, place)
            if made.get("$ref") == f"#/components/schemas/{name}":
                self._note("reference", place, "refers to itself")
                made = {}
            self._schemas[name] = made

    def _resolve(self, node: Any, place: Place) -> tuple[Node, Place]:
        """Return the node at the end of a chain of references, and its place; an empty one if there is none."""
        seen = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            siblings = {key: value for key, value in node.items() if key != "$ref"}
            try:
                found, target = self._files.at(node["$ref"], place.file)
            except LookupError as error:
                self._note("reference", place, str(error))
                return siblings, place
            if target in seen:
                self._note("reference", place, f"{node['$ref']!r} refers to itself")
                return {}, place
            seen.add(target)
            node, place = found, target
        if not isinstance(node, Mapping):
            self._note("node", place, f"{str(node)[:40]!r} is not understood here")
            return {}, place
        return node, place

    def _paths(self, paths: Node, place: Place, servers: list[dict[str, Any]]) -> dict[str, Any]:
        made: dict[str, dict[str, Any]] = {}
        base = _base_path(servers)
        bases: dict[str, str] = {}
        for path, found in paths.items():
            if path.startswith("x-"):
                continue
            item, where = self._resolve(found, place / path)
            if isinstance(found, Mapping) and "$ref" in found:
                item = {**item, **{key: value for key, value in found.items() if key != "$ref"}}
            for method, node, spot in self._methods(item, where):
                own = self._own_base(node, item, where, base)
                target = self._target(path, method, made, spot)
                if target is None:
                    continue
                operation = self._operation(method, path, target, node, spot, item, where)
                made.setdefault(target, {})[method] = operation
                if own != base:
                    bases[target] = own
        if bases:
            servers[0] = {"url": _without_path(servers[0]["url"])}
            made = {bases.get(path, base) + path: item for path, item in made.items()}
        return made

    def _methods(self, item: Node, place: Place) -> Iterator[tuple[str, Node, Place]]:
        for method in METHODS:
            if method in item:
                yield method, *self._resolve(item[method], place / method)
        if "query" in item:
            yield "query", *self._resolve(item["query"], place / "query")
        others = item.get("additionalOperations")
        for method, node in others.items() if isinstance(others, Mapping) else ():
            spot = place / "additionalOperations" / method
            if OTHER_METHOD.fullmatch(method) and method.lower() not in (*METHODS, "query", "connect"):
                yield method.lower(), *self._resolve(node, spot)
            else:
                self._note("method", spot, f"method {method} is not served")

    def _own_base(self, node: Node, item: Node, place: Place, base: str) -> str:
        for each in (node, item):
            if isinstance(each.get("servers"), list) and each["servers"]:
                return _base_path(self._servers(each, place))
        return base

    def _target(self, path: str, method: str, made: Mapping[str, Node], place: Place) -> str | None:
        """Return the path at which an operation is served; ``None`` if another one is there already."""
        target = QUERY_TEMPLATE.sub("", path).partition("#")[0].partition("?")[0]
        target = MARKED_TEMPLATE.sub(r"{\1}", target)
        target = target if target.startswith("/") else f"/{target}"
        if target != path:
            self._note("path", place, f"path {path!r} is served as {target!r}")
        shape = TEMPLATE.sub("{}", target)
        first = self._shapes.setdefault(shape, target)
        if method in made.get(first, {}):
            self._note("path", place, f"{method.upper()} {path} is the place of another operation: left out")
            return None
        return first

    def _operation(
        self, method: str, path: str, target: str, node: Node, where: Place, item: Node, place: Place
    ) -> dict[str, Any]:
        parameters, body = self._parameters(node, item, place, where, path, target)
        made: dict[str, Any] = {"operationId": self._operation_id(node, method, path, where)}
        tags = node.get("tags")
        if isinstance(tags, list) and tags:
            made["tags"] = [str(tags[0])]
        if isinstance(node.get("summary") or node.get("description"), str):
            made["summary"] = str(node.get("summary") or node["description"]).strip().partition("\n")[0][:200]
        if isinstance(node.get("summary"), str) and isinstance(node.get("description"), str):
            made["description"] = node["description"]
        if node.get("deprecated") is True:
            made["deprecated"] = True
        hint = self._hint(item, "path", place) | self._hint(node, "operation", where)
        if hint:
            made[HINT] = hint
        if isinstance(node.get(PROVENANCE), Mapping):
            made[PROVENANCE] = {str(part): str(source) for part, source in node[PROVENANCE].items()}
        if parameters:
            made["parameters"] = parameters
        if body is not None:
            made["requestBody"] = body
        made["responses"] = self._responses(node, where)
        if isinstance(node.get("security"), list):
            made["security"] = self._security(node["security"], where / "security")
        if node.get("callbacks"):
            callbacks = self._outgoing.callbacks(node["callbacks"], where / "callbacks")
            if callbacks:
                made["callbacks"] = callbacks
        return made

    def _hint(self, node: Node, kind: str, place: Place) -> dict[str, Any]:
        if HINT not in node:
            return {}
        self._rewriter.hinted.add(place / HINT)
        return checked_hint(node[HINT], kind, f"{self._files.entry} {self._files.shown(place)}")

    def _note_unread_hints(self) -> None:
        """Note the hints at parts of the document where they mean nothing, such as its info or a response."""
        for place, _ in self._files.parts_with(HINT):
            if place not in self._rewriter.hinted:
                self._note("hint", place, "has no effect here: write it at an operation, a path or a schema")

    def _operation_id(self, node: Node, method: str, path: str, place: Place) -> str:
        found = node.get("operationId")
        if isinstance(found, str) and found.strip() and found not in self._ids:
            self._ids.add(found)
            return found
        if isinstance(found, str) and found in self._ids:
            self._note("operationId", place, f"operationId {found!r} is another operation's too")
        words = [word for word in NOT_WORD.split(path) if word]
        wanted = name = "_".join([method, *words]) if words else f"{method}_root"
        number = 2
        while name in self._ids:
            name, number = f"{wanted}_{number}", number + 1
        if not isinstance(found, str) or not found.strip():
            self._note("operationId", place, f"has no operationId: it is named {name}")
        self._ids.add(name)
        return name

    def _parameters(
        self, node: Node, item: Node, place: Place, where: Place, path: str, target: str
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        renamed = dict(zip(TEMPLATE.findall(path), TEMPLATE.findall(target), strict=False))
        templates = list(dict.fromkeys(renamed.values()))
        declared: dict[tuple[str, str], dict[str, Any]] = {}
        in_body: list[Node] = []
        for owner, start in ((item, place), (node, where)):
            listed = owner.get("parameters")
            for number, found in enumerate(listed if isinstance(listed, list) else ()):
                parameter, spot = self._resolve(found, start / "parameters" / number)
                if self._is_swagger and parameter.get("in") in ("body", "formData"):
                    in_body.append(parameter)
                    continue
                made = self._parameter(parameter, spot, renamed)
                if made is not None:
                    declared[made["in"], made["name"]] = made
        for name in templates:
            if ("path", name) not in declared:
                self._note("parameter", where, f"the path's parameter {name!r} is not declared")
                declared["path", name] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        kept = [made for made in declared.values() if made["in"] != "path" or made["name"] in templates]
        return kept, self._body(node, where, in_body)

    def _parameter(self, node: Node, place: Place, renamed: Mapping[str, str]) -> dict[str, Any] | None:
        name, part = node.get("name"), str(node.get("in", "")).lower()
        if not isinstance(name, str) or not name or part not in PARTS:
            self._note("parameter", place, f"a parameter in {node.get('in')!r} named {name!r} is not understood")
            return None
        if part == "header" and (name.lower() in IGNORED_HEADERS or not HEADER_NAME.fullmatch(name)):
            return None
        if self._is_swagger:
            node = swagger2.parameter(node)
        made: dict[str, Any] = {"name": renamed.get(name, name) if part == "path" else name, "in": part}
        if node.get("required") is True or part == "path":
            made["required"] = True
        self._parameter_schema(node, place, made)
        style = str(node.get("style", PARTS[part]))
        if style not in STYLES[part] and not (self._is_swagger and style in swagger2.SEPARATED):
            self._note("parameter", place / "style", f"style {style[:60]!r} is not understood in {part}")
            style = PARTS[part]
        if style != PARTS[part]:
            made["style"] = style
        if isinstance(node.get("explode"), bool):
            made["explode"] = node["explode"]
        if node.get("allowEmptyValue") is True and part == "query":
            made["allowEmptyValue"] = True
        return made

    def _parameter_schema(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        content = node.get("content")
        if isinstance(content, Mapping) and content:
            media, part = next(iter(content.items()))
            part = part if isinstance(part, Mapping) else {}
            made["schema"] = self._rewriter.rewrite(part.get("schema", {}), place / "content" / media / "schema")
            made["x-content"] = _media_type(media)
            self._examples(part, place / "content" / media, made)
        else:
            made["schema"] = self._rewriter.rewrite(node.get("schema", {}), place / "schema")
            self._examples(node, place, made)

    def _examples(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        if node.get("example") is not None:
            made["example"] = node["example"]
        elif isinstance(node.get("examples"), Mapping):
            found = {}
            for name, each in node["examples"].items():
                example, _ = self._resolve(each, place / "examples" / name)
                if "value" in example or "dataValue" in example:
                    found[name] = {"value": example.get("value", example.get("dataValue"))}
                elif "externalValue" in example:
                    self._note("example", place / "examples" / name, "an external value is not read")
            if found:
                made["examples"] = found

    def _body(self, node: Node, place: Place, in_body: Sequence[Node]) -> dict[str, Any] | None:
        where = place / "requestBody"
        body: Node | None
        if self._is_swagger:
            body = swagger2.request_body(in_body, self._media_types(node, "consumes"))
        elif "requestBody" in node:
            body, where = self._resolve(node["requestBody"], where)
        else:
            return None
        if body is None:
            return None
        content = self._content(body, where, is_response=False)
        return {"required": body.get("required") is True, "content": content} if content else None

    def _media_types(self, node: Node, key: str) -> list[str]:
        found = node.get(key) or self._raw.get(key) or []
        return [str(each) for each in found] if isinstance(found, list) else []

    def _responses(self, node: Node, place: Place) -> dict[str, Any]:
        found = node.get("responses")
        made: dict[str, Any] = {}
        for key, each in found.items() if isinstance(found, Mapping) else ():
            if key.startswith("x-"):
                continue
            status = _status(key)
            if status is None:
                self._note("status", place / "responses" / key, f"status {key!r} is not understood")
                continue
            response, where = self._resolve(each, place / "responses" / key)
            if self._is_swagger:
                response = swagger2.response(response, self._media_types(node, "produces"))
            made[status] = self._response(response, where)
            if status in BODILESS and made[status].pop("content", None):
                self._note("status", where, f"a response with status {status} has no body")
        if not made:
            self._note("status", place, "declares no response")
            made[FALLBACK] = {"description": ""}
        return made

    def _response(self, node: Node, place: Place) -> dict[str, Any]:
        made: dict[str, Any] = {"description": ""}
        content = self._content(node, place, is_response=True)
        if content:
            made["content"] = content
        headers = node.get("headers")
        for name, found in headers.items() if isinstance(headers, Mapping) else ():
            if name.lower() == "content-type" or not HEADER_NAME.fullmatch(name):
                continue
            header, where = self._resolve(found, place / "headers" / name)
            each: dict[str, Any] = {"required": True} if header.get("required") is True else {}
            self._parameter_schema(header, where, each)
            made.setdefault("headers", {})[name] = each
        return made

    def _content(self, node: Node, place: Place, *, is_response: bool) -> dict[str, Any]:
        content = node.get("content")
        made: dict[str, Any] = {}
        for name, part in content.items() if isinstance(content, Mapping) else ():
            found, where = self._resolve(part, place / "content" / name)
            media = _media_type(name)
            if is_response and media.endswith("/*"):
                media = RANGES.get(media, "application/octet-stream")
            if media in made and not made[media]["schema"] and "schema" in found:  # the same type with a parameter
                made[media]["schema"] = self._rewriter.rewrite(found["schema"], where / "schema")
            if not media or media in made:
                continue
            made[media] = {"schema": self._rewriter.rewrite(found.get("schema", {}), where / "schema")}
            if "itemSchema" in found:
                self._note("keyword", where / "itemSchema", "itemSchema is not obeyed")
            self._examples(found, where, made[media])
            if isinstance(found.get("encoding"), Mapping) and not is_response:
                made[media]["encoding"] = {
                    name: {key: each[key] for key in ("style", "explode", "contentType") if key in each}
                    for name, each in found["encoding"].items()
                    if isinstance(each, Mapping)
                }
        return dict(sorted(made.items(), key=_prefers_json)) if is_response else made

    def _security_schemes(self) -> dict[str, Any]:
        components = self._raw.get("components")
        found = components.get("securitySchemes") if isinstance(components, Mapping) else None
        place = Place(self._files.entry, "/components/securitySchemes")
        if self._is_swagger:
            found, place = self._raw.get("securityDefinitions"), Place(self._files.entry, "/securityDefinitions")
        made = {}
        for name, each in found.items() if isinstance(found, Mapping) else ():
            node, where = self._resolve(each, place / name)
            scheme = self._security_scheme(swagger2.security_scheme(node) if self._is_swagger else node)
            if scheme is None:
                self._note("security", where, f"a scheme of type {node.get('type')!r} is not checked")
            else:
                made[name] = scheme
        return made

    @staticmethod
    def _security_scheme(node: Node) -> dict[str, Any] | None:
        kind, part, scheme = node.get("type"), str(node.get("in", "")).lower(), str(node.get("scheme", "")).lower()
        if kind == "apiKey" and part in ("header", "query", "cookie") and isinstance(node.get("name"), str):
            return {"type": "apiKey", "in": part, "name": node["name"]}
        if kind == "http" and HEADER_NAME.fullmatch(scheme):
            return {"type": "http", "scheme": scheme}
        if kind in ("oauth2", "openIdConnect"):
            return {"type": "oauth2"}
        return None

    def _security(self, found: Sequence[Any], place: Place) -> list[dict[str, list[str]]]:
        made: list[dict[str, list[str]]] = []
        for number, alternative in enumerate(found):
            if not isinstance(alternative, Mapping):
                continue
            for name in alternative:
                if name not in self._known_schemes:
                    self._note("security", place / number, f"there is no scheme {name!r} that can be checked")
            # scopes are no business of a stand-in that takes any credential
            made.append({name: [] for name in alternative if name in self._known_schemes})
        return made

    def _note(self, kind: str, place: Place, message: str) -> None:
        self.findings.add(kind, self._files.shown(place), message)


def _with_variables(url: str, variables: Node) -> str:
    for name, variable in variables.items():
        default = variable.get("default") if isinstance(variable, Mapping) else None
        url = url.replace(f"{{{name}}}", str(default if default is not None else name))
    return TEMPLATE.sub(lambda found: found[1] or "x", url)


def _split(url: str) -> tuple[str, str] | None:
    """Return the origin and the path of a URL, or ``None`` if it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""), parts.path


def _base_path(servers: Sequence[Node]) -> str:
    path = (_split(servers[0]["url"]) or ("", ""))[1].rstrip("/")
    return path if path.startswith("/") or not path else f"/{path}"


def _without_path(url: str) -> str:
    return (_split(url) or ("", ""))[0] or "/"


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].partition(".")[0]


def _status(key: str) -> str | None:
    if key.lower() == FALLBACK:
        return FALLBACK
    found = STATUS.match(key.strip())
    if found is None:
        return None
    return found[0].upper()


def _media_type(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def _prefers_json(entry: tuple[str, Any]) -> int:
    media = entry[0]
    return 0 if media == JSON else 1 if media.endswith("json") else 2
