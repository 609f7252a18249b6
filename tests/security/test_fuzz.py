"""Every write with whatever: what is refused changes nothing and says why, what is let in holds
together.

``SANDKASSE_FUZZ`` says how many cases each write gets; ``make fuzz`` gives each ten thousand. All
of them begin in the same world: each case is undone where it would have been kept, after it has
been looked at.
"""

import inspect
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import application, clock, integrity, matter, reasons
from sandkasse.database import Database, Reader
from sandkasse.descriptions import Description
from sandkasse.errors import Refusal, SandkasseError
from sandkasse.figures.choice import Choice
from sandkasse.gates import Outcome
from sandkasse.impartiality import Tie
from sandkasse.journeys import Text
from sandkasse.ledger import Party
from sandkasse.meetings import attendance, proposing, receipts
from sandkasse.people import Role
from sandkasse.recruitment import assessments, positions
from sandkasse.recruitment.applications import Applying
from sandkasse.touchpoints import Opening
from tests.builders import JOURNEY, contents
from tests.security import calling, hostile
from tests.security.expected import LET_IN, WHO, WRITES
from tests.security.test_every_function import FUNCTIONS
from tests.security.world import TAX, World, paper

CASES = int(os.environ.get("SANDKASSE_FUZZ") or 100)
#: How often what was let in is looked at as a whole, and what was refused is compared.
EVERY = 25

text = st.one_of(
    st.sampled_from(hostile.strings()), st.text(max_size=60), st.just(""), st.just("Words")
)
number = st.one_of(st.integers(-1, 9), st.integers(-(2**53), 2**53))
day = st.one_of(
    st.none(),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.dates(clock.today().replace(year=clock.today().year - 1), clock.today()),
)
moment = st.one_of(
    st.none(),
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
)
place = st.sampled_from(
    ["idea-bank", "clarification", "need-test", "sandbox", "growth", "closed", "declined", "merged",
     "independent", "left", "", "nowhere"]
)  # fmt: skip
agency = st.sampled_from([TAX, "udi", "bronnoysundregistrene", "", "nobody", "<b>"])
journey = st.sampled_from([JOURNEY, "one-office", "", "nothing"])
level = st.sampled_from([None, "BSc", "MSc", "PhD", "", "Prof"])
code = st.sampled_from(
    [None, "", "x", *{one for codes in reasons.REASONS.values() for one in codes}]
)
seat = st.builds(
    application.Seat, number, st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)  # fmt: skip
papers = st.one_of(
    st.none(),
    st.tuples(
        text,
        st.one_of(st.binary(max_size=200), st.binary(max_size=99).map(lambda it: b"%PDF-1.7" + it),
                  st.just(paper())),
    ),
)  # fmt: skip
words = st.builds(Text, text, text)


def _table(heads: str, cells: list[str]) -> bytes:
    return f"{heads}\n{';'.join(cells)}\n".encode("utf-8", "replace")


#: What a parameter is drawn from, by its name; what is not here is as in ``calling``.
DRAWN: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ["application_id", "barrier_id", "contact_id", "idea_id", "into", "item_id", "meeting_id",
         "mentor_id", "person_id", "position_id", "resolution_id", "touchpoint_id", "supersedes",
         "owner_id", "seq", "to_position", "seat_no"],
        number,
    ),
    **dict.fromkeys(
        ["answer", "body", "label", "name", "next_step", "note", "place", "public_text", "source",
         "title", "text"],
        text,
    ),
    **dict.fromkeys(["due", "follow_up", "last_day", "on_day", "review_on", "until_on", "deadline"],
                    day),
    "agency_id": agency,
    "amount": st.one_of(st.none(), number),
    "applying": st.builds(Applying, text, text, day, papers),
    "approved": st.booleans(),
    "blocked": st.booleans(),
    "card": st.builds(
        calling.CARD.__class__, text, text,
        st.one_of(text, st.just("22 22 22 22")), st.one_of(text, st.just("a@b.example")), text, day,
        day,
    ),
    "choice": st.builds(Choice, journey, level, st.none(), day, day, moment, moment),
    "description": st.builds(
        Description, text, text, text, text, st.sampled_from([None, "ocean", "x"]), level, text,
        st.lists(agency, max_size=3).map(tuple), day, text,
    ),
    "exit_id": place,
    "gate_id": st.sampled_from(["ownership-answered", "team-named", "problem-described", "x"]),
    "gates": st.one_of(
        st.none(),
        st.dictionaries(
            st.sampled_from(["ownership-answered", "team-named", "work-permit-checked", "x"]),
            st.sampled_from(Outcome),
        ),
    ),
    "idea": st.one_of(st.floats(), st.just(5.0)),
    "journey_id": journey,
    "kind": st.sampled_from(["cohort", "snapshot", "activity", "times", "ages", "flow", "x"]),
    "language": st.one_of(text, st.just("nb")),
    "mail": st.sampled_from(["none", "daily", "at_once", "x"]),
    "marks": st.dictionaries(
        st.sampled_from([*assessments.CRITERIA, "x"]), st.builds(assessments.Mark, number, text)
    ),
    "most": st.one_of(st.none(), st.floats()),
    "move_to": st.one_of(st.none(), place),
    "names": st.lists(text, max_size=4),
    "next": st.none(),
    "occurred_at": moment,
    "opening": st.builds(
        Opening, agency, st.sampled_from([None, "x", "udi-permit"]), text,
        st.one_of(st.none(), number), text, st.booleans(), moment, day,
    ),
    "outcome": st.sampled_from(Outcome),
    "person_ids": st.lists(number, max_size=4),
    "notice_ids": st.lists(number, max_size=4),
    "plan": st.lists(seat, max_size=4),
    "reason": code,
    "reason_code": code,
    "roles": st.lists(st.sampled_from(Role), max_size=4),
    "rule_id": st.sampled_from(["ask-for-guidance", "founding-signed", "x", ""]),
    "standing": st.sampled_from(attendance.Standing),
    "starts_at": moment.filter(lambda it: it is not None),
    "subproject_id": st.sampled_from([None, "service-innovation", "x"]),
    "tie": st.sampled_from([None, *Tie]),
    "to": place,
    "wanted": st.frozensets(st.sampled_from(["food", "money", "x"])),
}  # fmt: skip
#: What one write is given beside or in place of that.
SPECIAL: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "pipeline.moves.hand_over": {"to": st.sampled_from(Party)},
    **{f"privacy.erasure.{name}": {"reason": text} for name in ("erase", "refuse")},
    "barriers.keep": {"description": text},
    "barriers.name": {"description": text},
    "checklist.mark": {"outcome": st.sampled_from(["done", "set_aside", "open", "taken_up", "x"])},
    "touchpoints.changes.record": {
        "kind": st.sampled_from(matter.Kind),
        "outcome": st.one_of(st.none(), st.sampled_from(matter.Outcome)),
    },
    "recruitment.applications.changes.record": {
        "kind": st.sampled_from(application.Kind),
        "next_step": st.one_of(st.none(), st.sampled_from(application.NextStep)),
    },
    "meetings.resolutions.record": {"kind": st.sampled_from(receipts.Kind), "reason": text},
    "meetings.agenda.take_up": {
        "proposal": st.builds(
            proposing.Proposal, st.sampled_from(proposing.Source), number, st.none(), number,
            number, st.just(proposing.Why()),
        )
    },
    **{
        f"recruitment.positions.changes.{name}": {
            "description": st.builds(
                positions.Description, agency, words, words, st.floats(), text,
                st.one_of(st.none(), number), level, text, st.sampled_from([None, "x"]),
            )
        }
        for name in ("create", "edit")
    },
    **{
        name: {
            "source": st.one_of(
                st.binary(max_size=300),
                st.lists(text, min_size=1, max_size=12).map(
                    lambda cells, heads=heads: _table(heads, cells)
                ),
            )
        }
        for name, heads in {
            "exchange.importing.import_log": "idea;stage;occurred_at;title;level;reason",
            "exchange.touchpoint_log.import_touchpoints":
                "idea;matter;agency;event;occurred_at;note",
            "exchange.position_table.import_positions":
                "position;agency;title;seats;hours;from;to;occurred_at",
            "exchange.application_log.import_applications":
                "position;application;event;occurred_at;applicant",
        }.items()
    },
}  # fmt: skip
#: Options that a screen fills in beside what must be given.
OPTIONS = {
    "note", "reason", "gates", "occurred_at", "outcome", "seat_no", "until_on", "next_step", "due",
    "owner_id", "move_to", "exit_id", "reason_code", "supersedes", "item_id", "idea_id", "amount",
    "subproject_id", "journey_id", "person_id", "name", "names", "person_ids", "agency_id",
    "description", "notice_ids",
}  # fmt: skip

# Control characters but line breaks and tabs, and what turns the direction of writing.
_FORBIDDEN = "[\\x{00}-\\x{08}\\x{0b}-\\x{1f}\\x{7f}-\\x{9f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]"
_FORBIDDEN_HERE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Within:
    """A transaction under way, read as a whole database would be."""

    def __init__(self, cursor: Any) -> None:
        self.reader = Reader(cursor)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """The transaction."""
        yield self.reader


class Watch:
    """Looks at each write where it would be kept, and undoes it."""

    def __init__(self) -> None:
        self.kept = 0
        self.looked_at = 0
        self.suspect = False
        self.columns: list[tuple[str, str]] = []

    def commit(self, _db: Database, cursor: Any) -> None:
        """In place of a commit."""
        self.kept += 1
        if self.kept % EVERY == 1:
            # Beneath the reading of whole tables, which looks for damage of the file.
            found = integrity._broken(Within(cursor))  # type: ignore[arg-type]
            assert found == [], found
            self.looked_at += 1
        if self.suspect:
            self._look_for_letters(Reader(cursor))
        cursor.execute("ROLLBACK")

    def _look_for_letters(self, reader: Reader) -> None:
        if not self.columns:
            self.columns = reader.rows(
                "SELECT table_name, column_name FROM duckdb_columns() "
                "WHERE data_type = 'VARCHAR' AND NOT internal AND table_name IN "
                "(SELECT table_name FROM duckdb_tables() WHERE NOT internal) "
                # What a form held is kept whatever it is: nobody else reads it.
                "AND table_name <> 'draft'"
            )
        for table, column in self.columns:
            bad = reader.one(
                f"SELECT {column} FROM {table} WHERE regexp_matches({column}, ?) LIMIT 1",
                [_FORBIDDEN],
            )
            assert bad is None, f"{table}.{column} keeps {bad}"


def _strategy(name: str, world: World, db: Database) -> st.SearchStrategy[dict[str, Any]]:
    usual = calling.arguments(name, FUNCTIONS[name], db, world)
    special = SPECIAL.get(name, {})
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for parameter in inspect.signature(FUNCTIONS[name]).parameters.values():
        known = parameter.name
        if known in ("db", "actor", "client", "skip_invalid", "most_bytes"):
            continue
        drawn = special.get(known, DRAWN.get(known))
        if known in ("expected_seq", "expected_version"):
            now = usual.get(known, 1)
            drawn = st.one_of(st.just(now), st.just(now), number)
        if parameter.default is not inspect.Parameter.empty:
            if known in OPTIONS and drawn is not None:
                parts[known] = st.one_of(st.just(parameter.default), drawn)
        elif drawn is None:
            parts[known] = st.just(usual[known])
        elif known in usual:
            # What fits comes often enough to get past the first check.
            parts[known] = st.one_of(drawn, st.just(usual[known]))
    fixed = {one: usual[one] for one in ("client",) if one in usual}
    return st.fixed_dictionaries(parts).map(lambda made: made | fixed)


@pytest.mark.parametrize("name", WRITES)
def test_whatever_is_written_is_refused_whole_or_holds_together(
    furnished, furnished_once, monkeypatch, name
):
    world, watch = furnished[1], Watch()
    before = contents(furnished_once)
    monkeypatch.setattr(Database, "_commit", lambda db, cursor: watch.commit(db, cursor))
    actors = st.sampled_from([*world.cast.values(), world.cast["lead"], world.cast["mentor"]])

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=CASES < 1_000,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(actors, _strategy(name, world, furnished_once))
    def tried(actor, arguments):
        kept = watch.kept
        furnished_once.tail = None  # the end of the audit's chain, read anew: it was undone
        watch.suspect = bool(_FORBIDDEN_HERE.search(repr_of(arguments)))
        try:
            FUNCTIONS[name](furnished_once, actor, **arguments)
        except SandkasseError as error:
            refused = error
        else:
            return
        assert refused.message.strip()
        assert watch.kept == kept, "It was refused, and yet something was written."

    tried()
    assert contents(furnished_once) == before


#: Who is refused each write: a student who has nothing to do with the things of the world, and
#: somebody without a role.
REFUSED = {
    name: [
        who
        for who, answer in zip(WHO, LET_IN[name], strict=True)
        if who in ("stranger", "nobody") and answer in "nu"
    ]
    for name in WRITES
}


@pytest.mark.parametrize("name", [name for name, refused in REFUSED.items() if refused])
def test_who_may_not_is_refused_before_the_input_is_looked_at(
    furnished, furnished_once, undone, name
):
    world, one = furnished[1], FUNCTIONS[name]
    usual = calling.arguments(name, one, furnished_once, world)
    things = {known: given for known, given in usual.items() if known.endswith("_id")}

    @settings(
        max_examples=CASES // 4, deadline=None, database=None, derandomize=CASES < 1_000,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from(REFUSED[name]), _strategy(name, world, furnished_once))
    def tried(who, arguments):
        with pytest.raises(Refusal):
            one(furnished_once, world.cast[who], **{**arguments, **things})

    tried()
    assert undone == []


def test_only_what_is_everybodys_own_is_refused_nobody():
    assert [name for name, refused in REFUSED.items() if not refused] == [
        "privacy.correction.correct_level", "privacy.erasure.ask", "privacy.erasure.take_back",
    ]  # fmt: skip


def repr_of(value: Any) -> str:
    """All words in the arguments, as they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return "\n".join(repr_of(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(map(repr_of, value))
    return repr_of(vars(value)) if hasattr(value, "__dataclass_fields__") else ""
