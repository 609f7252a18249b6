"""Finding ideas: the list with its search and filters, what is like a new idea, and queues.

Filtering, sorting and paging are done in the database, over what the person may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sandkasse import access, clock
from sandkasse.access import Action, Condition
from sandkasse.database import Database
from sandkasse.i18n import N_
from sandkasse.people import Actor, Role
from sandkasse.search import fold, folded, telling_words, terms
from sandkasse.standing import held_by

PAGE_SIZE = 20


class Sort(StrEnum):
    """The orders of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"
    TITLE = "title"


SORT_NAMES = {
    Sort.NEWEST: N_("Newest first"),
    Sort.OLDEST: N_("Oldest first"),
    Sort.LONGEST: N_("Longest in its stage first"),
    Sort.TITLE: N_("By title"),
}

_ORDERS = {
    Sort.NEWEST: "i.first_at DESC, i.idea_id DESC",
    Sort.OLDEST: "i.first_at, i.idea_id",
    Sort.LONGEST: "i.exit_id IS NOT NULL, i.stage_at, i.idea_id",
    Sort.TITLE: "lower(i.title) COLLATE NOACCENT, i.idea_id",
}


@dataclass(frozen=True)
class Filter:
    """What is looked for. ``stage_id`` may be ``left`` for ideas that have left; ``holder``, of the
    ideas seen whole, is as for :func:`sandkasse.standing.held_by`."""

    search: str = ""
    journey_id: str | None = None
    level: str | None = None
    theme: str | None = None
    stage_id: str | None = None
    mine: bool = False
    waiting_for_me: bool = False
    overdue: bool = False
    unmentored: bool = False
    sort: Sort = Sort.NEWEST
    holder: str | None = None


@dataclass(frozen=True)
class Listed:
    """One row of a list. ``whole`` tells whether the reader may open the idea itself; otherwise
    only title, theme, level and stage are given, because they are published, and the rest is
    empty."""

    idea_id: int
    title: str
    journey_id: str
    stage_id: str
    level: str | None
    theme: str | None
    exit_id: str | None
    publication: str
    whole: bool
    first_at: datetime | None = None
    stage_at: datetime | None = None
    days_in_stage: float = 0.0
    expected_days: int | None = None
    held: bool = False
    ball: str = ""
    ball_at: datetime | None = None
    ball_agencies: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a list, and how many rows the whole list has."""

    rows: list[Listed]
    total: int


_PUBLIC = "i.idea_id, i.title, i.journey_id, i.stage_id, i.level, i.theme, i.exit_id, i.publication"
_WITHIN = """
i.first_at, i.stage_at,
i.earlier_days + epoch(coalesce(i.exit_at, $now) - i.stage_at) / 86400 AS days_in_stage,
coalesce(x.expected_days, s.expected_days),
i.held_at IS NOT NULL, i.ball, i.ball_at, i.ball_agencies
"""


#: Where ``whole`` stands in a row: what comes after it is for those who see the idea whole.
_WHOLE_AT = 8


def find(db: Database, actor: Actor, wanted: Filter, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of the ideas that ``actor`` may see and ``wanted`` describes.

    :raises NotAllowed: without the right to the idea bank.
    """
    access.require(actor, Action.SEE_IDEA_BANK)
    condition = _conditions(actor, wanted)
    whole = access.reach(actor, Action.SEE_IDEA)
    parameters = {**condition.parameters, **whole.parameters}
    where = f"FROM idea AS i WHERE {condition.sql}"
    sql = f"""
        WITH chosen AS (
            SELECT i.idea_id, count(*) OVER () AS total
            {where} ORDER BY {_ORDERS[wanted.sort]} LIMIT $size OFFSET $offset
        )
        SELECT c.total, {_PUBLIC}, ({whole.sql}) AS whole, {_WITHIN}
        FROM chosen AS c
        JOIN idea AS i ON i.idea_id = c.idea_id
        LEFT JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = i.stage_id
        LEFT JOIN expected_at_level AS x
            ON x.journey_id = i.journey_id AND x.stage_id = i.stage_id AND x.level = i.level
        ORDER BY {_ORDERS[wanted.sort]}
    """  # noqa: S608
    asked = {"size": size, "offset": (max(page, 1) - 1) * size, "now": clock.now()}
    found = db.rows(sql, _used(sql, {**parameters, **asked}))
    if found:
        total = found[0][0]
    else:  # none at all, or a page behind the last one
        total = db.value(f"SELECT count(*) {where}", _used(where, parameters)) if page > 1 else 0
    return Page([_listed(row) for _total, *row in found], int(total))


def _listed(row: Sequence[Any]) -> Listed:
    """A row of what was found, without what its reader may not know."""
    public = row[: _WHOLE_AT + 1]
    return Listed(*row) if row[_WHOLE_AT] else Listed(*public)


def _used(sql: str, parameters: dict[str, object]) -> dict[str, object]:
    """Only the parameters that a statement names: DuckDB refuses others."""
    return {name: value for name, value in parameters.items() if f"${name}" in sql}


def _conditions(actor: Actor, wanted: Filter) -> Condition:
    seen = access.in_idea_bank(actor)
    parts, parameters = [f"({seen.sql})"], dict(seen.parameters)
    for column in ("journey_id", "level", "theme"):
        if value := getattr(wanted, column):
            parts.append(f"i.{column} = ${column}")
            parameters[column] = value
    if wanted.stage_id == "left":
        parts.append("i.exit_id IS NOT NULL")
    elif wanted.stage_id:
        parts.append("i.stage_id = $stage_id AND i.exit_id IS NULL")
        parameters["stage_id"] = wanted.stage_id
    readable = _readable(actor)
    for number, word in enumerate(terms(wanted.search)):
        parts.append(f"contains({readable.sql}, $word{number})")
        parameters |= {f"word{number}": word} | readable.parameters
    if wanted.mine or wanted.waiting_for_me:
        parts += [_MINE] * wanted.mine + [_waiting_for(actor)] * wanted.waiting_for_me
        parameters["actor_id"] = actor.person_id
    if wanted.holder or wanted.unmentored or wanted.overdue:
        within = _within(actor, wanted)
        parts.append(within.sql)
        parameters |= within.parameters
    return Condition(" AND ".join(parts), parameters)


def _within(actor: Actor, wanted: Filter) -> Condition:
    """What is asked of whose turn it is, and since when: told to those alone who see it whole."""
    whole = access.reach(actor, Action.SEE_IDEA)
    parts, parameters = [f"({whole.sql})"], dict(whole.parameters)
    if wanted.holder:
        sql, values = held_by(wanted.holder)
        parts.append(f"({sql})")
        parameters |= values
    if wanted.unmentored:
        parts.append(f"(i.exit_id IS NULL AND i.idea_id NOT IN {_MENTORED})")
    if wanted.overdue:
        parts.append(_OVERDUE)
        parameters["now"] = clock.now()
    return Condition(" AND ".join(parts), parameters)


def _readable(actor: Actor) -> Condition:
    """The folded text of an idea (as ``i``) in which ``actor`` may search: all of it where the idea
    is seen whole, else what is published of it. A search in more would tell, word by word, what
    the rest says."""
    whole = access.reach(actor, Action.SEE_IDEA)
    if whole.sql == "TRUE":
        return Condition("i.search_text", {})
    public = folded("i.title || ' ' || i.public_text")
    return Condition(
        f"CASE WHEN {whole.sql} THEN i.search_text WHEN i.publication = 'published' "
        f"THEN {public} ELSE '' END",
        whole.parameters,
    )


_MINE = """i.idea_id IN (
    SELECT idea_id FROM team_of WHERE person_id = $actor_id
    UNION ALL
    SELECT idea_id FROM mentor_of WHERE mentor_id = $actor_id
)"""

# The open ideas that have a mentor: `mentor_of` without the many that have left.
_MENTORED = """(
    SELECT m.idea_id
    FROM mentoring AS m
    SEMI JOIN idea AS o ON o.idea_id = m.idea_id AND o.exit_id IS NULL
    GROUP BY m.idea_id, m.mentor_id
    HAVING arg_max(m.active, m.seq)
)"""

_OVERDUE = """(
    i.exit_id IS NULL AND i.held_at IS NULL
    AND i.earlier_days + epoch($now - i.stage_at) / 86400 > (
        SELECT coalesce(x.expected_days, s.expected_days)
        FROM stage AS s
        LEFT JOIN expected_at_level AS x
            ON x.journey_id = s.journey_id AND x.stage_id = s.stage_id AND x.level = i.level
        WHERE s.journey_id = i.journey_id AND s.stage_id = i.stage_id
    )
)"""


def _waiting_for(actor: Actor) -> str:
    """Open ideas whose next step is the actor's: the own team's when the student has the ball; for
    a mentor, the ones mentored, and those that nobody mentors yet; for a lead, those that are with
    the project."""
    student = """(i.ball = 'student'
        AND i.idea_id IN (SELECT idea_id FROM team_of WHERE person_id = $actor_id))"""
    mentor = f"""(i.ball = 'mentor' AND (
        i.idea_id IN (SELECT idea_id FROM mentor_of WHERE mentor_id = $actor_id)
        OR i.idea_id NOT IN {_MENTORED}))"""  # noqa: S608
    owed = [student]
    if actor.has(Role.MENTOR, Role.LEAD):
        owed.append(mentor)
    if actor.has(Role.LEAD):
        owed.append("i.ball = 'project'")
    return f"(i.exit_id IS NULL AND i.held_at IS NULL AND ({' OR '.join(owed)}))"


@dataclass(frozen=True)
class Similar:
    """An idea that is like what somebody is writing."""

    idea_id: int
    title: str
    stage_id: str
    journey_id: str
    exit_id: str | None
    likeness: float


def similar(
    db: Database,
    actor: Actor,
    title: str,
    problem: str,
    *,
    limit: int = 3,
    but: int | None = None,
) -> list[Similar]:
    """The ideas most like a title and a problem among those that ``actor`` may see.

    ``likeness`` (0–1) is the share of the telling words' stems found in the idea, weighted by
    their length, averaged with how alike the titles are (Jaro–Winkler). Below 0.35 nothing is
    shown. ``but`` leaves one idea out.
    """
    access.require(actor, Action.SEE_IDEA_BANK)
    words = telling_words(f"{title} {problem}")
    if len(words) < 2:
        return []
    seen, readable = access.in_idea_bank(actor), _readable(actor)
    found = " + ".join(
        f"{len(word)} * contains(text, $word{number})::INT" for number, word in enumerate(words)
    )
    sql = f"""
        WITH readable AS (
            SELECT i.idea_id, i.title, i.stage_id, i.journey_id, i.exit_id,
                   {readable.sql} AS text
            FROM idea AS i
            WHERE ({seen.sql}) AND i.merged_into IS NULL AND i.idea_id IS DISTINCT FROM $but
        ),
        shared AS (
            SELECT idea_id, title, stage_id, journey_id, exit_id,
                   ({found}) / {sum(map(len, words))}.0 AS words
            FROM readable
        )
        SELECT idea_id, title, stage_id, journey_id, exit_id,
               0.7 * words + 0.3 * jaro_winkler_similarity(lower(title), $title) AS likeness
        FROM shared
        WHERE words > 0.25
        ORDER BY likeness DESC, idea_id DESC
        LIMIT $limit
    """  # noqa: S608
    parameters = {
        **seen.parameters,
        **readable.parameters,
        **{f"word{number}": word for number, word in enumerate(words)},
        "title": fold(title),
        "limit": limit,
        "but": but,
    }
    likely = [Similar(*row) for row in db.rows(sql, _used(sql, parameters))]
    return [idea for idea in likely if idea.likeness >= 0.35]
