"""Deadlines: what rules can compute from a day or an amount that the team gave, or yearly, and what
meetings set.

What a rule gives is the last possible day, with the address of its rule and what could not be
settled about it (``data/deadlines.toml``). Days are not moved for weekends: whether they are is for
the agency to say. A day that a person wants to remember is that person's alone.
"""

import calendar
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sandkasse import access, calendar_file, checklist, clock, reference_file
from sandkasse.access import Action, require_for_idea, writing
from sandkasse.calendar_file import Entry
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import Invalid, InvalidFields
from sandkasse.i18n import _, language
from sandkasse.meetings import receipts
from sandkasse.meetings.receipts import Resolution
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.reference_file import Words
from sandkasse.texts import problem_with, tidy

FILE = PROJECT_FOLDER / "data" / "deadlines.toml"
MOST_KRONER = 10**12
#: How long before its last day a deadline is told of.
NEAR = timedelta(days=14)


class Rule(BaseModel):
    """How a deadline follows: ``months`` after the day given, on ``next_month_day`` of the month
    after it, when an amount reaches ``limit`` (with a warning from ``warn``), or ``yearly``
    (MM-DD). ``stages`` and ``needs`` say for which ideas (empty: all)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    name: Words
    day: Words | None = None
    months: int | None = None
    next_month_day: int | None = None
    limit: int | None = None
    warn: int | None = None
    yearly: str | None = None
    stages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    source: str
    checked: date
    dated: str = ""
    check: Words | None = None

    def last_day(self, given: date) -> date:
        """The last possible day when the day given is ``given``."""
        if self.months is not None:
            return months_after(given, self.months)
        if self.next_month_day is not None:
            following = months_after(given.replace(day=1), 1)
            return following.replace(day=self.next_month_day)
        return given


@dataclass(frozen=True)
class Deadline:
    """A deadline of an idea: the last possible day, or None for a warning that none has come yet.
    It comes from a ``rule``, from what a meeting decided (``result``), or from neither: then it is
    a person's own day."""

    key: str
    name: str
    on: date | None
    idea_id: int | None
    idea_title: str
    rule: Rule | None
    note: str = ""
    result: Resolution | None = None


@dataclass(frozen=True)
class Given:
    """A day or an amount (in kroner) that the team gave."""

    on_day: date | None
    amount: int | None


@cache
def rules() -> dict[str, Rule]:
    """All rules, by id. :raises NotConfigured: naming the file and what is wrong with it."""
    return {rule.id: rule for rule in load(FILE)}


def load(path: Path) -> list[Rule]:
    """The rules of a file. :raises NotConfigured: naming the file and what is wrong with it."""
    with reference_file.reading(path) as content:
        found = [Rule.model_validate(one) for one in content["deadlines"]]
        reference_file.require_once(path, (rule.id for rule in found))
        return found


def months_after(day: date, months: int) -> date:
    """The day ``months`` months later; the month's last day where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_yearly(month_day: str, today: date) -> date:
    """The next day of the year ``MM-DD`` that is not past."""
    month, day = map(int, month_day.split("-"))
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def given(db: Database, actor: Actor, idea_id: int) -> dict[str, Given]:
    """What the team gave, by the rule's id. :raises NotFound: when out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    rows = db.rows(
        """
        SELECT kind, arg_max(struct_pack(on_day := on_day, amount := amount), seq)
        FROM idea_day WHERE idea_id = ? GROUP BY kind
        """,
        [idea_id],
    )
    return {kind: Given(**last) for kind, last in rows if last["on_day"] is not None}


def say(
    db: Database,
    actor: Actor,
    idea_id: int,
    rule_id: str,
    on_day: date | None,
    amount: int | None = None,
) -> None:
    """Give the day (or the amount, as of that day) from which a deadline follows; None takes it
    back.

    :raises Invalid, InvalidFields: an unknown rule, a day to come or before 1900, a missing or
        impossible amount. :raises NotAllowed, NotFound: as usual.
    """
    with writing(db, actor, Action.SAY_DAYS, idea_id=idea_id) as write:
        _check_given(rule_id, on_day, amount)
        write.tx.execute(
            """
            INSERT INTO idea_day (idea_id, seq, kind, on_day, amount, actor_id, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? FROM idea_day WHERE idea_id = ?
            """,
            [idea_id, rule_id, on_day, amount, actor.person_id, clock.now(), idea_id],
        )
        write.detail.update(rule=rule_id, on_day=on_day, amount=amount)


def _check_given(rule_id: str, on_day: date | None, amount: int | None) -> None:
    rule = rules().get(rule_id)
    if rule is None or rule.day is None:
        raise Invalid(_("Choose from the list."), "kind")
    problems = {}
    if on_day is not None and not date(1900, 1, 1) <= on_day <= clock.today():
        problems["on_day"] = _("Choose a day that has been, after 1900.")
    if (
        on_day is not None
        and rule.limit is not None
        and not 0 <= (-1 if amount is None else amount) <= MOST_KRONER
    ):
        problems["amount"] = _("Write the amount in whole kroner.")
    if problems:
        raise InvalidFields(problems)


def remember_own(db: Database, actor: Actor, label: str, on_day: date | None) -> None:
    """Remember a day of one's own, seen by nobody else; None forgets it.

    :raises InvalidFields: a missing or faulty label, or a day before 1900.
    """
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        words = tidy(label)
        _check_own(words, on_day)
        write.tx.execute(
            """
            INSERT INTO own_day (person_id, seq, label, on_day, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM own_day WHERE person_id = ?
            """,
            [actor.person_id, words, on_day, clock.now(), actor.person_id],
        )
        write.subject = f"person:{actor.person_id}"
        write.detail["own_day"] = True


def _check_own(words: str, on_day: date | None) -> None:
    problems = {}
    if not words:
        problems["label"] = _("Write what the day is about.")
    elif fault := problem_with(words, "title"):
        problems["label"] = fault
    if on_day is not None and on_day < date(1900, 1, 1):
        problems["on_day"] = _("The date is before 1900. Check the year.")
    if problems:
        raise InvalidFields(problems)


def of_idea(db: Database, actor: Actor, idea_id: int) -> list[Deadline]:
    """The deadlines of an idea, soonest first. :raises NotFound: out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    return _soonest([*_of_ideas(db, [idea_id]), *_of_meetings(db, actor, [idea_id])])


def upcoming(db: Database, actor: Actor) -> list[Deadline]:
    """The deadlines of the ideas in whose team the actor is, and the actor's own days, those that
    are past by more than a month left out, soonest first."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    seen = access.reach(actor, Action.SEE_IDEA)
    ids = [
        idea_id
        for (idea_id,) in db.rows(
            f"""
            SELECT i.idea_id FROM idea AS i
            SEMI JOIN team_of AS t ON t.idea_id = i.idea_id AND t.person_id = $person_id
            WHERE i.exit_id IS NULL AND ({seen.sql}) ORDER BY i.idea_id LIMIT 50
            """,  # noqa: S608
            {**seen.parameters, "person_id": actor.person_id},
        )
    ]
    own = [
        Deadline(f"own-{label}", label, on_day, None, "", None)
        for label, on_day in db.rows(
            """
            SELECT label, arg_max(coalesce(on_day, DATE '0001-01-01'), seq) AS last
            FROM own_day WHERE person_id = ? GROUP BY label HAVING last > DATE '0001-01-01'
            """,
            [actor.person_id],
        )
    ]
    recent = months_after(clock.today().replace(day=1), -1)
    found = _soonest([*_of_ideas(db, ids), *_of_meetings(db, actor, ids), *own])
    return [one for one in found if one.on is None or one.on >= recent]


def tell_near(db: Database) -> int:
    """Tell the teams of deadlines within two weeks, and people of their own days, each once; how
    many were told. The app runs it by itself, once a day."""
    today = clock.today()
    until = today + NEAR
    staged = sorted({stage for rule in rules().values() for stage in rule.stages})
    ids = [
        idea_id
        for (idea_id,) in db.rows(
            """
            SELECT idea_id FROM idea
            WHERE exit_id IS NULL AND submitted_by IS NOT NULL
              AND (stage_id IN (SELECT unnest(?::VARCHAR[]))
                   OR idea_id IN (SELECT idea_id FROM idea_day))
            ORDER BY idea_id
            """,
            [staged],
        )
    ]
    known = {tuple(row) for row in db.rows("SELECT idea_id, about FROM notice WHERE kind = ?",
                                           [Notice.DEADLINE])}  # fmt: skip
    told = 0
    for one in _of_ideas(db, ids):
        about = f"{one.key} {one.on}"
        if one.on is not None and today <= one.on <= until and (one.idea_id, about) not in known:
            with db.transaction() as tx:
                tell(tx, Notice.DEADLINE, ("team",), idea_id=one.idea_id, by=None, about=about)
            told += 1
    return told + _tell_own(db, today, until)


def _tell_own(db: Database, today: date, until: date) -> int:
    rows = db.rows(
        """
        SELECT person_id, label, arg_max(coalesce(on_day, DATE '0001-01-01'), seq) AS last
        FROM own_day GROUP BY person_id, label HAVING last BETWEEN ? AND ?
        """,
        [today, until],
    )
    told = 0
    for person_id, label, on in rows:
        # The label is the person's own: it is not repeated where others could read it.
        about = f"own {on} {zlib.crc32(label.encode())}"
        if db.value(
            "SELECT count(*) FROM notice WHERE person_id = ? AND about = ?", [person_id, about]
        ):
            continue
        with db.transaction() as tx:
            tell(
                tx, Notice.DEADLINE, (), idea_id=None, by=None, person_ids=[person_id], about=about
            )
        told += 1
    return told


def to_calendar(deadlines: Iterable[Deadline]) -> bytes:
    """An iCalendar file (RFC 5545): one whole-day event a deadline, with its name and the address
    of its rule, and nothing of the idea's text, nor of what a meeting said about it."""
    return calendar_file.written(
        (
            Entry(
                uid=f"{one.key}-{one.idea_id or 'own'}",
                summary=_("At the latest: {what}").format(
                    what=_("what a meeting decided") if one.result else one.name
                ),
                at=one.on,
                address=one.rule.source if one.rule else "",
            )
            for one in deadlines
            if one.on is not None
        ),
        "Deadlines",
    )


def _of_ideas(db: Database, idea_ids: list[int]) -> list[Deadline]:
    if not idea_ids:
        return []
    ideas = db.rows(
        "SELECT idea_id, title, stage_id, exit_id FROM idea "
        "WHERE idea_id IN (SELECT unnest(?::BIGINT[]))",
        [idea_ids],
    )
    days = db.rows(
        """
        SELECT idea_id, kind, arg_max(struct_pack(on_day := on_day, amount := amount), seq)
        FROM idea_day WHERE idea_id IN (SELECT unnest(?::BIGINT[])) GROUP BY idea_id, kind
        """,
        [idea_ids],
    )
    said: dict[int, dict[str, Given]] = {}
    for idea_id, kind, last in days:
        if last["on_day"] is not None:
            said.setdefault(idea_id, {})[kind] = Given(**last)
    declared = checklist.needs_of(db, idea_ids)
    found = []
    for idea_id, title, stage_id, exit_id in ideas:
        if exit_id is None:
            its_needs = declared.get(idea_id, frozenset())
            found += _of_one(idea_id, title, stage_id, its_needs, said.get(idea_id, {}))
    return found


def _of_meetings(db: Database, actor: Actor, idea_ids: list[int]) -> list[Deadline]:
    return [
        Deadline(
            f"result-{one.resolution_id}", one.body, one.due, one.idea_id, one.idea_title or "",
            None, one.next_step, one,
        )
        for one in receipts.due(db, actor, idea_ids)
    ]  # fmt: skip


def _of_one(
    idea_id: int, title: str, stage_id: str, declared: frozenset[str], said: dict[str, Given]
) -> list[Deadline]:
    found = []
    for rule in rules().values():
        name = rule.name.text().in_(language())
        check = rule.check.text().in_(language()) if rule.check else ""
        on: date | None = None
        if rule.yearly is not None:
            concerned = stage_id in rule.stages and (
                not rule.needs or not declared.isdisjoint(rule.needs)
            )
            if not concerned:
                continue
            on = next_yearly(rule.yearly, clock.today())
        elif rule.id not in said:
            continue
        elif rule.limit is not None:
            amount = said[rule.id].amount or 0
            if amount < (rule.warn or rule.limit):
                continue
            on = said[rule.id].on_day if amount >= rule.limit else None
        else:
            on = rule.last_day(said[rule.id].on_day or clock.today())
        found.append(Deadline(rule.id, name, on, idea_id, title, rule, check))
    return found


def _soonest(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return sorted(deadlines, key=lambda one: (one.on or date.min, one.name))
