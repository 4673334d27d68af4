"""Questions about items as a queue: what is ready, who holds it, what depends on it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState
from models.item import Item, ItemParent
from models.queries import bulk
from models.queries.among import among, among_listed, listed
from models.queries.conditions import held_back, lane_runs

Found = sa.Row[*tuple[Any, ...]]  # Any: one type per selected column
FenceOf = Mapping[UUID, int]  #: item -> the fence under which it is held


def _state(state: ItemState) -> sa.ColumnElement[bool]:
    """*state* as a constant in the statement: a partial index does not match a parameter."""
    return Item.state == sa.literal(state, Item.state.type, literal_execute=True)


_HELD = (  # in the order of the fields that a worker's lease has
    sa.type_coerce(Item.id, sa.String),  # as it comes: one type less to look up per row
    sa.type_coerce(Item.job_id, sa.String),
    Item.owner,
    sa.cast(Item.spec, sa.Text),  # as it is: whoever validates it reads JSON faster than the driver
    Item.seed,
    Item.position,
    Item.checkpoint,
    Item.fence,
    Item.errors,
    Item.attempts,
    Item.has_parents,
    Item.has_children,
    Item.cost,
    Item.batch_key,
    Item.micro_batch,
    Item.suspect,
)

RAISE = object()  #: as a change to ``fence``: one more than it was

_NEW = {
    "fence": 0,
    "on_device": False,
    "suspect": False,
    "checkpoint": "",
    "attempts": 0,
    "errors": 0,
    "crashes": 0,
    "losses": 0,
}


def add(
    session: Session,
    columns: Mapping[str, Sequence[Any]],  # Any: column values
    parents: Sequence[tuple[str, str]],
    *,
    constants: Mapping[str, Any],
) -> None:
    """Insert items, *columns* of values with *constants* in all, and the (parent, child) pairs among them."""
    bulk.insert(session, Item, columns, constants={**constants, **_NEW})
    bulk.insert(session, ItemParent, bulk.by_column(("parent_id", "child_id"), parents))


def acquire(
    session: Session,
    lane: Lane,
    *,
    limit: int,
    worker: UUID,
    now: datetime,
    until: datetime,
    prefer: str | None = None,
    on_device: bool = False,
) -> Sequence[Found]:
    """Lease the head of *lane* and others that share its batch key, in the lane's order, until *until*.

    *limit* caps what the kind allows in one micro-batch; *prefer* is a batch key to look for first.  A suspect is
    leased alone.  Of any number of concurrent callers, exactly one gets each row; rows that another caller is taking
    right now are skipped, not waited for.

    The answer is for `read_leased`; its last three columns are the batch key, the most that may be leased together and
    whether it is a suspect, the same in every row.
    """
    statement = _acquire(session.get_bind().dialect.name, has_preference=prefer is not None)
    values = {"in_lane": lane, "by": worker, "now": now, "until": until, "begun": on_device, "most": limit}
    if prefer is not None:
        values["prefer"] = prefer
    return session.connection().execute(statement, values).all()


def read_leased(leased: Sequence[Found]) -> list[tuple[Any, ...]]:  # Any: one type per column of `_HELD`
    """What `acquire` has answered, in the order of the ids, without the last three columns.

    For this nobody has to wait who waits for the end of the transaction.
    """
    job_ids: dict[Any, UUID] = {}  # mostly one, however many items
    for row in leased:
        if row[1] not in job_ids:
            job_ids[row[1]] = _uuid(row[1])
    return [(_uuid(row[0]), job_ids[row[1]], *row[2:-3]) for row in sorted(leased, key=itemgetter(0))]


def _uuid(stored: UUID | str) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)


_ORDER = (Item.priority.desc(), Item.fair_rank, Item.id)
_LANE = sa.bindparam("in_lane", type_=Item.lane.type)


@cache  # to put it together takes longer than to run it
def _acquire(dialect: str, *, has_preference: bool) -> sa.UpdateBase:
    take = _take(_head(has_preference=has_preference))
    return (
        sa.update(Item.__table__)  # type: ignore[arg-type]  # a table, which its annotation does not say
        .where(_taken(take, dialect))
        .values(
            state=ItemState.LEASED,
            fence=Item.fence + 1,
            attempts=Item.attempts + 1,
            worker=sa.bindparam("by", type_=Item.worker.type),
            leased_at=sa.bindparam("now", type_=Item.leased_at.type),
            lease_expires_at=sa.bindparam("until", type_=Item.lease_expires_at.type),
            batch_size=sa.select(sa.func.count()).select_from(take).scalar_subquery(),
            on_device=sa.bindparam("begun", type_=Item.on_device.type),
        )
        .returning(*_HELD)
    )


def _taken(take: sa.CTE, dialect: str) -> sa.ColumnElement[bool]:
    """As an array on PostgreSQL, which else expects a tenth of the lane and reads the whole table."""
    ids = sa.select(take.c.id)
    if dialect == "postgresql":
        return Item.id == sa.any_(sa.func.array(ids.scalar_subquery()))
    return Item.id.in_(ids)


def _ready(lane: Lane | sa.BindParameter[Lane]) -> tuple[sa.ColumnElement[bool], ...]:
    return (Item.lane == lane, _state(ItemState.QUEUED), Item.job_id.not_in(held_back()))


def _head(*, has_preference: bool) -> sa.CTE:
    preferred = (Item.batch_key == sa.bindparam("prefer", type_=Item.batch_key.type),) if has_preference else ()
    return (
        sa.select(Item.id, Item.batch_key, Item.micro_batch, Item.suspect)
        .where(*_ready(_LANE), lane_runs(_LANE), *preferred)
        .order_by(*_ORDER)
        .limit(1)
        .with_for_update(skip_locked=True)  # locked: or a second caller finds the same head and nothing else
        .cte("head")
    )


def _take(head: sa.CTE) -> sa.CTE:
    limit = sa.bindparam("most", type_=sa.Integer)
    alone = sa.select(head.c.suspect).scalar_subquery()
    share = sa.case((head.c.suspect, 1), (head.c.micro_batch < limit, head.c.micro_batch), else_=limit)
    at_most = sa.func.coalesce(sa.select(share).scalar_subquery(), 0)  # an empty head must not mean: no limit
    return (
        sa.select(Item.id)
        .where(*_ready(_LANE), Item.batch_key == sa.select(head.c.batch_key).scalar_subquery())
        .where(sa.or_(Item.id.in_(sa.select(head.c.id)), sa.and_(sa.not_(Item.suspect), sa.not_(alone))))
        .order_by(*_ORDER)
        .limit(at_most)
        .with_for_update(skip_locked=True)
        .cte("take")
        .prefix_with("MATERIALIZED")  # or the planner may run the LIMIT once per row
    )


def renew(session: Session, held: FenceOf, *, until: datetime) -> set[UUID]:
    """Extend the leases that are still held under their fences; the answer is which are held.

    A row that someone else has locked is left for the next time: locking in a fixed order and skipping keeps this from
    deadlocking with cancel.
    """
    session.execute(_update_held(held, lease_expires_at=until))
    still = sa.select(Item.id).where(_under(held), _state(ItemState.LEASED))
    return set(session.scalars(still))


def mark_on_device(session: Session, held: FenceOf, *, on_device: bool = True) -> None:
    """Note that the generator begins, or that it waits: should the worker die meanwhile, these items are suspects."""
    session.execute(_update_held(held, on_device=on_device))


def _update_held(held: FenceOf, **values: Any) -> sa.Update:  # Any: column values
    still = (
        sa.select(Item.id)
        .where(_under(held), _state(ItemState.LEASED))
        .order_by(Item.id)
        .with_for_update(skip_locked=True)
        .cte("still")
    )
    return (
        sa.update(Item)
        .where(Item.id.in_(sa.select(still.c.id)))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _under(held: FenceOf) -> sa.ColumnElement[bool]:
    return sa.tuple_(Item.id, Item.fence).in_(list(held.items()))


def descendants(session: Session, item_ids: Collection[UUID]) -> list[UUID]:
    """Every item that directly or indirectly depends on one of *item_ids*."""
    first = among(session, ItemParent.parent_id, item_ids)
    below = sa.select(ItemParent.child_id).where(first).cte("below", recursive=True)
    below = below.union(sa.select(ItemParent.child_id).join(below, ItemParent.parent_id == below.c.child_id))
    return list(session.scalars(sa.select(below.c.child_id)))


def lock(session: Session, item_ids: Collection[UUID]) -> dict[UUID, Found]:
    """Lock these items in the order of their ids, and say where they stand."""
    rows = session.execute(
        sa.select(
            Item.id,
            Item.job_id,
            Item.owner,
            Item.lane,
            Item.priority,
            Item.cost,
            Item.state,
            Item.fence,
            Item.errors,
            Item.attempts,
            Item.parents_left,
            Item.run_at,
            Item.worker,
            Item.leased_at,
            Item.lease_expires_at,
            Item.batch_size,
            Item.losses,
            Item.crashes,
            Item.on_device,
            Item.suspect,
        )
        .where(among(session, Item.id, item_ids))
        .order_by(Item.id)
        .with_for_update()
    )
    return {row.id: row for row in rows}


def children_of(session: Session, parent_ids: Collection[UUID]) -> Sequence[sa.Row[UUID, UUID]]:
    """(parent, child) pairs below these items."""
    return session.execute(
        sa.select(ItemParent.parent_id, ItemParent.child_id).where(among(session, ItemParent.parent_id, parent_ids))
    ).all()


def moved_on(session: Session, held: Mapping[UUID, Any]) -> set[UUID]:  # Any: what was held, with its fence
    """Lock items; the answer is which are not held any more under their fences: a fence rises at every move."""
    dialect = session.get_bind().dialect.name
    rows = session.connection().execute(_fences(dialect), {"those": listed(dialect, held)}).all()
    if len(rows) == len(held) and sum([row[1] for row in rows]) == sum([item.fence for item in held.values()]):
        return set()  # fences never fall: if none is missing and they are no more in all, none has risen
    still = {UUID(str(key)): fence for key, fence in rows}
    return {item_id for item_id, item in held.items() if still.get(item_id) != item.fence}


@cache
def _fences(dialect: str) -> sa.Select[*tuple[Any, ...]]:  # Any: an id as it is stored, a fence
    return (
        sa.select(sa.type_coerce(Item.id, sa.String), Item.fence)  # as it comes: most are as they should be
        .where(among_listed(dialect, Item.id, sa.bindparam("those", type_=sa.Text)))
        .order_by(Item.id)
        .with_for_update()
    )


def write_alike(
    session: Session,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],  # Any: column values
    *,
    constants: Mapping[str, Any],
) -> None:
    """`write` for items that change in the same columns: a row of values of *names*, ``id`` first, for each."""
    raised = [name for name, value in constants.items() if value is RAISE]
    fixed = {name: value for name, value in constants.items() if value is not RAISE}
    bulk.update(session, Item, bulk.by_column(names, rows), constants=fixed, raised=raised)


def write(session: Session, changes: Collection[dict[str, Any]]) -> None:
    """Update items by primary key; each change names its ``id`` and the columns it sets.  Lock them first."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        by_columns[tuple(change)].append(change)
    for columns, alike in by_columns.items():
        raised = [name for name in columns if alike[0][name] is RAISE]
        set_to = [name for name in columns if name not in raised]
        bulk.update(session, Item, {name: [change[name] for change in alike] for name in set_to}, raised=raised)


def settle(state: ItemState, now: datetime, **more: Any) -> dict[str, Any]:  # Any: column values
    """The columns that leave a lease or a queue for *state*: no worker, no lease, finished where it is final."""
    return {
        "state": state,
        "worker": None,
        "lease_expires_at": None,
        "on_device": False,
        "finished_at": now if state in FINAL else None,
        **more,
    }


def expired(session: Session, *, before: datetime, limit: int) -> list[UUID]:
    """Leased items whose lease ended before *before*.  Nothing is locked yet: lock, and look again."""
    return list(
        session.scalars(
            sa.select(Item.id)
            .where(_state(ItemState.LEASED), Item.lease_expires_at < before)
            .order_by(Item.lease_expires_at)  # by id, SQLite would walk the whole table in that order
            .limit(limit)
        )
    )


def held_by(session: Session, worker_ids: Collection[UUID]) -> list[UUID]:
    """What these workers hold.  Nothing is locked yet: lock, and look again."""
    return list(session.scalars(sa.select(Item.id).where(_state(ItemState.LEASED), Item.worker.in_(worker_ids))))


def due(session: Session, *, now: datetime, limit: int) -> Sequence[sa.Row[UUID, bool]]:
    """Blocked items that wait for nothing but their hour, which has come, and whether their jobs are held back."""
    return session.execute(
        sa.select(Item.id, Item.job_id.in_(held_back()))  # no condition: it would lead away from the index of hours
        .where(
            _state(ItemState.BLOCKED),
            Item.parents_left == sa.literal(0, literal_execute=True),
            Item.run_at <= now,
        )
        .order_by(Item.run_at, Item.id)
        .limit(limit)
    ).all()


def unsettled(session: Session, job_id: UUID, *, limit: int) -> list[UUID]:
    """Items of a job that are not final.  Nothing is locked yet: lock, and look again."""
    return list(
        session.scalars(
            sa.select(Item.id).where(Item.job_id == job_id, Item.state.not_in(FINAL)).order_by(Item.id).limit(limit)
        )
    )


def parents_made(session: Session, child_ids: Collection[UUID]) -> Sequence[Found]:
    """(child, custom id, variants) of everything these items depend on, in the order of the parents' positions."""
    return session.execute(
        sa.select(ItemParent.child_id, Item.custom_id, Item.variants)
        .join(Item, Item.id == ItemParent.parent_id)
        .where(ItemParent.child_id.in_(child_ids))
        .order_by(ItemParent.child_id, Item.position)
    ).all()


def ready_lanes(session: Session) -> set[Lane]:
    """Lanes in which something waits that a worker may take."""
    waiting = [
        lane for lane in Lane if session.scalar(sa.select(Item.id).where(*_ready(lane), lane_runs(lane)).limit(1))
    ]
    return set(waiting)
