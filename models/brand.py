"""Brand kits that an owner keeps."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class StoredBrand(Base):
    """One brand kit under an owner's own name for it."""

    __tablename__ = "brands"

    owner: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    brand: Mapped[dict[str, Any]]
    logo_key: Mapped[str | None]
    updated_at: Mapped[datetime]
