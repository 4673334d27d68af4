"""Conditions that several questions share, worded so that their partial indexes are used."""

from uuid import UUID

import sqlalchemy as sa

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.item import Item
from models.job import HELD_BACK, Job
from models.owner import LaneState


def in_state(state: ItemState) -> sa.ColumnElement[bool]:
    """Whether an item is in *state*, as a constant in the statement: a partial index does not match a parameter."""
    return Item.state == sa.literal(state, Item.state.type, literal_execute=True)


def held_back() -> sa.Select[UUID]:
    """Jobs of which nothing may be leased: cancelled, paused or past their deadline.  Few, and in an index."""
    return sa.select(Job.id).where(sa.text(HELD_BACK))  # word for word as in the index


def lane_runs(lane: Lane | sa.BindParameter[Lane]) -> sa.ColumnElement[bool]:
    """Whether *lane* is not paused."""
    return sa.not_(sa.exists().where(LaneState.lane == lane, LaneState.paused_at.is_not(None)))
