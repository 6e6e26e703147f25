"""Signed tokens (JWT): encoding, and decoding with a check of the signature. Issued tokens are not stored.

PyJWT is imported when the first token is encoded or decoded: it imports all of the package cryptography, if that is
installed, which would add a tenth to the start-up time.
"""

from functools import lru_cache
from typing import Any

import orjson

ALGORITHM = "HS256"
SIGNATURE_ONLY: Any = dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf", "verify_aud"), False)
"""Options that leave the claims unchecked: PyJWT would compare times to the machine's clock, not to the world's."""


def encode_token(claims: dict[str, Any], key: bytes, headers: dict[str, str] | None = None) -> str:
    """Return a JWT with these claims, signed with ``key``."""
    import jwt  # noqa: PLC0415 - see above

    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


@lru_cache(maxsize=4096)
def decode_token(token: str, key: bytes) -> bytes | None:
    """Return the claims of a token signed with ``key``, expired or not, as JSON text; ``None`` for any other text."""
    import jwt  # noqa: PLC0415 - see above

    try:
        return orjson.dumps(jwt.decode(token, key, algorithms=[ALGORITHM], options=SIGNATURE_ONLY))
    except jwt.InvalidTokenError:
        return None
