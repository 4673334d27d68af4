"""When the sweeper may take leases back: not before workers had the time to renew them."""

from datetime import datetime, timedelta


class Patience:
    """Tells leases that ran out because a worker is gone from those that ran out because nobody could renew them.

    While the database is away, while this process stands still, or when a clock is set forward, every lease seems to
    have ended although the workers live.  So after each gap in what the sweeper sees, its own start included, workers
    first get *wait_seconds* to renew.
    """

    def __init__(self, *, gap_seconds: float, wait_seconds: float) -> None:
        self._gap = timedelta(seconds=gap_seconds)  #: the longest time between two looks that is no gap
        self._wait = timedelta(seconds=wait_seconds)
        self._seen_at: datetime | None = None  #: by the leases' own clock
        self._since: datetime | None = None  #: since when the database has been seen without a gap

    def looked(self, now: datetime) -> None:
        """The database answered at *now*, by the clock that decides leases."""
        if self._seen_at is None or self._since is None or not self._seen_at <= now <= self._seen_at + self._gap:
            self._since = now
        self._seen_at = now

    def failed(self) -> None:
        """The database did not answer."""
        self._since = None

    def is_over(self, now: datetime) -> bool:
        """Whether whoever lives has had the time to renew."""
        return self._since is not None and now >= self._since + self._wait
