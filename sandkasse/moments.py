"""When something can have happened, as somebody says it did."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sandkasse import clock
from sandkasse.errors import Invalid
from sandkasse.i18n import _

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
#: A clock that is put right goes back by less than this.
CLOCK_PUT_RIGHT = timedelta(days=1)


def possible(occurred_at: datetime | None, recorded_at: datetime) -> datetime:
    """The time said, or when it was recorded where none was said. Both aware.

    :raises Invalid: naming ``occurred_at``, for a time to come or before 1900.
    """
    if occurred_at is None:
        return recorded_at
    if occurred_at > recorded_at:
        raise Invalid(_("The time is in the future. Choose now or earlier."), "occurred_at")
    if occurred_at < EARLIEST:
        raise Invalid(_("The time is before 1900. Check the year."), "occurred_at")
    return occurred_at


def recorded(earlier: Iterable[datetime]) -> datetime:
    """When something is recorded that comes after what was recorded at these moments: now, or the
    last of them where the clock has been put back meanwhile, so that what came later also counts as
    later. A moment more than a day ahead was a clock gone wrong, and binds nobody. All aware.
    """
    now = clock.now()
    return max([now, *(one for one in earlier if one - now < CLOCK_PUT_RIGHT)])
