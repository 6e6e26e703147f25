"""Key pair with which every realm signs its tokens (RS256 of RFC 7518).

The private key is published here, so a token proves nothing outside of tests. Python's own numbers sign with
it, as the library for that is no dependency of ours. Four primes instead of two keep a signature under 5 ms.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from functools import lru_cache
from hashlib import sha256
from math import prod

import orjson

from understudy.core.json_types import Json

PRIMES = (
    int(
        "ec3d91e4589d9c19684a77750bfdec64e15e8b5cbd5dca3ae004136208d92f56"
        "5e68b7ee6e4cd24134b500718dfcb4e08ffdb120feae24aaaf392c4bb1549b9d",
        16,
    ),
    int(
        "e99144cea45eb8f8b3b010342c7d9671816a21e4376fdc1a6a99649ebc8bf003"
        "46c752379a92405bd41538360a517588ca7346a9fd3bea65b851804c2a90f4b5",
        16,
    ),
    int(
        "e8e97e192acb25fedc209b0d8a62c5f72954ecb41121a4dd447dc83992194df9"
        "c8248047b3ade7cc9344fddf2c8cf646db41c3570cb9cb9f671bb3c4708ef313",
        16,
    ),
    int(
        "f2b13abc4f5a9ca8b4a581ce2053987230c3f1b7e2e9bad0a37b0783849b9a9f"
        "2c3d9435e8a34a83020343ea9660c0669d1a87b349908dca4b4f58ae4d0a4ba7",
        16,
    ),
)
MODULUS = prod(PRIMES)
EXPONENT = 65537
BYTES = 256
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 without the hash (RFC 8017, section 9.2)."""

ALGORITHM = "RS256"
KEY_ID = sha256(f"{MODULUS:x}".encode()).hexdigest()[:32]
PUBLIC_KEY_BYTES = MODULUS.to_bytes(BYTES, "big")

_EXPONENTS = tuple(pow(EXPONENT, -1, prime - 1) for prime in PRIMES)
_COEFFICIENTS = tuple(MODULUS // prime * pow(MODULUS // prime, -1, prime) for prime in PRIMES)


def public_keys() -> Json:
    """Return the realms' public keys as a JSON Web Key Set (RFC 7517)."""
    exponent = EXPONENT.to_bytes(3, "big")
    key = {"kid": KEY_ID, "kty": "RSA", "alg": ALGORITHM, "use": "sig"}
    return {"keys": [key | {"n": _encode(PUBLIC_KEY_BYTES), "e": _encode(exponent)}]}


def sign_claims(claims: Json) -> str:
    """Return a signed JWT with these claims."""
    head = orjson.dumps({"alg": ALGORITHM, "typ": "JWT", "kid": KEY_ID})
    signed = f"{_encode(head)}.{_encode(orjson.dumps(claims))}"
    digest = _padded_digest(signed)
    powers = (pow(digest, exponent, prime) for exponent, prime in zip(_EXPONENTS, PRIMES, strict=True))
    signature = sum(map(int.__mul__, powers, _COEFFICIENTS)) % MODULUS
    return f"{signed}.{_encode(signature.to_bytes(BYTES, 'big'))}"


@lru_cache(maxsize=4096)
def signed_claims(token: str) -> bytes | None:
    """Return the claims of a token that the key has signed, expired or not, as JSON; ``None`` for any other text."""
    signed, _, signature = token.rpartition(".")
    try:
        number = int.from_bytes(_decode(signature), "big")
        head, claims = map(_decode, signed.split("."))
        is_signed = orjson.loads(head)["alg"] == ALGORITHM and pow(number, EXPONENT, MODULUS) == _padded_digest(signed)
    except (ValueError, NotBase64, TypeError, KeyError):
        return None
    return claims if is_signed else None


def _padded_digest(text: str) -> int:
    """Return the number that is signed for a text (EMSA-PKCS1-v1_5)."""
    ending = SHA256_INFO + sha256(text.encode("ascii")).digest()
    return int.from_bytes(b"\x00\x01" + b"\xff" * (BYTES - len(ending) - 3) + b"\x00" + ending, "big")


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
