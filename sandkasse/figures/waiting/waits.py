"""How long agencies take: per agency, per purpose, and by the quarter in which matters were sent.

A matter waits for the agency from when it is sent until it is first decided, without the time in
which the agency had asked something and it was for the student to answer. A matter that has not
been decided, or was closed without a decision, has waited for at least as long as it has: it is
censored, not left out, since leaving it out would make the slowest agencies look fast. Matters that
an idea has with several agencies at once count in full for each.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandkasse import clock, purposes
from sandkasse.database import Database
from sandkasse.figures.statistics import ENOUGH, Quantile, Survival, survival
from sandkasse.figures.waiting.choice import Question, WaitingChoice, ask
from sandkasse.journeys import Text
from sandkasse.people import Actor

#: What can be asked of the matters behind a number.
ANSWERED, OPEN, WITHDRAWN = "answered", "open", "withdrawn"


@dataclass(frozen=True)
class Longest:
    """The unanswered matter that the agency has had for longest, and for how many days."""

    days: float
    touchpoint_id: int


@dataclass(frozen=True)
class Waits:
    """How ``n`` matters that were sent went: ``n = answered + open + withdrawn``.

    ``answered`` are those decided at least once, ``withdrawn`` those closed that never were, and
    ``open`` the others. ``median`` and ``most`` are the whole days in which a half and 85 % of
    matters are decided; None below :data:`sandkasse.figures.statistics.ENOUGH` matters, and with
    None for what the curve does not reach yet.
    """

    n: int
    answered: int
    open: int
    withdrawn: int
    questions: int
    median: Quantile | None
    most: Quantile | None
    longest: Longest | None

    @property
    def questions_a_matter(self) -> float | None:
        """How often an agency asks in a matter; None without one."""
        return self.questions / self.n if self.n else None


@dataclass(frozen=True)
class PurposeWaits:
    """The matters with one purpose; ``name`` is None for matters with a title of their own."""

    purpose_id: str
    name: Text | None
    waits: Waits


@dataclass(frozen=True)
class AgencyWaits:
    """The matters with one agency, and by purpose, the most frequent first."""

    agency_id: str
    name: Text
    waits: Waits
    purposes: tuple[PurposeWaits, ...]


@dataclass(frozen=True)
class WaitingTimes:
    """How long each agency takes that has been sent something, in the agencies' order."""

    choice: WaitingChoice
    as_of: datetime
    known_at: datetime
    n: int
    agencies: tuple[AgencyWaits, ...]


@dataclass(frozen=True)
class Quarter:
    """The matters sent in one quarter, which begins on the day ``begins`` in Europe/Oslo."""

    begins: date
    n: int
    answered: int
    median: Quantile | None


@dataclass(frozen=True)
class Trend:
    """How long agencies took, quarter by quarter, without gaps."""

    choice: WaitingChoice
    as_of: datetime
    known_at: datetime
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True)
class _Count:
    """``n`` matters of one part that waited for as many whole days."""

    key: Any
    part: str
    days: int
    n: int
    questions: int
    longest: Longest | None


_SENT = """
WITH sent AS (              -- one row a matter that was sent, with the days that the agency had it
    SELECT m.touchpoint_id, m.idea_id, m.agency_id, coalesce(m.purpose_id, '') AS purpose_id,
           m.title, m.state, m.sent_at, m.questions,
           CASE WHEN m.decided_days IS NOT NULL THEN 'answered'
                WHEN m.state = 'closed' THEN 'withdrawn'
                ELSE 'open' END AS part,
           coalesce(m.decided_days, m.agency_days + CASE WHEN m.state = 'agency' THEN
               greatest(epoch_us($as_of::TIMESTAMP) - epoch_us(m.state_at), 0) / 86_400e6
               ELSE 0 END) AS days
    FROM {matters} AS m
    JOIN idea AS i ON i.idea_id = m.idea_id
    WHERE m.sent_at IS NOT NULL AND {condition}
)"""

# A day begun is a day waited where the agency decided, and not yet one where it has not, so that
# half of the matters were decided within the median. A thousandth of a second is no new day.
_WHOLE_DAYS = (
    "CASE WHEN part = 'answered' THEN ceil(days - 1e-8) ELSE floor(days + 1e-8) END::INTEGER"
)

_COUNTED = """
SELECT {key}, part, {whole_days} AS whole, count(*), sum(questions)::BIGINT,
       max(days) FILTER (part = 'open'),
       arg_max(touchpoint_id, (days, -touchpoint_id)) FILTER (part = 'open')
FROM sent
GROUP BY ALL
"""

_QUARTER = "date_trunc('quarter', timezone('Europe/Oslo', timezone('UTC', sent_at)))::DATE"


def waits(db: Database, actor: Actor, choice: WaitingChoice) -> WaitingTimes:
    """How long the agencies take with the matters that were first sent in the chosen days.

    Errors as for :func:`sandkasse.figures.waiting.choice.ask`.
    """
    question = ask(db, actor, choice)
    by_agency: dict[str, list[_Count]] = defaultdict(list)
    for count in _counts(db, question, "agency_id || ' ' || purpose_id"):
        by_agency[count.key.split(" ")[0]].append(count)
    told = tuple(
        _agency(agency.id, agency.name, by_agency[agency.id])
        for agency in question.agencies
        if agency.id in by_agency
    )
    n = sum(one.waits.n for one in told)
    return WaitingTimes(choice, question.as_of, question.known_at, n, told)


def trend(db: Database, actor: Actor, choice: WaitingChoice) -> Trend:
    """How long agencies took, by the quarter of Europe/Oslo in which matters were first sent.

    Errors as for :func:`sandkasse.figures.waiting.choice.ask`.
    """
    question = ask(db, actor, choice)
    by_quarter: dict[date, list[_Count]] = defaultdict(list)
    for count in _counts(db, question, _QUARTER):
        by_quarter[count.key].append(count)
    first = min(by_quarter, default=None)
    last = min(choice.until or date.max, clock.local(question.as_of).date())
    quarters = []
    while first is not None and first <= last:
        told = _waits(by_quarter.get(first, ()))
        quarters.append(Quarter(first, told.n, told.answered, told.median))
        first = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return Trend(choice, question.as_of, question.known_at, tuple(quarters))


def sent(question: Question) -> tuple[str, dict[str, Any]]:
    """The relation ``sent`` of the question's matters, to be followed by a SELECT, with its
    values."""
    condition, values = question.narrowed("i")
    bounds: dict[str, Any] = question.bounds()
    if question.choice.agency_id is not None:
        condition += " AND m.agency_id = $agency_id"
        values["agency_id"] = question.choice.agency_id
    if "since" in bounds:
        condition += " AND m.sent_at >= $since"
    if "until" in bounds:
        condition += " AND m.sent_at < $until"
    sql = _SENT.format(matters=question.matters, condition=condition)
    return sql, {**question.parameters, **values, **bounds, "as_of": question.as_of}


def _counts(db: Database, question: Question, key: str) -> list[_Count]:
    sql, values = sent(question)
    rows = db.rows(sql + _COUNTED.format(key=key, whole_days=_WHOLE_DAYS), values)
    return [
        _Count(at, part, whole, n, asked, None if days is None else Longest(days, touchpoint_id))
        for at, part, whole, n, asked, days, touchpoint_id in rows
    ]


def _agency(agency_id: str, name: Text, counts: Sequence[_Count]) -> AgencyWaits:
    by_purpose: dict[str, list[_Count]] = defaultdict(list)
    for count in counts:
        by_purpose[count.key.split(" ", 1)[1]].append(count)
    told = []
    for purpose_id, of_purpose in by_purpose.items():
        purpose = purposes.find(purpose_id or None)
        told.append(PurposeWaits(purpose_id, purpose.name if purpose else None, _waits(of_purpose)))
    told.sort(key=lambda one: (-one.waits.n, one.purpose_id))
    return AgencyWaits(agency_id, name, _waits(counts), tuple(told))


def _waits(counts: Iterable[_Count]) -> Waits:
    counts = list(counts)
    by_part = {
        part: sum(count.n for count in counts if count.part == part)
        for part in (ANSWERED, OPEN, WITHDRAWN)
    }
    n = sum(by_part.values())
    curve = _curve(counts) if n >= ENOUGH else None
    return Waits(
        n=n,
        **by_part,
        questions=sum(count.questions for count in counts),
        median=curve.quantile(0.5) if curve else None,
        most=curve.quantile(0.85) if curve else None,
        longest=max(
            (count.longest for count in counts if count.longest),
            key=lambda one: (one.days, -one.touchpoint_id),
            default=None,
        ),
    )


def _curve(counts: Sequence[_Count]) -> Survival:
    return survival(
        [count.days for count in counts],
        [count.part == ANSWERED for count in counts],
        [count.n for count in counts],
    )
