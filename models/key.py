"""API keys: who may ask, kept as a hash."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ApiKey(Base):
    """One key of one owner.  The secret itself is shown once and never stored."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)  #: the public part of the key
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    secret_hash: Mapped[str]  #: HMAC-SHA-256 of the secret under the pepper, hex
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]  #: to the minute
    revoked_at: Mapped[datetime | None]
