"""Signatures are those of Standard Webhooks, and an owner's secret is the owner's alone."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.signing import show_secret, sign, sign_headers, webhook_secret

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_published_vector_of_standard_webhooks_is_reproduced() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_owner_and_every_pepper_has_a_secret_of_its_own_and_always_the_same() -> None:
    secrets = [webhook_secret(pepper, owner) for pepper in (b"a", b"b") for owner in ("ada", "bob")]
    assert len(set(secrets)) == 4
    assert webhook_secret(b"a", "ada") == secrets[0]
    assert all(len(secret) == 32 for secret in secrets)


def test_the_secret_is_none_of_the_peppers_other_uses() -> None:
    assert webhook_secret(b"pepper", "ada") != hmac.new(b"pepper", b"ada", hashlib.sha256).digest()


def test_the_secret_is_shown_as_libraries_take_it() -> None:
    shown = show_secret(webhook_secret(b"pepper", "ada"))
    assert base64.b64decode(shown.removeprefix("whsec_"), validate=True) == webhook_secret(b"pepper", "ada")


def test_attempts_have_one_id_and_each_its_own_second_and_signature() -> None:
    delivery_id, secret = uuid4(), b"s" * 32
    first = sign_headers(secret, delivery_id, b"{}", now=NOON)
    second = sign_headers(secret, delivery_id, b"{}", now=NOON + timedelta(seconds=5.9))
    assert first["webhook-id"] == second["webhook-id"] == f"msg_{delivery_id}"
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 5
    assert first["webhook-signature"] != second["webhook-signature"]
