"""Worker processes, as they report themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Worker(Base):
    """One incarnation of one worker process.  Seen within the last 30 s means alive."""

    __tablename__ = "workers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    main: Mapped[UUID]  #: the incarnation of the process that started it: its next child settles what it leaves behind
    lanes: Mapped[list[Any]]
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
