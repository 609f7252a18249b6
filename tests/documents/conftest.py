"""A bank with ideas, and a meeting that was held over it, made once for all tests of papers."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from sandkasse import clock, demo, freezes, i18n, ideas
from sandkasse.database import Database
from sandkasse.documents import papers
from sandkasse.documents.audience import Audience
from sandkasse.figures import Choice
from sandkasse.meetings import agenda, attendance, resolutions
from sandkasse.meetings.attendance import Standing
from tests import builders
from tests.builders import JOURNEY, Cast, begun, submitted

UNSHARED, KNOWN = "Undersea mushrooms", "Warm mittens"
WHY = "Because the mushrooms glow"
NASTY = "=1+1\x00\x0b\u202eevil\u202c " + "long " * 20_000


@dataclass(frozen=True)
class Held:
    """The meeting ``meeting_id``, about a published and an unpublished idea, with figures frozen
    there and in a meeting before; ``unfrozen`` froze none."""

    db: Database
    cast: Cast
    meeting_id: int
    unfrozen: int
    public_id: int
    secret_id: int
    _made: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)

    def papers(self, audience: Audience, language: str = "en") -> dict[str, bytes]:
        """All papers by their kind, as the lead makes them."""
        if (audience, language) not in self._made:
            with i18n.in_language(language):
                made = papers.papers(self.db, self.cast.lead, self.meeting_id, audience)
            self._made[audience, language] = dict(zip(papers.PAPERS, made.values(), strict=True))
        return self._made[audience, language]


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Held]:
    """What every test of papers reads, and none changes."""
    path = tmp_path_factory.mktemp("held") / "sandkasse.duckdb"
    shutil.copyfile(prepared, path)
    with closing(Database.open(path)) as db, i18n.in_language("en"):
        demo.fill(db, ideas=60, seed=7, journey_id=JOURNEY)
        yield meeting_over(db, builders.cast(db))


def meeting_over(db: Database, cast: Cast) -> Held:
    """Two meetings with frozen figures, the second with every kind of item and result."""
    before = clock.now() - timedelta(days=90)
    first = begun(db, cast.lead)
    freezes.freeze(db, cast.lead, first, Choice(JOURNEY, as_of=before, known_at=before))
    secret = submitted(db, cast.student, title=UNSHARED)
    public = submitted(db, cast.student, title=KNOWN)
    ideas.ask_to_publish(db, cast.student, public, "Mittens that warm.")
    ideas.decide_publication(db, cast.mentor, public, True)
    meeting_id = begun(db, cast.lead)
    attendance.invite(
        db, cast.lead, meeting_id, person_ids=[cast.mentor.person_id, cast.member.person_id],
        names=["Åse Ødegård"],
    )  # fmt: skip
    attendance.mark(db, cast.lead, meeting_id, Standing.PRESENT, person_id=cast.member.person_id)
    _items_and_results(db, cast, meeting_id, secret, public)
    freezes.freeze(db, cast.lead, meeting_id, Choice(JOURNEY))
    return Held(db, cast, meeting_id, begun(db, cast.lead), public, secret)


def _items_and_results(db: Database, cast: Cast, meeting_id: int, secret: int, public: int) -> None:
    own = agenda.add_own(db, cast.lead, meeting_id, "Rooms & money <b>", "A note of our own.")
    with db.transaction() as tx:
        for place, idea_id in enumerate((secret, public), start=2):
            tx.execute(
                """
                INSERT INTO agenda_item (meeting_id, position, source, title, note, idea_id,
                                         created_by, created_at)
                VALUES (?, ?, 'decision_due', ?, ?, ?, ?, ?)
                """,
                [
                    meeting_id, place, f"About {idea_id}", f"Note on {idea_id}", idea_id,
                    cast.lead.person_id, clock.now(),
                ],
            )  # fmt: skip
        # What the forms refuse, an import or an older version may have let in.
        tx.execute("UPDATE agenda_item SET note = ? WHERE item_id = ?", [NASTY, own])
    due = clock.today() + timedelta(days=9)

    def record(kind: str, body: str, **more: object) -> int:
        return resolutions.record(db, cast.lead, meeting_id, kind, body, **more)  # type: ignore[arg-type]

    record("decision", "Glow on", idea_id=secret, reason=WHY, next_step="Dive")
    told = record("decision", "Knit on", idea_id=public, reason="It is cold", due=due)
    resolutions.publish(db, cast.lead, told)
    record("decision", "Perhaps sell", idea_id=public, reason="Not told the team yet")
    record("action", "Call the harbour", item_id=own, owner_id=cast.mentor.person_id, due=due)
    record("information", "New rooms in June", item_id=own)
    gone = record("decision", "Meet on Mondays", item_id=own)
    record("decision", "Meet on Tuesdays", item_id=own, supersedes=gone)
