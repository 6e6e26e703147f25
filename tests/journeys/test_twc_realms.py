"""Discovery of a realm by an OpenID client: its addresses, its keys, and a token that they verify."""

from typing import Any

import httpx
import jwt
import pytest


@pytest.mark.parametrize("world", ["", "/@checkout-42"])
def test_a_client_that_knows_the_realm_alone_finds_the_rest(stand_in: Any, world: str) -> None:
    known = stand_in.credentials("twc")
    realm = f"{stand_in.root}{world}/twc/auth/realms/{known['tenant']}"
    found = httpx.get(f"{realm}/.well-known/openid-configuration")
    assert (found.status_code, found.json()["issuer"]) == (200, realm)

    form = {name: known[name] for name in ("client_id", "client_secret")}
    issued = httpx.post(found.json()["token_endpoint"], data={"grant_type": "client_credentials", **form}).json()
    keys = httpx.get(found.json()["jwks_uri"]).json()
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(issued["access_token"])["kid"]]
    claims = jwt.decode(issued["access_token"], key, algorithms=["RS256"], audience="account", issuer=realm)
    assert claims["exp"] - claims["iat"] == issued["expires_in"] == 300


def test_the_vendors_own_host_is_the_issuer(stand_in: Any) -> None:
    path = "/auth/realms/understudy/.well-known/openid-configuration"
    found = httpx.get(stand_in.root + path, headers={"Host": "auth.au-aws.thewishlist.io"}).json()
    assert found["issuer"] == "http://auth.au-aws.thewishlist.io/auth/realms/understudy"
    assert found["jwks_uri"] == f"{found['issuer']}/protocol/openid-connect/certs"


@pytest.mark.parametrize("ending", [".well-known/openid-configuration", "protocol/openid-connect/certs"])
def test_an_unknown_realm_is_refused_in_keycloaks_words(stand_in: Any, ending: str) -> None:
    answer = httpx.get(f"{stand_in.url('twc')}/auth/realms/nobody/{ending}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Realm does not exist"})
