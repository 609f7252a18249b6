"""When something can have happened, as somebody says it did."""

from datetime import UTC, datetime

from sandkasse.errors import Invalid
from sandkasse.i18n import _

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


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
