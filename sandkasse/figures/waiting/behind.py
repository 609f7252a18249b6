"""What is behind a waiting figure, as far as the reader may see it: matters, or ideas."""

from collections.abc import Mapping
from typing import Any

from sandkasse.access import Action, Condition, reach, reach_touchpoint
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.behind import Records
from sandkasse.figures.waiting.choice import WaitingChoice, ask
from sandkasse.figures.waiting.division import PARTIES, spent
from sandkasse.figures.waiting.waits import ANSWERED, OPEN, WITHDRAWN, sent
from sandkasse.i18n import _
from sandkasse.people import Actor

PARTS = (OPEN, ANSWERED, WITHDRAWN)


def records(
    db: Database,
    actor: Actor,
    choice: WaitingChoice,
    agency_id: str | None = None,
    purpose_id: str | None = None,
    part: str | None = None,
    *,
    limit: int = 50,
    offset: int = 0,
) -> Records:
    """The matters behind a number, those that the agency has had for longest first.

    ``purpose_id`` None takes every purpose, and ``""`` the matters with a title of their own;
    ``part`` is one of :data:`PARTS`, or None for all. A member sees only the matters with their own
    agency. Rows: ``touchpoint_id``, ``idea_id``, ``idea_title``, ``agency_id``, ``purpose_id``
    (``""``: none), ``title``, ``part``, ``state``, ``sent_at`` (naive UTC), ``days``,
    ``questions``.

    :raises NotAllowed: without the right to see what is behind waiting figures.
    :raises Invalid: for an unknown part; else as for
        :func:`sandkasse.figures.waiting.choice.ask`.
    """
    question = ask(db, actor, choice, Action.SEE_WAITING_RECORDS)
    if part is not None and part not in PARTS:
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    sql, values = sent(question)
    wanted = {"of_agency": agency_id, "of_purpose": purpose_id, "of_part": part}
    columns = {"of_agency": "s.agency_id", "of_purpose": "s.purpose_id", "of_part": "s.part"}
    given = {name: value for name, value in wanted.items() if value is not None}
    condition = " AND ".join(["TRUE", *(f"{columns[name]} = ${name}" for name in given)])
    behind = f"""{sql},
        behind AS (
            SELECT s.*, i.title AS idea_title, ({{seen}}) AS seen
            FROM sent AS s
            JOIN touchpoint AS t ON t.touchpoint_id = s.touchpoint_id
            JOIN idea AS i ON i.idea_id = s.idea_id
            WHERE {condition}
        )"""  # noqa: S608
    columns_shown = (
        "touchpoint_id, idea_id, idea_title, agency_id, purpose_id, title, part, state, sent_at, "
        "days, questions"
    )
    seen = reach_touchpoint(actor, Action.SEE_WAITING_RECORDS)
    page = {"limit": limit, "offset": offset}
    return _page(
        db, behind, columns_shown, "days DESC, touchpoint_id", seen, {**values, **given, **page}
    )


def ideas(
    db: Database,
    actor: Actor,
    choice: WaitingChoice,
    stage_id: str | None,
    party: str,
    *,
    limit: int = 50,
    offset: int = 0,
) -> Records:
    """The ideas behind the days of a party in a stage (None: in all), the longest first.

    Rows: ``idea_id``, ``title``, ``level`` and ``days``.

    :raises NotAllowed: without the right to see the ideas behind figures.
    :raises Invalid: for an unknown party or stage; else as for
        :func:`sandkasse.figures.waiting.choice.ask`.
    """
    question = ask(db, actor, choice, Action.SEE_FUNNEL_RECORDS)
    if party not in PARTIES:
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    stages = {stage.id for journey in question.journeys for stage in journey.stages}
    if stage_id is not None and stage_id not in stages:
        raise Invalid(_("Choose one of the stages in the list."), "stage_id")
    sql, values = spent(question)
    of_stage = {} if stage_id is None else {"of_stage": stage_id}
    condition = "s.stage_id = $of_stage" if of_stage else "TRUE"
    behind = f"""{sql},
        of_idea AS (
            SELECT s.idea_id, sum(s.micros) / 86_400e6 AS days
            FROM spent AS s
            WHERE s.party = $party AND {condition}
            GROUP BY ALL
        ),
        behind AS (
            SELECT o.*, i.title, i.level, ({{seen}}) AS seen
            FROM of_idea AS o
            JOIN idea AS i ON i.idea_id = o.idea_id
        )"""  # noqa: S608
    seen = reach(actor, Action.SEE_FUNNEL_RECORDS)
    page = {"limit": limit, "offset": offset}
    return _page(
        db, behind, "idea_id, title, level, days", "days DESC, idea_id", seen,
        {**values, **of_stage, **page, "party": party},
    )  # fmt: skip


def _page(
    db: Database,
    behind: str,
    columns: str,
    order: str,
    seen: Condition,
    values: Mapping[str, Any],
) -> Records:
    found = db.frame(
        f"""
        {behind.replace("{seen}", seen.sql)},
        counted AS (SELECT count(*) AS total, count(*) FILTER (seen) AS shown FROM behind),
        page AS (
            SELECT {columns} FROM behind WHERE seen ORDER BY {order} LIMIT $limit OFFSET $offset
        )
        SELECT c.*, p.* FROM counted AS c LEFT JOIN page AS p ON TRUE ORDER BY {order}
        """,  # noqa: S608
        {**values, **seen.parameters},
    )
    total, shown = (int(found[column].iloc[0]) for column in ("total", "shown"))
    rows = found.drop(columns=["total", "shown"]).dropna(subset="idea_id")
    whole = [name for name in ("idea_id", "touchpoint_id", "questions") if name in rows]
    return Records(rows.astype(dict.fromkeys(whole, "int64")), total, shown)
