"""Signed tokens. Whether a signature holds is a pure question, so its answers are kept.

PyJWT is imported when the first token is written or read: where cryptography is installed, it brings all of that along,
which would be a tenth of the start.
"""

from functools import lru_cache
from typing import Any

import orjson

ALGORITHM = "HS256"
SIGNATURE_ONLY: Any = dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf", "verify_aud"), False)
"""PyJWT would judge times by the machine's clock; a token's times are the world's business."""


def encode_token(claims: dict[str, Any], key: bytes, headers: dict[str, str] | None = None) -> str:
    """Return a JWT with these claims, signed with ``key``."""
    import jwt  # noqa: PLC0415 - see above

    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


@lru_cache(maxsize=4096)
def decode_token(token: str, key: bytes) -> bytes | None:
    """Return the claims of a token signed with ``key``, expired or not, as JSON; nothing for any other text."""
    import jwt  # noqa: PLC0415 - see above

    try:
        return orjson.dumps(jwt.decode(token, key, algorithms=[ALGORITHM], options=SIGNATURE_ONLY))
    except jwt.InvalidTokenError:
        return None
