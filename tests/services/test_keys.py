"""Keys: who is let in, and who is not."""

from datetime import UTC, datetime, timedelta

import pytest

from adloom.core.errors import BadConfiguration, NotFound, Unauthorized
from models import Sessions
from services.keys import Minted, authenticate, list_keys, mint_key, note_use, revoke_key

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEPPER = b"pepper"


def mint(sessions: Sessions, owner: str = "ada") -> Minted:
    with sessions.begin() as session:
        return mint_key(session, owner=owner, name="test", pepper=PEPPER, now=NOON)


def owner_of(sessions: Sessions, key: str, *, pepper: bytes = PEPPER) -> str:
    with sessions.read() as session:
        return authenticate(session, key, pepper=pepper, now=NOON).owner


def test_a_key_lets_its_owner_in(sessions: Sessions) -> None:
    assert owner_of(sessions, mint(sessions, "ada").key) == "ada"
    assert owner_of(sessions, mint(sessions, "bob").key) == "bob"


def test_every_key_is_another(sessions: Sessions) -> None:
    assert len({mint(sessions).key for _ in range(20)}) == 20


def test_another_keys_secret_does_not_fit(sessions: Sessions) -> None:
    ada, bob = mint(sessions, "ada"), mint(sessions, "bob")
    with pytest.raises(Unauthorized):
        owner_of(sessions, f"adl_{ada.id}_{bob.key.rsplit('_', 1)[1]}")


def test_another_pepper_makes_every_key_invalid(sessions: Sessions) -> None:
    with pytest.raises(Unauthorized):
        owner_of(sessions, mint(sessions).key, pepper=b"other")


def test_a_revoked_key_is_refused_and_keeps_its_first_revocation(sessions: Sessions) -> None:
    key = mint(sessions)
    for minutes in (1, 2):
        with sessions.begin() as session:
            revoke_key(session, key.id, now=NOON + timedelta(minutes=minutes))
    with pytest.raises(Unauthorized):
        owner_of(sessions, key.key)
    with sessions.read() as session:
        assert list_keys(session)[0].revoked_at == NOON + timedelta(minutes=1)


def test_revoking_what_is_not_there_is_said(sessions: Sessions) -> None:
    with pytest.raises(NotFound), sessions.begin() as session:
        revoke_key(session, "nope", now=NOON)


@pytest.mark.parametrize("owner", ["", "a/b", "..", "-a", "a b", "é", "x" * 64])
def test_an_owner_can_be_a_folder(sessions: Sessions, owner: str) -> None:
    with pytest.raises(BadConfiguration):
        mint(sessions, owner)


def test_use_is_noted_to_the_minute(sessions: Sessions) -> None:
    key = mint(sessions)
    for seconds, noted in ((0, False), (30, True), (61, False)):
        now = NOON + timedelta(seconds=seconds)
        with sessions.begin() as session:
            caller = authenticate(session, key.key, pepper=PEPPER, now=now)
            assert caller.noted is noted
            if not noted:
                note_use(session, caller, now=now)
