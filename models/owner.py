"""Owners and lanes as their operator has set them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from adloom.core.lanes import Lane
from models.base import Base


class Owner(Base):
    """What an operator has decided for one owner.  An owner without a row has the defaults of the settings."""

    __tablename__ = "owners"
    __table_args__ = (sa.CheckConstraint("weight > 0", name="weight_is_positive"),)

    owner: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(default="standard")  #: a class of owners, for metrics
    weight: Mapped[float] = mapped_column(default=1.0)  #: its share of a lane, beside others' shares
    max_waiting: Mapped[int | None]  #: the most items that are not final; None: the default
    max_daily: Mapped[int | None]  #: the most items submitted in 24 hours; None: the default


class LaneState(Base):
    """One lane: whether it is paused, and how long it was when the sweeper last looked."""

    __tablename__ = "lane_states"

    lane: Mapped[Lane] = mapped_column(primary_key=True)
    paused_at: Mapped[datetime | None]  #: nothing is leased from a lane that has it
    waiting: Mapped[int] = mapped_column(default=0)  #: ready items at *measured_at*
    measured_at: Mapped[datetime | None]


class Work(Base):
    """What one worker got done on one lane in one minute: the ground for estimates.  Pruned after an hour."""

    __tablename__ = "work"

    lane: Mapped[Lane] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)  #: its beginning
    worker: Mapped[str] = mapped_column(primary_key=True)  #: one row each: workers never wait for each other here
    items: Mapped[int]
    cost: Mapped[float]
