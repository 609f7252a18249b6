"""The ideas behind a number of a figure, as far as the reader may see them."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from sandkasse.access import Action, reach
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.funnel import COMPLETED, chosen
from sandkasse.figures.movement import CHANGES, steps
from sandkasse.figures.presence import present
from sandkasse.i18n import _
from sandkasse.people import Actor

Figure = Literal["cohort", "snapshot", "activity"]

#: The parts that each figure's numbers have; ``left`` is one kind with ``left:<exit kind>``.
PARTS: dict[Figure, tuple[str, ...]] = {
    "cohort": ("reached", "advanced", "open", "left"),
    "snapshot": ("open", "active", "on_hold", "left"),
    "activity": CHANGES,
}

_CONDITIONS = {
    ("cohort", "reached"): "o.furthest >= $position",
    ("cohort", "advanced"): "(o.furthest > $position OR ($is_last AND o.furthest = $position "
    f"AND o.exit_kind = '{COMPLETED}'))",
    ("cohort", "open"): "o.furthest = $position AND o.exit_kind IS NULL",
    ("cohort", "left"): "o.furthest = $position AND o.exit_kind IS NOT NULL "
    f"AND NOT ($is_last AND o.exit_kind = '{COMPLETED}')",
    ("snapshot", "open"): "o.exit_kind IS NULL",
    ("snapshot", "active"): "o.exit_kind IS NULL AND NOT o.on_hold",
    ("snapshot", "on_hold"): "o.exit_kind IS NULL AND o.on_hold",
    ("snapshot", "left"): "o.exit_kind IS NOT NULL",
}


@dataclass(frozen=True)
class Records:
    """A page of the ideas behind a number.

    ``rows``: ``idea_id``, ``title``, ``public_text`` (empty unless published), ``level``,
    ``theme``, ``stage_id`` (where it is or was when it left), ``first_at`` (naive UTC) and
    ``exit_kind``, by ``first_at``. ``total`` counts all ideas behind the number, ``shown`` those
    that the reader may see, over all pages.
    """

    rows: pd.DataFrame
    total: int
    shown: int

    @property
    def hidden(self) -> int:
        """How many more there are that are not published."""
        return self.total - self.shown


def records(
    db: Database,
    actor: Actor,
    choice: Choice,
    stage_id: str | None,
    part: str,
    *,
    figure: Figure = "cohort",
    limit: int = 50,
    offset: int = 0,
) -> Records:
    """The ideas behind a number of ``figure``: those of ``part`` (see :data:`PARTS`) in a stage.

    ``stage_id`` None means the whole journey: in a cohort all its ideas, in an activity the steps
    of all stages. In an activity, ``entered`` and ``reopened`` are steps into the stage, the others
    out of it, and an idea is listed once however often it moved.

    :raises NotAllowed: without the right to see the ideas behind figures.
    :raises Invalid: an unknown stage or part; else as for :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice, Action.SEE_FUNNEL_RECORDS)
    behind, values = _behind(question, figure, stage_id, part)
    seen = reach(actor, Action.SEE_FUNNEL_RECORDS)
    found = db.frame(
        f"""
        {behind},
        judged AS (
            SELECT b.*, ({seen.sql}) AS seen FROM behind AS b JOIN idea AS i USING (idea_id)
        ),
        counted AS (
            SELECT count(*) AS total, count(*) FILTER (seen) AS shown FROM judged
        ),
        page AS (
            FROM judged WHERE seen ORDER BY first_at, idea_id LIMIT $limit OFFSET $offset
        )
        SELECT c.total, c.shown, i.idea_id, i.title,
               CASE WHEN i.publication = 'published' THEN i.public_text ELSE '' END AS public_text,
               i.level, i.theme, p.stage_id, p.first_at, p.exit_kind
        FROM counted AS c
        LEFT JOIN page AS p ON TRUE
        LEFT JOIN idea AS i ON i.idea_id = p.idea_id
        ORDER BY p.first_at, p.idea_id
        """,  # noqa: S608
        {**values, **seen.parameters, "limit": limit, "offset": offset},
    )
    total, shown = (int(found[column].iloc[0]) for column in ("total", "shown"))
    rows = found.drop(columns=["total", "shown"]).dropna(subset="idea_id")
    return Records(rows.astype({"idea_id": "int64"}), total, shown)


def _behind(
    question: Question, figure: Figure, stage_id: str | None, part: str
) -> tuple[str, dict[str, Any]]:
    name, _colon, exit_kind = part.partition(":")
    if name not in PARTS[figure] or (exit_kind and name != "left"):
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    position = _position(question, stage_id)
    if figure == "activity":
        return _behind_steps(question, name, position, exit_kind)
    condition, values = chosen(question) if figure == "cohort" else present(question)
    parts = [condition]
    if figure == "snapshot":
        parts.append(_CONDITIONS[figure, name])
        if stage_id is not None:
            parts.append("o.stage_id = $stage_id")
            values["stage_id"] = stage_id
    elif position is not None:
        parts.append(_CONDITIONS[figure, name])
        values["position"] = position
        if "$is_last" in parts[-1]:
            values["is_last"] = position == len(question.journey.stages) - 1
    elif name != "reached":
        raise Invalid(_("Choose one of the stages in the list."), "stage_id")
    if exit_kind:
        parts.append("o.exit_kind = $exit_kind")
        values["exit_kind"] = exit_kind
    sql = f"""
        WITH behind AS (
            SELECT o.idea_id, o.stage_id, o.first_at, o.exit_kind
            FROM {question.outcomes} AS o
            WHERE {" AND ".join(parts)}
        )"""  # noqa: S608
    return sql, {**question.parameters, **values}


def _behind_steps(
    question: Question, name: str, position: int | None, exit_kind: str
) -> tuple[str, dict[str, Any]]:
    sql, values = steps(question)
    into = name in ("entered", "reopened")
    parts = ["t.change = $change"]
    values["change"] = name
    if position is not None:
        side = "t.to_position" if into else "t.from_position"
        parts.append(f"{side} = $position")
        values["position"] = position
        if name == "entered":
            parts[0] = "t.change IN ($change, 'forward', 'back')"
    if exit_kind:
        parts.append("t.exit_kind = $exit_kind")
        values["exit_kind"] = exit_kind
    sql += f""",
        behind AS (
            SELECT o.idea_id, o.stage_id, o.first_at, o.exit_kind
            FROM {question.outcomes} AS o
            WHERE o.idea_id IN (SELECT t.idea_id FROM step AS t WHERE {" AND ".join(parts)})
        )"""  # noqa: S608
    return sql, values


def _position(question: Question, stage_id: str | None) -> int | None:
    if stage_id is None:
        return None
    for stage in question.journey.stages:
        if stage.id == stage_id:
            return stage.position
    raise Invalid(_("Choose one of the stages in the list."), "stage_id")
