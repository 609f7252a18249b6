"""The sub-project meetings of a demonstration: those held over half a year, with who came, the
agenda, what they led to and the figures they froze; and the next ones, with a proposed agenda.

What a meeting decided about an idea is what happened to it in the weeks after: the decision names
the move of the ledger that carried it out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sandkasse import clock, freezes
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.demo.columns import new_ids
from sandkasse.demo.crowd import Crowd
from sandkasse.demo.seasons import DAY
from sandkasse.figures import Choice
from sandkasse.meetings import grounds
from sandkasse.meetings.proposing import Why
from sandkasse.people import OPERATOR

_ROOM, _LINK = "Campus Narvik", "https://meet.example/statens-hus"
_GUEST = "Kari Gjesteksempel"
#: How many of the last meetings of the main series froze their figures. With many ideas one will
#: do: it takes seconds.
_FROZE, _FROZE_OF_MANY, _MANY = 2, 1, 20_000
_LONGEST_WAIT = 21


@dataclass(frozen=True)
class _Series:
    """A sub-project that meets every so many weeks."""

    subproject_id: str
    title: str
    weeks: int
    held: int
    ahead: int
    hour: int
    place: str


_MAIN = _Series("service-innovation", "Tjenesteutvikling og innovasjon", 4, 6, 2, 12, _ROOM)
_OTHERS = (
    _Series("cooperation-competence", "Samhandling og kompetanseheving", 8, 3, 1, 9, _LINK),
    _Series("hosting-recruitment", "Vertskap, attraktivitet og rekruttering", 8, 3, 1, 13, _ROOM),
)

_TAKEN_UP = {
    "cooperation-competence": (
        "Felles kurs for saksbehandlere", "Kontaktlisten er gått gjennom.",
        "Spørre UiT om dato for kurset",
    ),
    "hosting-recruitment": (
        "Deltidsstillinger for studenter", "To virksomheter vil lyse ut stillinger i vår.",
        "Samle utlysningene på én side",
    ),
}  # fmt: skip

_INFORMATION = (
    "Orientering: to virksomheter har fått nye kontaktpersoner.",
    "Orientering: studentene ønsker svar på e-post, ikke på telefon.",
    "Orientering: lokalene er bestilt ut semesteret.",
)
_ACTIONS = (
    ("Lage en mal for avklaringsmøtet med etatene", "mentor-marit"),
    ("Be om en fast kontakt for spørsmål om merverdiavgift", "member-tax"),
    ("Avtale et felles møte for de nye ideene", "mentor-jonas"),
    ("Legge ved en kort veiledning om foretaksregistrering", "member-registers"),
)

# What mentors did with others' ideas than the personas' in the days after a meeting, and did not
# take back.
_CARRIED = """
SELECT l.idea_id, l.seq, l.kind, l.stage_id, l.exit_id, l.reason, l.recorded_at,
       to_stage.position < from_stage.position AS back
FROM ledger AS l
JOIN idea AS i ON i.idea_id = l.idea_id
LEFT JOIN exit AS e ON e.journey_id = i.journey_id AND e.exit_id = l.exit_id
LEFT JOIN stage AS to_stage
    ON to_stage.journey_id = i.journey_id AND to_stage.stage_id = l.stage_id
LEFT JOIN stage AS from_stage
    ON from_stage.journey_id = i.journey_id AND from_stage.stage_id = l.from_stage
WHERE i.journey_id = $journey AND l.recorded_at > $closed AND l.recorded_at < $until
  AND l.occurred_at > $closed AND l.actor_id IS DISTINCT FROM i.submitted_by
  AND (l.kind = 'move' OR (l.kind = 'exit' AND e.kind NOT IN ('merged', 'withdrawn')))
  AND i.created_at < $closed AND i.submitted_by <> ALL ($personas)
  AND NOT EXISTS (FROM ledger AS v WHERE v.idea_id = l.idea_id AND v.voids_seq = l.seq)
ORDER BY l.recorded_at, l.idea_id, l.seq
LIMIT 2
"""

_PERSONAS_OPEN = """
SELECT i.idea_id, i.stage_id, i.first_at, i.ball
FROM idea AS i
WHERE i.submitted_by = $person AND i.exit_id IS NULL AND i.journey_id = $journey
ORDER BY i.held_at IS NOT NULL, i.first_at, i.idea_id
"""

_WAITING = """
SELECT i.idea_id, epoch(i.ball_at)::BIGINT FROM idea AS i
WHERE i.journey_id = $journey AND i.exit_id IS NULL AND i.held_at IS NULL AND i.ball = 'mentor'
  AND i.ball_at < $since
ORDER BY i.ball_at, i.idea_id LIMIT 2
"""


class Secretary:
    """Keeps the meetings. Moments are whole seconds since 1970, until they are written."""

    def __init__(
        self, tx: Transaction, crowd: Crowd, main: str, office: str | None, now: int
    ) -> None:
        self._tx, self._crowd, self._main, self._office, self._now = tx, crowd, main, office, now
        self._mentors = [crowd.cast["mentor-marit"], crowd.cast["mentor-jonas"]]
        self._members = [crowd.cast["member-tax"], crowd.cast["member-registers"]]
        self._froze: list[tuple[int, datetime]] = []

    def keep_meetings(self) -> None:
        """Every meeting with all that belongs to it."""
        wednesday = (self._now // DAY + 3) // 7 * 7 - 1 + 7 * 2
        self._keep_main(wednesday)
        for nth, series in enumerate(_OTHERS, start=1):
            self._keep_other(series, wednesday + nth)

    def freeze_figures(self, db: Database, ideas: int) -> None:
        """Freeze the figures of the last meetings, each as of and as known when it was held."""
        for meeting_id, moment in self._froze[-(_FROZE if ideas < _MANY else _FROZE_OF_MANY) :]:
            exact = Choice(self._main, as_of=moment, known_at=moment)
            reviewed = freezes.review(db, OPERATOR, exact)
            with writing(db, OPERATOR, Action.HOLD_MEETING) as write:
                freezes.keep(write, OPERATOR, meeting_id, reviewed, moment)

    def _keep_main(self, first_day: int) -> None:
        held, ahead = self._call(_MAIN, first_day, self._main)
        open_action = None
        for nth, (meeting_id, starts) in enumerate(held):
            self._attend(meeting_id, starts - 10 * DAY, starts + 120, nth)
            self._decide(meeting_id, starts, nth)
            last = nth == len(held) - 1
            open_action = self._act(meeting_id, starts, nth, last=last)
            if nth >= len(held) - _FROZE:
                self._froze.append((meeting_id, _moment(starts + 300)))
        if len(held) > 1:
            self._think_again(held[-2], held[-1])
        for meeting_id, _starts in ahead[:1]:
            self._attend(meeting_id, self._now - 3 * DAY, None, 0)
            self._propose(meeting_id, open_action)

    def _keep_other(self, series: _Series, first_day: int) -> None:
        held, ahead = self._call(series, first_day, self._office)
        title, information, action = _TAKEN_UP[series.subproject_id]
        for nth, (meeting_id, starts) in enumerate(held):
            self._attend(meeting_id, starts - 10 * DAY, starts + 120, nth)
            item = self._item(meeting_id, 1, "own", starts - DAY, title=title)
            self._result(meeting_id, item, "information", information, starts + 900)
            done = self._result(
                meeting_id, item, "action", action, starts + 1_200,
                owner=self._members[nth % 2], due=starts + 28 * DAY,
            )  # fmt: skip
            self._event(done, 1, "done", min(starts + 20 * DAY, self._now), self._members[nth % 2])
        for meeting_id, _starts in ahead[:1]:
            self._item(meeting_id, 1, "own", self._now - DAY, title=title)

    def _call(
        self, series: _Series, first_day: int, journey_id: str | None
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The meetings of a series, as ids and when each starts: those held, and those ahead."""
        step = series.weeks * 7
        days = [first_day + step * n for n in range(-series.held, series.ahead)]
        ids = new_ids(self._tx, "meeting_ids", len(days))
        starting = [(one, _oslo_hour(day, series.hour)) for one, day in zip(ids, days, strict=True)]
        held = [(one, starts) for one, starts in starting if starts + 3_600 < self._now]
        self._tx.executemany(
            """
            INSERT INTO meeting (meeting_id, title, starts_at, place, created_at, subproject_id,
                                 journey_id, began_at, closed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                [
                    one, series.title, _moment(starts), series.place,
                    _moment(min(starts - 40 * DAY, self._now)), series.subproject_id, journey_id,
                    _moment(starts + 60) if (one, starts) in held else None,
                    _moment(starts + 2_100) if (one, starts) in held else None,
                ]
                for one, starts in starting
            ],
        )  # fmt: skip
        return held, [one for one in starting if one not in held]

    def _attend(self, meeting_id: int, called_at: int, came_at: int | None, nth: int) -> None:
        """Who was called, and who came: one of them now and then does not."""
        called = [self._crowd.lead_id, *self._mentors, *self._members]
        rows: list[tuple[int | None, str | None, str, int]] = [
            (person, None, "invited", called_at) for person in called
        ]
        if came_at is not None:
            away = called[nth % len(called)] if nth else None
            rows.append((None, _GUEST, "invited", came_at))
            rows += [(one, None, "absent" if one == away else "present", came_at) for one in called]
            rows.append((None, _GUEST, "present", came_at))
        self._tx.executemany(
            """
            INSERT INTO attendance (meeting_id, seq, person_id, name, standing, recorded_at,
                                    actor_id)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                [meeting_id, seq, person, name, standing, _moment(when), self._crowd.lead_id]
                for seq, (person, name, standing, when) in enumerate(rows, start=1)
            ],
        )

    def _decide(self, meeting_id: int, starts: int, nth: int) -> None:
        """What was done with ideas in the weeks after is what the meeting decided."""
        closed = starts + 2_100
        rows = self._tx.rows(
            _CARRIED,
            {
                "journey": self._main, "closed": _moment(closed),
                "until": _moment(min(closed + _LONGEST_WAIT * DAY, self._now)),
                "personas": list(self._crowd.cast.values()),
            },
        )  # fmt: skip
        for place, (idea_id, seq, kind, stage_id, exit_id, reason, recorded_at, back) in enumerate(
            rows, start=1
        ):
            item = self._item(meeting_id, place, "decision_due", starts - DAY, idea_id=idea_id)
            leaves = kind == "exit"
            body, why, next_step = _decision_words(leaves=leaves, back=bool(back))
            decision = self._result(
                meeting_id, item, "decision", body, starts + 300 * place, idea_id=idea_id,
                reason=why, next_step=next_step, move_to=None if leaves else stage_id,
                exit_id=exit_id, reason_code=reason if leaves or back else None,
            )  # fmt: skip
            self._event(decision, 1, "published", closed + 1_800, self._mentors[0])
            self._tx.execute(
                "INSERT INTO resolution_event (resolution_id, seq, kind, ledger_seq, actor_id, "
                "recorded_at) VALUES (?, 2, 'carried', ?, ?, ?)",
                [decision, seq, self._mentors[0], max(recorded_at, _moment(closed + 1_801))],
            )
        item = self._item(meeting_id, len(rows) + 1, "own", starts - DAY, title="Nytt fra etatene")
        information = _INFORMATION[nth % len(_INFORMATION)]
        self._result(meeting_id, item, "information", information, starts + 1_500)

    def _act(self, meeting_id: int, starts: int, nth: int, *, last: bool) -> int:
        """An action a meeting: done, but for those of the last two, of which one is overdue."""
        body, slug = _ACTIONS[nth % len(_ACTIONS)]
        owner = self._crowd.cast[slug]
        due = self._now + 12 * DAY if last else starts + 21 * DAY
        action = self._result(
            meeting_id, None, "action", body, starts + 1_800, owner=owner, due=due
        )
        if starts < self._now - 80 * DAY:
            self._event(action, 1, "done", starts + 18 * DAY, owner)
        elif last:
            self._notice(owner, "action", None, action, starts + 1_800)
        return action

    def _think_again(self, earlier: tuple[int, int], later: tuple[int, int]) -> None:
        """A decision about a persona's idea, another that took its place, and one that the team
        does not read yet."""
        for slug in ("student-bsc", "student-msc"):
            person = self._crowd.cast[slug]
            found = [
                idea_id
                for idea_id, _stage, first_at, _ball in self._tx.rows(
                    _PERSONAS_OPEN, {"person": person, "journey": self._main}
                )
                if first_at < _moment(earlier[1] - DAY)
            ]
            if found:
                self._two_decisions(found[0], person, earlier, later)
        waiting = self._tx.rows(_WAITING, {"journey": self._main, "since": _moment(later[1] - DAY)})
        for idea_id, since in waiting[:1]:
            when = later[1] - DAY
            why = Why(days=(when - since) / DAY)
            item = self._item(later[0], None, "decision_due", when, idea_id=idea_id, why=why)
            self._result(
                later[0], item, "decision", "Teamet bes om å teste behovet med fem brukere til.",
                later[1] + 1_700, idea_id=idea_id, reason="Det er for få svar til å gå videre.",
                next_step="Snakke med fem brukere og skrive ned hva de sier.",
            )  # fmt: skip

    def _two_decisions(
        self, idea_id: int, person: int, earlier: tuple[int, int], later: tuple[int, int]
    ) -> None:
        first_item = self._item(earlier[0], None, "past_band", earlier[1] - DAY, idea_id=idea_id)
        first = self._result(
            earlier[0], first_item, "decision", "Teamet henter inn to tilbud før neste møte.",
            earlier[1] + 1_600, idea_id=idea_id, reason="Kostnadene er ikke kjent ennå.",
            next_step="Be to leverandører om en pris.",
        )  # fmt: skip
        self._event(first, 1, "published", earlier[1] + 4_000, self._mentors[0])
        second_item = self._item(later[0], None, "past_band", later[1] - DAY, idea_id=idea_id)
        second = self._result(
            later[0], second_item, "decision", "Teamet tester med brukerne nå og venter ikke.",
            later[1] + 1_600, idea_id=idea_id,
            reason="Leverandørene svarer ikke før neste år, og brukerne vil teste nå.",
            next_step="Avtale en test med mentoren, og si fra når den er gjort.",
            due=self._now + 20 * DAY, supersedes=first,
        )  # fmt: skip
        self._event(second, 1, "published", later[1] + 4_000, self._mentors[0])
        self._notice(person, "receipt", idea_id, second, later[1] + 4_000)

    def _propose(self, meeting_id: int, open_action: int | None) -> None:
        """The agenda of the next meeting: what is open, what waits, and what somebody added."""
        when = self._now - DAY
        if open_action is not None:
            self._item(meeting_id, None, "action", when, resolution_id=open_action)
        waiting = self._tx.rows(
            _WAITING, {"journey": self._main, "since": _moment(self._now - 14 * DAY)}
        )
        for idea_id, since in waiting:
            why = Why(days=(when - since) / DAY)
            self._item(meeting_id, None, "decision_due", when, idea_id=idea_id, why=why)
        self._item(
            meeting_id, None, "own", when, title="Status fra UiT",
            note="Hvor mange studenter er i gang dette semesteret?",
        )  # fmt: skip

    def _item(
        self, meeting_id: int, position: int | None, source: str, when: int, *, title: str = "",
        note: str = "", idea_id: int | None = None, resolution_id: int | None = None,
        why: Why | None = None,
    ) -> int:  # fmt: skip
        return int(
            self._tx.value(
                """
                INSERT INTO agenda_item (meeting_id, position, source, title, note, idea_id,
                                         resolution_id, proposed, created_by, created_at)
                SELECT $meeting, coalesce($position, count(*) + 1), $source, $title, $note, $idea,
                       $resolution, $proposed, $by, $when
                FROM agenda_item WHERE meeting_id = $meeting
                RETURNING item_id
                """,
                {
                    "meeting": meeting_id, "position": position, "source": source, "title": title,
                    "note": note, "idea": idea_id, "resolution": resolution_id,
                    "proposed": grounds.as_text(why) if why else None,
                    "by": self._crowd.lead_id, "when": _moment(when),
                },
            )
        )  # fmt: skip

    def _result(
        self, meeting_id: int, item_id: int | None, kind: str, body: str, when: int, *,
        idea_id: int | None = None, reason: str = "", next_step: str = "", due: int | None = None,
        owner: int | None = None, move_to: str | None = None, exit_id: str | None = None,
        reason_code: str | None = None, supersedes: int | None = None,
    ) -> int:  # fmt: skip
        return int(
            self._tx.value(
                """
                INSERT INTO resolution (meeting_id, item_id, kind, idea_id, body, reason, next_step,
                                        due, owner_id, move_to, exit_id, reason_code, supersedes,
                                        actor_id, recorded_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING resolution_id
                """,
                [
                    meeting_id, item_id, kind, idea_id, body, reason, next_step,
                    _moment(due).date() if due else None, owner, move_to, exit_id, reason_code,
                    supersedes, self._crowd.lead_id, _moment(when),
                ],
            )
        )  # fmt: skip

    def _event(self, resolution_id: int, seq: int, kind: str, when: int, actor: int) -> None:
        self._tx.execute(
            "INSERT INTO resolution_event (resolution_id, seq, kind, actor_id, recorded_at) "
            "VALUES (?, ?, ?, ?, ?)",
            [resolution_id, seq, kind, actor, _moment(when)],
        )

    def _notice(
        self, person: int, kind: str, idea_id: int | None, resolution_id: int, when: int
    ) -> None:
        self._tx.execute(
            "INSERT INTO notice (person_id, kind, idea_id, about, created_at) "
            "VALUES (?, ?, ?, ?, ?)",
            [person, kind, idea_id, f"resolution {resolution_id}", _moment(when)],
        )


def _decision_words(*, leaves: bool, back: bool) -> tuple[str, str, str]:
    """What is decided about an idea, why, and what can be done now."""
    if leaves:
        return (
            "Ideen avsluttes i sandkassen.",
            "Møtet ser ikke at sandkassen kan hjelpe ideen videre nå.",
            "Be om en samtale med mentoren hvis noe er uklart. En ny idé er velkommen.",
        )
    if back:
        return (
            "Ideen går et steg tilbake.",
            "Det som ble antatt, må prøves på nytt før neste steg.",
            "Avtale med mentoren hva som skal prøves, og når.",
        )
    return (
        "Ideen går videre til neste steg.",
        "Det som steget krever, er gjort godt nok.",
        "Lese hva neste steg ber om, og avtale tid med mentoren.",
    )


def _oslo_hour(day: int, hour: int) -> int:
    """When the clock in Narvik shows ``hour`` on a day counted from 1970."""
    date = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()
    return int(datetime.combine(date, time(hour), tzinfo=clock.OSLO).timestamp())


def _moment(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
