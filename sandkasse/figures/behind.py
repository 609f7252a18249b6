"""The ideas behind a number of a figure, as far as the reader may see them."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from sandkasse.access import Action, reach, require
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.funnel import COMPLETED, chosen
from sandkasse.figures.history import History, Truth
from sandkasse.figures.movement import CHANGES, steps
from sandkasse.figures.presence import present
from sandkasse.i18n import _
from sandkasse.journeys import EXIT_KINDS
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


_COLUMNS = (
    "idea_id", "title", "public_text", "level", "theme", "stage_id", "first_at", "exit_kind",
)  # fmt: skip


@dataclass(frozen=True)
class Records:
    """A page of what is behind a number. ``total`` counts all of it, ``shown`` what the reader may
    see, over all pages; ``rows`` are as the function that made it says."""

    rows: pd.DataFrame
    total: int
    shown: int

    @property
    def hidden(self) -> int:
        """How many more there are that the reader may not see."""
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

    Rows, by ``first_at``: ``idea_id``, ``title``, ``public_text`` (empty unless published),
    ``level``, ``theme``, ``stage_id`` (where it is or was when it left), ``first_at`` (naive UTC)
    and ``exit_kind``.

    :raises NotAllowed: without the right to see the ideas behind figures.
    :raises Invalid: an unknown stage or part; else as for :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice, Action.SEE_FUNNEL_RECORDS)
    if figure == "activity":
        told = history.read(db, question)
        moved = _moved(told, question, stage_id, part)
        return listed(db, actor, told, moved, limit=limit, offset=offset)
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


def listed(
    db: Database, actor: Actor, told: History, ideas: Truth, *, limit: int, offset: int
) -> Records:
    """A page of some ideas of a history, for those who may see the ideas behind figures.

    :param ideas: for each idea of the history whether it is one of them.
    :raises NotAllowed: without the right.
    """
    require(actor, Action.SEE_FUNNEL_RECORDS)
    chosen_ones = np.flatnonzero(ideas)
    seen = reach(actor, Action.SEE_FUNNEL_RECORDS)
    shown = chosen_ones
    if seen.sql != "TRUE":
        visible = db.frame(
            f"SELECT i.idea_id FROM idea AS i WHERE i.journey_id = $journey AND ({seen.sql})",  # noqa: S608
            {"journey": told.journey.id, **seen.parameters},
        )["idea_id"].to_numpy()
        shown = chosen_ones[np.isin(told.idea_ids[chosen_ones], visible)]
    order = np.lexsort((told.idea_ids[shown], told.entered_at[shown]))
    page = shown[order][offset : offset + limit]
    rows = db.frame(
        """
        SELECT i.idea_id, i.title,
               CASE WHEN i.publication = 'published' THEN i.public_text ELSE '' END AS public_text,
               i.level, i.theme
        FROM idea AS i
        WHERE i.idea_id = ANY ($ids)
        """,
        {"ids": told.idea_ids[page].tolist()},
    )
    places = pd.DataFrame({
        "idea_id": told.idea_ids[page],
        "stage_id": [told.journey.stages[position].id for position in told.place[page]],
        "first_at": told.entered_at[page].astype("datetime64[us]"),
        "exit_kind": [("", *EXIT_KINDS)[kind] or None for kind in told.ended[page]],
    })  # fmt: skip
    return Records(places.merge(rows, on="idea_id")[list(_COLUMNS)], len(chosen_ones), len(shown))


def _behind(
    question: Question, figure: Figure, stage_id: str | None, part: str
) -> tuple[str, dict[str, Any]]:
    name, exit_kind = _part(figure, part)
    position = _position(question, stage_id)
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


def _moved(told: History, question: Question, stage_id: str | None, part: str) -> Truth:
    """Which ideas made the steps of a part, into or out of a stage or anywhere."""
    name, exit_kind = _part("activity", part)
    position = _position(question, stage_id)
    found = steps(told, question.choice)
    into = name in ("entered", "reopened")
    changes = [name]
    if name == "entered" and position is not None:
        changes += ["forward", "back"]
    made = np.isin(found.change, [CHANGES.index(one) for one in changes])
    if position is not None:
        made &= (found.after if into else found.before) == position
    if exit_kind:
        made &= found.exit_kind == _exit_code(exit_kind)
    ideas = np.zeros(told.n, dtype=bool)
    ideas[found.idea[made]] = True
    return ideas


def _exit_code(exit_kind: str) -> int:
    return 1 + EXIT_KINDS.index(exit_kind) if exit_kind in EXIT_KINDS else -1


def _part(figure: Figure, part: str) -> tuple[str, str]:
    """A part's name and, after a colon, its kind of exit."""
    name, _colon, exit_kind = part.partition(":")
    if name not in PARTS[figure] or (exit_kind and name != "left"):
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    return name, exit_kind


def _position(question: Question, stage_id: str | None) -> int | None:
    if stage_id is None:
        return None
    for stage in question.journey.stages:
        if stage.id == stage_id:
            return stage.position
    raise Invalid(_("Choose one of the stages in the list."), "stage_id")
