"""Signatures of webhooks, by the rules of Standard Webhooks 1.0: who receives one can tell that it is ours.

An owner's secret is derived from the platform's pepper, so there is nothing to store and nothing to leak.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

_LABEL = "webhook"  #: tells this use of the pepper from every other


def webhook_secret(pepper: bytes, owner: str) -> bytes:
    """The 32 bytes that *owner*'s webhooks are signed with."""
    return hmac.new(pepper, f"{_LABEL}\0{owner}".encode(), hashlib.sha256).digest()


def show_secret(secret: bytes) -> str:
    """*secret* as libraries for Standard Webhooks take it: ``whsec_…``."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one attempt: over the message's id, the attempt's second and the very bytes that are sent."""
    signed = hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def sign_headers(secret: bytes, delivery_id: UUID, body: bytes, *, now: datetime) -> Mapping[str, str]:
    """The headers of one attempt.  The id is the same at every attempt: receivers tell repetitions by it."""
    message_id, timestamp = f"msg_{delivery_id}", int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }
