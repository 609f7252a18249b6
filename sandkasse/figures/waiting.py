"""How long agencies take: the matters sent to each, and the time until it decides.

The unit is a matter that was sent. Its waiting time is the agency's own days until its first
decision: the time in which the agency has asked and waits for an answer is not counted. A matter
that is unanswered, or was closed without a decision, has waited at least as long as it has been
with the agency, and counts with that (Kaplan–Meier, as statsmodels computes it). Matters with
several agencies at once count fully for each.

Days are whole: a decision counts on the day it is complete (rounded up), and what is unanswered is
known to have lasted the days that have passed (rounded down).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from sandkasse import access, clock
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.choice import check_moments, check_period
from sandkasse.figures.statistics import ENOUGH, Time, time_until
from sandkasse.i18n import _
from sandkasse.people import Actor

#: What can be behind a number of an agency.
PARTS = ("sent", "open", "answered", "withdrawn")

_CONDITIONS = {
    "sent": "TRUE",
    "open": "m.decided_days IS NULL AND m.state <> 'closed'",
    "answered": "m.decided_days IS NOT NULL",
    "withdrawn": "m.decided_days IS NULL AND m.state = 'closed'",
}

_KEPT = """(
    SELECT touchpoint_id, state, state_at, sent_at, agency_days, decided_days, questions
    FROM touchpoint
)"""
_THEN = "matter($as_of, $known_at)"

#: One row a matter that was sent: the relation that all figures here read.
_SENT = """
WITH sent AS (
    SELECT t.touchpoint_id, t.idea_id, t.agency_id, t.purpose_id, m.state, m.sent_at, m.questions,
           m.decided_days,
           m.agency_days + CASE WHEN m.state = 'agency'
                                THEN epoch($as_of - m.state_at) / 86400 ELSE 0 END AS agency_days
    FROM {matters} AS m
    JOIN touchpoint AS t ON t.touchpoint_id = m.touchpoint_id
    JOIN idea AS i ON i.idea_id = t.idea_id
    WHERE m.sent_at IS NOT NULL AND {narrowed}
)
"""

_COUNTED = (
    _SENT
    + """
SELECT m.agency_id, {purpose} AS purpose_id, count(*) AS sent,
       count(*) FILTER (m.decided_days IS NULL AND m.state <> 'closed') AS open,
       count(*) FILTER (m.decided_days IS NOT NULL)                     AS answered,
       count(*) FILTER (m.decided_days IS NULL AND m.state = 'closed')  AS withdrawn,
       sum(m.questions)                                                 AS questions,
       max(m.agency_days)
           FILTER (m.decided_days IS NULL AND m.state <> 'closed')      AS longest_days,
       arg_max(m.touchpoint_id, m.agency_days)
           FILTER (m.decided_days IS NULL AND m.state <> 'closed')      AS longest_id
FROM sent AS m
GROUP BY ALL
ORDER BY sent DESC, m.agency_id, purpose_id
"""
)

_LASTED = (
    _SENT
    + """
SELECT m.agency_id, {purpose} AS purpose_id, m.decided_days IS NOT NULL AS decided,
       CASE WHEN m.decided_days IS NOT NULL THEN ceil(round(m.decided_days, 6))
            ELSE floor(round(m.agency_days, 6)) END::INTEGER AS days,
       {quarter} AS quarter,
       count(*) AS n
FROM sent AS m
GROUP BY ALL
"""
)
_QUARTER = "date_trunc('quarter', timezone('Europe/Oslo', timezone('UTC', m.sent_at)))::DATE"


@dataclass(frozen=True)
class WaitChoice:
    """Which matters: of an agency, of the ideas of a journey or level, sent on these days (in
    Europe/Oslo, both included); as of and as known at moments (aware; None is now)."""

    agency_id: str | None = None
    journey_id: str | None = None
    level: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class Waits:
    """The matters sent to an agency, about one purpose (None with ``purposes``: in own words).

    ``sent = open + answered + withdrawn``. ``median`` and ``p85`` are the days within which half,
    and 85 %, are decided; None where that cannot be said yet, and under five matters.
    ``longest_days`` is how long the agency has had the one unanswered longest, ``longest_id``.
    """

    agency_id: str
    purpose_id: str | None
    sent: int
    open: int
    answered: int
    withdrawn: int
    questions: int
    longest_days: float | None
    longest_id: int | None
    median: Time | None
    p85: Time | None

    @property
    def questions_a_matter(self) -> float:
        """Questions per matter sent."""
        return self.questions / self.sent if self.sent else 0.0

    @property
    def enough(self) -> bool:
        """Whether there are enough matters for a rate."""
        return self.sent >= ENOUGH


@dataclass(frozen=True)
class Quarter:
    """The matters sent in a quarter, ``first_day`` its first day in Europe/Oslo."""

    first_day: date
    sent: int
    answered: int
    median: Time | None


@dataclass(frozen=True)
class WaitRecords:
    """A page of the touchpoints behind a number: ``rows`` has ``touchpoint_id``, ``title`` (of the
    idea), ``agency_id``, ``purpose_id``, ``own_title``, ``state``, ``sent_at`` (naive UTC) and
    ``agency_days``, longest first. ``total`` counts all, ``shown`` those the reader may see."""

    rows: pd.DataFrame
    total: int
    shown: int


def waits(db: Database, actor: Actor, choice: WaitChoice, *, purposes: bool = False) -> list[Waits]:
    """The matters of each agency, most matters first; with ``purposes`` of each agency's purposes.

    :raises NotAllowed: without the right. :raises Invalid: a day before 1900, a period that ends
        before it begins, a moment in the future.
    """
    narrowed, values = _narrowed(actor, choice, Action.SEE_WAITING)
    purpose = "m.purpose_id" if purposes else "NULL"
    form = {"matters": _matters(choice), "narrowed": narrowed, "purpose": purpose}
    counted = db.rows(_COUNTED.format(**form), values)
    lasted = db.frame(_LASTED.format(**form, quarter="NULL"), values)
    times = {
        (agency_id, purpose_id if purposes else None): (its_median, its_p85)
        for (agency_id, purpose_id), its_median, its_p85 in _times(lasted)
    }
    found = []
    for row in counted:
        median, p85 = times.get((row[0], row[1]), (None, None))
        found.append(Waits(*(*row, median, p85)))
    return found


def trend(db: Database, actor: Actor, choice: WaitChoice) -> list[Quarter]:
    """The matters of ``choice`` by the quarter in which they were sent, earliest first. Errors as
    for :func:`waits`."""
    narrowed, values = _narrowed(actor, choice, Action.SEE_WAITING)
    form = {"matters": _matters(choice), "narrowed": narrowed, "purpose": "NULL"}
    lasted = db.frame(_LASTED.format(**form, quarter=_QUARTER), values)
    quarters = []
    for first_day, rows in lasted.groupby("quarter", sort=True):
        sent = int(rows["n"].sum())
        median = _time(rows, 0.5) if sent >= ENOUGH else None
        answered = int(rows.loc[rows["decided"], "n"].sum())
        quarters.append(Quarter(pd.Timestamp(str(first_day)).date(), sent, answered, median))
    return quarters


def wait_records(
    db: Database,
    actor: Actor,
    choice: WaitChoice,
    part: str,
    *,
    limit: int = 20,
    offset: int = 0,
) -> WaitRecords:
    """The touchpoints behind a number of :func:`waits`, as far as the actor may see them.

    :raises Invalid: an unknown part; else as for :func:`waits`.
    """
    if part not in PARTS:
        raise Invalid(_("Choose one of the parts in the list."), "part")
    narrowed, values = _narrowed(actor, choice, Action.SEE_WAITING_RECORDS)
    seen = access.reach_touchpoint(actor, Action.SEE_WAITING_RECORDS)
    sql = _SENT.format(matters=_matters(choice), narrowed=narrowed)
    found = db.frame(
        f"""
        {sql},
        judged AS (
            SELECT m.*, i.title, t.title AS own_title, ({seen.sql}) AS seen
            FROM sent AS m
            JOIN touchpoint AS t ON t.touchpoint_id = m.touchpoint_id
            JOIN idea AS i ON i.idea_id = m.idea_id
            WHERE {_CONDITIONS[part]}
        ),
        counted AS (SELECT count(*) AS total, count(*) FILTER (seen) AS shown FROM judged),
        page AS (
            FROM judged WHERE seen
            ORDER BY agency_days DESC, touchpoint_id LIMIT $limit OFFSET $offset
        )
        SELECT c.total, c.shown, p.touchpoint_id, p.title, p.agency_id, p.purpose_id, p.own_title,
               p.state, p.sent_at, p.agency_days
        FROM counted AS c LEFT JOIN page AS p ON TRUE
        ORDER BY p.agency_days DESC, p.touchpoint_id
        """,  # noqa: S608
        {**values, **seen.parameters, "limit": limit, "offset": offset},
    )
    total, shown = (int(found[column].iloc[0]) for column in ("total", "shown"))
    rows = found.drop(columns=["total", "shown"]).dropna(subset="touchpoint_id")
    return WaitRecords(rows.astype({"touchpoint_id": "int64"}), total, shown)


def waits_to_json(several: Sequence[Waits]) -> list[dict[str, Any]]:
    """The figures as JSON can say them; days are whole but for ``longest_days``."""
    return [asdict(one) for one in several]


def _matters(choice: WaitChoice) -> str:
    return _KEPT if choice.as_of is None and choice.known_at is None else _THEN


def _narrowed(actor: Actor, choice: WaitChoice, action: Action) -> tuple[str, dict[str, Any]]:
    """The condition on touchpoints (``t``), ideas (``i``) and matters (``m``) with its values."""
    access.require(actor, action)
    now = clock.now()
    check_period(choice.since, choice.until)
    check_moments(choice.as_of, choice.known_at, now)
    parts, values = ["TRUE"], {"as_of": choice.as_of or now}
    if choice.as_of is not None or choice.known_at is not None:
        values["known_at"] = choice.known_at or now
    chosen: dict[str, Any] = {
        "t.agency_id": choice.agency_id,
        "i.journey_id": choice.journey_id,
        "i.level": choice.level,
    }
    for column, value in chosen.items():
        if value is not None:
            name = column.partition(".")[2]
            parts.append(f"{column} = ${name}")
            values[name] = value
    if choice.since is not None:
        parts.append("m.sent_at >= $since")
        values["since"] = clock.start_of(choice.since)
    if choice.until is not None:
        parts.append("m.sent_at <= $until")
        values["until"] = clock.end_of(choice.until)
    return " AND ".join(parts), values


def _times(
    lasted: pd.DataFrame,
) -> list[tuple[tuple[str, str | None], Time | None, Time | None]]:
    found = []
    lasted = lasted.astype({"agency_id": object, "purpose_id": object})
    for (agency_id, purpose_id), rows in lasted.groupby(["agency_id", "purpose_id"], dropna=False):
        if rows["n"].sum() < ENOUGH:
            continue
        key = (str(agency_id), purpose_id if isinstance(purpose_id, str) else None)
        found.append((key, _time(rows, 0.5), _time(rows, 0.85)))
    return found


def _time(rows: pd.DataFrame, part: float) -> Time | None:
    return time_until(
        part, rows["days"].to_numpy(), rows["decided"].to_numpy(), rows["n"].to_numpy()
    )
