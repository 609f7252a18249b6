"""Barriers: obstacles that ideas meet at agencies, named once, with the answer that was given.

A barrier that three ideas have met is recurring. What it cost is counted in the days that the
matters which met it have been with the agency.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database
from sandkasse.errors import InvalidFields, NotFound
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.search import fold, telling_words
from sandkasse.texts import problem_with, tidy

RECURRING = 3
PAGE_SIZE = 20

# Days of a matter with the agency, the present time included.
_DAYS = """
t.agency_days + CASE WHEN t.state = 'agency' THEN epoch($now - t.state_at) / 86400 ELSE 0 END
"""


@dataclass(frozen=True)
class Barrier:
    """A barrier, the ideas that met it, and the days that their matters have been with agencies.

    ``review_on`` is when the answer is to be read again.
    """

    barrier_id: int
    agency_id: str | None
    title: str
    description: str
    answer: str
    source: str
    review_on: date | None
    ideas: int
    days: float

    @property
    def recurring(self) -> bool:
        """Whether so many ideas have met it that it is not one team's trouble alone."""
        return self.ideas >= RECURRING

    def due(self, today: date) -> bool:
        """Whether its answer is to be read again."""
        return bool(self.answer) and self.review_on is not None and self.review_on <= today


@dataclass(frozen=True)
class Page:
    """A page of barriers, and how many there are in all."""

    rows: tuple[Barrier, ...]
    total: int


def listed(
    db: Database,
    actor: Actor,
    agency_id: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page:
    """A page (from 1) of the barriers, those met by most ideas first.

    :raises NotAllowed: for somebody without a role.
    """
    access.require(actor, Action.SEE_BARRIERS)
    rows = db.rows(
        _BARRIERS,
        {
            "now": clock.now(), "agency_id": agency_id, "barrier_ids": None,
            "size": size, "offset": (max(page, 1) - 1) * size,
        },
    )  # fmt: skip
    return Page(tuple(Barrier(*row) for *row, _total in rows), int(rows[0][-1]) if rows else 0)


def get(db: Database, actor: Actor, barrier_id: int) -> Barrier:
    """A barrier. :raises NotAllowed: without a role. :raises NotFound: when there is none."""
    access.require(actor, Action.SEE_BARRIERS)
    rows = db.rows(
        _BARRIERS,
        {"now": clock.now(), "agency_id": None, "barrier_ids": [barrier_id], "size": 1,
         "offset": 0},
    )  # fmt: skip
    if not rows:
        raise NotFound(_("There is no such barrier."))
    return Barrier(*rows[0][:-1])


def similar(db: Database, actor: Actor, text: str, limit: int = 3) -> list[Barrier]:
    """The barriers of which ``text`` speaks: those that hold at least a third of its telling words'
    stems, weighted by length, most alike first.

    :raises NotAllowed: without a role.
    """
    access.require(actor, Action.SEE_BARRIERS)
    words = telling_words(text)
    if len(words) < 2:
        return []
    found = " + ".join(
        f"{len(word)} * contains(search_text, $word{n})::INT" for n, word in enumerate(words)
    )
    ids = db.rows(
        f"""
        SELECT barrier_id FROM barrier
        WHERE ({found}) > {sum(map(len, words)) / 3}
        ORDER BY ({found}) DESC, barrier_id LIMIT $limit
        """,  # noqa: S608
        {**{f"word{n}": word for n, word in enumerate(words)}, "limit": limit},
    )
    if not ids:
        return []
    order = [barrier_id for (barrier_id,) in ids]
    rows = db.rows(
        _BARRIERS,
        {"now": clock.now(), "agency_id": None, "barrier_ids": order, "size": limit, "offset": 0},
    )
    return sorted((Barrier(*row[:-1]) for row in rows), key=lambda one: order.index(one.barrier_id))


_BARRIERS = f"""
WITH met AS (
    SELECT t.barrier_id, count(DISTINCT t.idea_id) AS ideas, sum({_DAYS}) AS days
    FROM touchpoint AS t
    WHERE t.barrier_id IS NOT NULL
    GROUP BY t.barrier_id
)
SELECT b.barrier_id, b.agency_id, b.title, b.description, b.answer, b.source, b.review_on,
       coalesce(m.ideas, 0), coalesce(m.days, 0), count(*) OVER ()
FROM barrier AS b
LEFT JOIN met AS m ON m.barrier_id = b.barrier_id
WHERE ($agency_id IS NULL OR b.agency_id = $agency_id)
  AND ($barrier_ids IS NULL OR list_contains($barrier_ids, b.barrier_id))
ORDER BY coalesce(m.ideas, 0) DESC, b.barrier_id
LIMIT $size OFFSET $offset
"""  # noqa: S608


def name(db: Database, actor: Actor, touchpoint_id: int, title: str, description: str = "") -> int:
    """Name a new barrier that a matter meets, and return its id.

    :raises InvalidFields: a missing or faulty title. :raises NotAllowed, NotFound: as for
        :func:`sandkasse.touchpoints.describe`.
    """
    with writing(db, actor, Action.DESCRIBE_TOUCHPOINT, touchpoint_id=touchpoint_id) as write:
        written = _checked({"title": title, "description": description})
        barrier_id = int(
            write.tx.value(
                """
                INSERT INTO barrier (agency_id, title, description, created_by, created_at,
                                     search_text)
                SELECT agency_id, $title, $description, $actor, $now, $search
                FROM touchpoint WHERE touchpoint_id = $touchpoint_id
                RETURNING barrier_id
                """,
                {
                    **written, "actor": actor.person_id, "now": clock.now(),
                    "search": _searchable(written), "touchpoint_id": touchpoint_id,
                },
            )
        )  # fmt: skip
        write.tx.execute(
            "UPDATE touchpoint SET barrier_id = ? WHERE touchpoint_id = ?",
            [barrier_id, touchpoint_id],
        )
        write.detail.update(barrier=barrier_id, title=written["title"])
    return barrier_id


def keep(
    db: Database,
    actor: Actor,
    barrier_id: int,
    *,
    title: str,
    description: str,
    answer: str,
    source: str,
    review_on: date | None,
) -> None:
    """Write down what a barrier is and the answer that was given, by a mentor, a lead, or a member
    of the agency in question. What it said before is kept in the audit record.

    :raises InvalidFields: a missing title, an answer without its source or review date, or a faulty
        text. :raises NotAllowed: without the right. :raises NotFound: when there is no such one.
    """
    before = get(db, actor, barrier_id)
    access.require_for_agency(actor, Action.KEEP_BARRIER, before.agency_id or "")
    with writing(db, actor, Action.KEEP_BARRIER, subject=f"barrier:{barrier_id}") as write:
        written = _checked(
            {"title": title, "description": description, "answer": answer, "source": source}
        )
        _check_answer(written, review_on)
        write.tx.execute(
            """
            UPDATE barrier
            SET title = $title, description = $description, answer = $answer, source = $source,
                review_on = $review_on, search_text = $search
            WHERE barrier_id = $barrier_id
            """,
            {
                **written, "review_on": review_on, "search": _searchable(written),
                "barrier_id": barrier_id,
            },
        )  # fmt: skip
        after: dict[str, Any] = {**written, "review_on": review_on}
        write.detail.update(
            {
                field: [getattr(before, field), value]
                for field, value in after.items()
                if getattr(before, field) != value
            }
        )


def _check_answer(written: dict[str, str], review_on: date | None) -> None:
    """:raises InvalidFields: for an answer without its source or review date."""
    problems = {}
    if written["answer"] and not written["source"]:
        problems["source"] = _("Say where the answer comes from: a page's address or a person.")
    if written["answer"] and review_on is None:
        problems["review_on"] = _("Choose a day on which the answer is to be read again.")
    if problems:
        raise InvalidFields(problems)


def _checked(written: dict[str, str]) -> dict[str, str]:
    tidied = {field: tidy(text) for field, text in written.items()}
    problems = {
        field: fault
        for field, text in tidied.items()
        if (fault := problem_with(text, "title" if field == "title" else "note"))
    }
    if not tidied["title"]:
        problems["title"] = _("Name the barrier in a few words.")
    if problems:
        raise InvalidFields(problems)
    return tidied


def _searchable(written: dict[str, str]) -> str:
    return fold(f"{written['title']}\n{written['description']}")
