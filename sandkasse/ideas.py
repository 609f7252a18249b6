"""The idea: submitting, describing, publishing, and talking about it.

What an idea says is edited in place, and each edit is kept beside it; what happens to it is in the
ledger (see ``pipeline``).
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sandkasse import agencies, clock, journeys, people
from sandkasse.access import Action, out_of_reach, require, require_for_idea, writing
from sandkasse.database import Database, Transaction
from sandkasse.descriptions import Description
from sandkasse.drafts import clear_draft
from sandkasse.errors import Conflict, Invalid, InvalidFields
from sandkasse.i18n import N_, _
from sandkasse.journeys import Journey
from sandkasse.ledger import BALL_AFTER, Kind
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.search import fold
from sandkasse.texts import problem_with, tidy
from sandkasse.themes import THEMES

SHORTEST_TITLE = 3
FARTHEST_GRADUATION = timedelta(days=366 * 10)

PUBLICATION_NAMES = {
    "private": N_("Seen by the team, mentors and leads"),
    "requested": N_("Waiting for a mentor to approve the public text"),
    "published": N_("The public text is in the idea bank"),
    "refused": N_("The public text was not approved"),
}


FIELD_NAMES = {
    "title": N_("Title"),
    "problem": N_("The problem"),
    "solution": N_("The solution"),
    "audience": N_("Who it is for"),
    "theme": N_("Theme"),
    "level": N_("Level"),
    "needs": N_("What you need from agencies"),
    "agencies": N_("Agencies"),
    "graduation": N_("Expected graduation"),
    "team": N_("Team members"),
    "public_text": N_("Public text"),
}


@dataclass(frozen=True)
class Idea:
    """An idea whole, for those who may see it. Times are aware UTC."""

    idea_id: int
    journey_id: str
    description: Description
    created_at: datetime
    public_text: str
    publication: str
    last_seq: int
    stage_id: str
    furthest: int
    first_at: datetime
    stage_at: datetime
    earlier_days: float
    visits: int
    exit_id: str | None
    exit_kind: str | None
    exit_at: datetime | None
    held_at: datetime | None
    ball: str
    ball_at: datetime
    ball_agencies: str
    merged_into: int | None


@dataclass(frozen=True)
class Published:
    """What everybody may read of a published idea."""

    idea_id: int
    title: str
    public_text: str
    theme: str | None
    level: str | None
    journey_id: str
    stage_id: str
    exit_id: str | None


@dataclass(frozen=True)
class Edit:
    """A change to a field of an idea. ``version`` counts the edits; one may change several."""

    version: int
    field: str
    before: str | None
    after: str | None
    actor: str
    recorded_at: datetime


def check(db: Database, description: Description, journey: Journey) -> Description:
    """The description tidied.

    :raises InvalidFields: naming every field that breaks a rule.
    """
    texts = {
        field: tidy(getattr(description, field))
        for field in ("title", "problem", "solution", "audience", "needs", "team")
    }
    problems = {
        field: fault for field, text in texts.items() if (fault := problem_with(text, field))
    }
    texts["title"] = " ".join(texts["title"].split())
    if len(texts["title"]) < SHORTEST_TITLE:
        problems["title"] = _("Give the idea a title of at least three letters.")
    if not texts["problem"]:
        problems["problem"] = _("Describe the problem in a sentence or two.")
    if journey.levels and description.level not in journey.levels:
        problems["level"] = _("Choose a level.")
    if description.theme is not None and description.theme not in THEMES:
        problems["theme"] = _("Choose one of the themes in the list.")
    if description.agencies and not {one.id for one in agencies.listed(db)}.issuperset(
        description.agencies
    ):
        problems["agencies"] = _("Choose from the agencies in the list.")
    today = clock.today()
    if description.graduation and not (
        today - timedelta(days=366) <= description.graduation <= today + FARTHEST_GRADUATION
    ):
        problems["graduation"] = _("Give a date from last year to ten years from now.")
    if problems:
        ordered = [field.name for field in fields(Description) if field.name in problems]
        raise InvalidFields({field: problems[field] for field in ordered})
    return replace(
        description,
        title=texts["title"],
        problem=texts["problem"],
        level=description.level if journey.levels else None,
        solution=texts["solution"],
        audience=texts["audience"],
        needs=texts["needs"],
        agencies=tuple(dict.fromkeys(description.agencies)),
        team=texts["team"],
    )


def submit(db: Database, actor: Actor, journey_id: str, description: Description) -> int:
    """Put an idea in the idea bank and return its id. The draft it came from is cleared.

    :raises InvalidFields: naming every field that breaks a rule. :raises NotAllowed: without the
        right. :raises NotFound: when there is no such journey.
    """
    require(actor, Action.SUBMIT_IDEA)
    journey = journeys.get(db, journey_id)
    idea = check(db, description, journey)
    with writing(db, actor, Action.SUBMIT_IDEA, subject=f"journey:{journey_id}") as write:
        idea_id = _insert(write.tx, actor, journey, idea)
        write.subject = f"idea:{idea_id}"
        if idea.team:
            _set_team(write.tx, idea_id, idea.team)
        clear_draft(write.tx, actor)
    return idea_id


def _insert(tx: Transaction, actor: Actor, journey: Journey, idea: Description) -> int:
    now, ball = clock.now(), BALL_AFTER[Kind.ENTER]
    idea_id = tx.value(
        _INSERT,
        {
            "journey": journey.id, "level": idea.level, "theme": idea.theme, "title": idea.title,
            "problem": idea.problem, "solution": idea.solution, "audience": idea.audience,
            "needs": idea.needs, "agencies": " ".join(idea.agencies),
            "graduation": idea.graduation, "actor": actor.person_id, "now": now,
            "search": searchable(idea), "stage": journey.first.id, "ball": ball,
        },
    )  # fmt: skip
    return int(idea_id)


# The idea and the first row of its ledger in one statement: a submission waits on few of them.
_INSERT = """
WITH described AS (
    INSERT INTO idea (journey_id, level, theme, title, problem, solution, audience, needs, agencies,
                      graduation, submitted_by, created_at, search_text, last_seq, stage_id,
                      furthest, first_at, stage_at, ball, ball_at, turn_at)
    VALUES ($journey, $level, $theme, $title, $problem, $solution, $audience, $needs, $agencies,
            $graduation, $actor, $now, $search, 1, $stage, 0, $now, $now, $ball, $now, $now)
    RETURNING idea_id
)
INSERT INTO ledger (idea_id, seq, kind, stage_id, ball, occurred_at, recorded_at, actor_id)
SELECT idea_id, 1, 'enter', $stage, $ball, $now, $now, $actor FROM described
RETURNING idea_id
"""


def searchable(idea: Description) -> str:
    """The folded text that a search of the idea bank looks in."""
    return fold(f"{idea.title}\n{idea.problem}\n{idea.solution}\n{idea.audience}")


def get(db: Database, actor: Actor, idea_id: int) -> Idea:
    """The idea whole. :raises NotFound: when it is missing or out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    row = db.one(
        """
        SELECT journey_id, title, problem, solution, audience, theme, level, needs, agencies,
               graduation, created_at, public_text, publication, last_seq, stage_id, furthest,
               first_at, stage_at, earlier_days, visits, exit_id, exit_kind, exit_at, held_at,
               ball, ball_at, ball_agencies, merged_into
        FROM idea WHERE idea_id = ?
        """,
        [idea_id],
    )
    assert row is not None  # noqa: S101  (its reach was just checked)
    journey_id, *described = row[:10]
    title, problem, solution, audience, theme, level, needs, agencies, graduation = described
    members = db.rows(
        "SELECT name FROM team_member WHERE idea_id = ? AND left_at IS NULL ORDER BY ALL",
        [idea_id],
    )
    description = Description(
        title, problem, solution, audience, theme, level, needs, tuple(agencies.split()),
        graduation, "\n".join(name for (name,) in members),
    )  # fmt: skip
    return Idea(idea_id, journey_id, description, *row[10:])


def get_published(db: Database, actor: Actor, idea_id: int) -> Published:
    """What everybody may read of an idea. :raises NotFound: when it is not published."""
    require(actor, Action.SEE_IDEA_BANK)
    row = db.one(
        """
        SELECT idea_id, title, public_text, theme, level, journey_id, stage_id, exit_id
        FROM idea WHERE idea_id = ? AND publication = 'published'
        """,
        [idea_id],
    )
    if row is None:
        raise out_of_reach(Action.SEE_IDEA, "idea", idea_id)
    return Published(*row)


def edit(
    db: Database, actor: Actor, idea_id: int, description: Description, expected_version: int
) -> None:
    """Change what an idea says; what it said is kept. Nothing changed writes nothing.

    :raises InvalidFields: naming every field that breaks a rule. :raises Conflict: when somebody
        edited it meanwhile. :raises NotFound: out of reach. :raises NotAllowed: without the right.
    """
    require_for_idea(db, actor, Action.EDIT_IDEA, idea_id)
    idea = get(db, actor, idea_id)
    before, after = idea.description, check(db, description, journeys.get(db, idea.journey_id))
    changed = {
        field.name: (getattr(before, field.name), getattr(after, field.name))
        for field in fields(Description)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    if not changed:
        return
    with writing(db, actor, Action.EDIT_IDEA, idea_id=idea_id) as write:
        if version(write.tx, idea_id) != expected_version:
            raise Conflict(_("Somebody edited this idea meanwhile. Look at it again."))
        write.tx.execute(
            """
            UPDATE idea SET title = ?, problem = ?, solution = ?, audience = ?, theme = ?,
                level = ?, needs = ?, agencies = ?, graduation = ?, search_text = ?
            WHERE idea_id = ?
            """,
            [
                after.title, after.problem, after.solution, after.audience, after.theme,
                after.level, after.needs, " ".join(after.agencies), after.graduation,
                searchable(after), idea_id,
            ],
        )  # fmt: skip
        if "team" in changed:
            _set_team(write.tx, idea_id, after.team)
        _keep_edit(write.tx, actor, idea_id, expected_version + 1, changed)
        write.detail["fields"] = sorted(changed)


def version(reader: Database | Transaction, idea_id: int) -> int:
    """How many edits the idea has had: what an edit must name as the one it was based on."""
    return int(
        reader.value("SELECT coalesce(max(version), 0) FROM idea_edit WHERE idea_id = ?", [idea_id])
    )


def edits(db: Database, actor: Actor, idea_id: int) -> list[Edit]:
    """The idea's edits, latest first. :raises NotFound: out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    rows = db.rows(
        """
        SELECT e.version, e.field, e.before, e.after, coalesce(p.name, ''), e.recorded_at
        FROM idea_edit AS e LEFT JOIN person AS p ON p.person_id = e.actor_id
        WHERE e.idea_id = ? ORDER BY e.version DESC, e.field
        """,
        [idea_id],
    )
    return [Edit(*row) for row in rows]


def _keep_edit(
    tx: Transaction,
    actor: Actor,
    idea_id: int,
    number: int,
    changed: dict[str, tuple[object, object]],
) -> None:
    tx.executemany(
        """
        INSERT INTO idea_edit (idea_id, version, field, before, after, actor_id, recorded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            [
                idea_id,
                number,
                field,
                _as_text(before),
                _as_text(after),
                actor.person_id,
                clock.now(),
            ]
            for field, (before, after) in changed.items()
        ],
    )


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _set_team(tx: Transaction, idea_id: int, team: str) -> None:
    """Make the team what its lines say. A line that is the address of one known person with a role
    gives access; an address that two people sign in with is nobody's, for it may be borrowed."""
    wanted = list(dict.fromkeys(line.strip() for line in team.splitlines() if line.strip()))
    present = {
        name
        for (name,) in tx.rows(
            "SELECT name FROM team_member WHERE idea_id = ? AND left_at IS NULL", [idea_id]
        )
    }
    for name in present - set(wanted):
        tx.execute(
            "UPDATE team_member SET left_at = ? WHERE idea_id = ? AND name = ? AND left_at IS NULL",
            [clock.now(), idea_id, name],
        )
    for name in (name for name in wanted if name not in present):
        known = tx.value(_HAS_ADDRESS, [name])
        tx.execute(
            "INSERT INTO team_member (idea_id, name, person_id, added_at) VALUES (?, ?, ?, ?)",
            [idea_id, name, known, clock.now()],
        )


_HAS_ADDRESS = """
SELECT CASE WHEN count(*) = 1 THEN any_value(person_id) END FROM person
WHERE lower(email) = lower(?)
  AND person_id IN (SELECT person_id FROM current_role_of)
"""


def ask_to_publish(db: Database, actor: Actor, idea_id: int, public_text: str) -> None:
    """Ask that a short text be shown to everybody in the idea bank.

    :raises Invalid: an empty or too long text. Other errors as for :func:`edit`.
    """
    _publish(db, actor, Action.ASK_TO_PUBLISH, idea_id, "requested", tidy(public_text))


def unpublish(db: Database, actor: Actor, idea_id: int) -> None:
    """Take the public text out of the idea bank. Errors as for :func:`edit`."""
    _publish(db, actor, Action.ASK_TO_PUBLISH, idea_id, "private", None)


def decide_publication(db: Database, actor: Actor, idea_id: int, approved: bool) -> None:
    """A mentor approves the public text, or does not.

    :raises Invalid: when nothing was asked. Other errors as for :func:`edit`.
    """
    wanted = "published" if approved else "refused"
    _publish(db, actor, Action.DECIDE_PUBLICATION, idea_id, wanted, None)


def _publish(
    db: Database, actor: Actor, action: Action, idea_id: int, publication: str, text: str | None
) -> None:
    with writing(db, actor, action, idea_id=idea_id) as write:
        if text is not None:
            _check_public(text)
        before = write.tx.one(
            "SELECT publication, public_text FROM idea WHERE idea_id = ?", [idea_id]
        )
        assert before is not None  # noqa: S101  (its reach was just checked)
        if action is Action.DECIDE_PUBLICATION and before[0] != "requested":
            raise Invalid(_("Nobody has asked for this idea to be published."))
        text_after = before[1] if text is None else text
        write.tx.execute(
            "UPDATE idea SET publication = ?, public_text = ? WHERE idea_id = ?",
            [publication, text_after, idea_id],
        )
        changed = {"publication": (before[0], publication), "public_text": (before[1], text_after)}
        _keep_edit(
            write.tx, actor, idea_id, version(write.tx, idea_id) + 1,
            {field: pair for field, pair in changed.items() if pair[0] != pair[1]},
        )  # fmt: skip
        if action is Action.DECIDE_PUBLICATION:
            verdict = Notice.PUBLISHED if publication == "published" else Notice.NOT_PUBLISHED
            tell(write.tx, verdict, ("team",), idea_id=idea_id, by=actor.person_id)
        write.detail["publication"] = publication


def _check_public(text: str) -> None:
    fault = problem_with(text, "public_text")
    if fault or not text:
        raise Invalid(fault or _("Write the text that everybody may read."), "public_text")


def team(db: Database, actor: Actor, idea_id: int) -> list[str]:
    """The team's names, who submitted first. :raises NotFound: out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    submitter = db.value("SELECT submitted_by FROM idea WHERE idea_id = ?", [idea_id])
    first = people.names(db, [submitter]).values()
    others = db.rows(
        """
        SELECT coalesce(p.name, t.name)
        FROM team_member AS t LEFT JOIN person AS p ON p.person_id = t.person_id
        WHERE t.idea_id = ? AND t.left_at IS NULL ORDER BY t.added_at, t.name
        """,
        [idea_id],
    )
    return [*first, *(name for (name,) in others)]
