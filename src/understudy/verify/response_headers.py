"""Headers of responses that a document need not list: those of HTTP itself, and of common infrastructure."""

import re
from collections.abc import Iterator

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange

STANDARD = frozenset(
    """
    accept-ch accept-patch accept-post accept-ranges access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-allow-origin access-control-expose-headers access-control-max-age
    age allow alt-svc authentication-info cache-control cache-status cdn-cache-control clear-site-data connection
    content-disposition content-encoding content-language content-length content-location content-range
    content-security-policy content-security-policy-report-only content-type cross-origin-embedder-policy
    cross-origin-opener-policy cross-origin-resource-policy date deprecation digest content-digest repr-digest etag
    expect-ct expires keep-alive last-modified link location mime-version nel origin-agent-cluster p3p
    permissions-policy pragma preference-applied priority proxy-authenticate proxy-status proxy-authentication-info
    public-key-pins refresh referrer-policy report-to reporting-endpoints retry-after sec-websocket-accept server
    server-timing set-cookie sourcemap strict-transport-security sunset te timing-allow-origin trace-id traceparent
    tracestate trailer transfer-encoding upgrade vary via warning www-authenticate
    x-content-type-options x-dns-prefetch-control x-download-options x-frame-options x-permitted-cross-domain-policies
    x-xss-protection x-robots-tag x-ua-compatible
    """.split()
)
"""Header fields that standards define, and those that browsers take."""

INFRASTRUCTURE = re.compile(
    r"(?:x-)?(?:request|correlation|trace|transaction|runtime)-?id|x-(?:powered-by|runtime|response-time|served-by|"
    r"timer|cache|cache-hits|cache-status|varnish|proxy-cache|edge-.*|azure-.*|amz.*|amzn.*|goog-.*|guploader-.*|"
    r"envoy-.*|kong-.*|fastly-.*|akamai-.*|ms-.*|msedge-.*|nf-.*|vercel-.*|github-.*|render-.*|b3-.*|ratelimit-.*|"
    r"rate-limit-.*|datadog-.*|aspnet.*)|ratelimit(?:-.*)?|cf-.*|fly-.*|akamai-.*|apigw-.*|eagleid|"
    r"x-rate-limit-.*|understudy-.*"
)
"""Header fields that proxies, networks of caches, gateways and frameworks add; and those of a stand-in."""


def undocumented_headers(exchange: Exchange, operation: Operation) -> Iterator[str]:
    """Yield the names of response headers that neither the declared response nor a standard lists."""
    response = operation.response(exchange.status)
    declared = {header.name.lower() for header in response.headers} if response else set[str]()
    for name in dict.fromkeys(raw.decode("latin-1").lower() for raw, _ in exchange.response_headers):
        if name not in STANDARD and name not in declared and not INFRASTRUCTURE.fullmatch(name):
            yield name
