"""The figures that a meeting reviews, and those of one view, as exhibits with their receipts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandkasse import clock, freezes, journeys, number_receipts
from sandkasse.database import Database
from sandkasse.documents import inside, outside, published, seat_exhibit
from sandkasse.documents.audience import Audience
from sandkasse.documents.exhibit import Exhibit
from sandkasse.errors import Invalid
from sandkasse.figures import Choice, frozen
from sandkasse.figures.frozen import SEATS
from sandkasse.figures.seats import SeatsChoice
from sandkasse.freezes import REVIEWED, Freeze
from sandkasse.i18n import _
from sandkasse.journeys import Journey
from sandkasse.meetings import Meeting
from sandkasse.people import Actor


@dataclass(frozen=True)
class Review:
    """The figures of a meeting: frozen there, or (``frozen`` None) as they are now."""

    journey: Journey
    frozen: Freeze | None
    exhibits: tuple[Exhibit, ...]


def of_meeting(db: Database, actor: Actor, meeting: Meeting, audience: Audience) -> Review:
    """The figures of the meeting's last freeze with their receipts; where nothing is frozen, those
    of now, with new ones. Then the bridge from an earlier meeting, where there is one, and
    seats, for a meeting that looks at them.

    A meeting about no journey in particular that froze nothing gets the first one's figures.

    :raises NotAllowed: without the right to see meetings and figures, or to issue receipts.
    """
    kept = freezes.of_meeting(db, actor, meeting.meeting_id)
    if kept:
        one, choice = kept[-1], kept[-1].choice
        codes = dict(one.codes)
    else:
        one = None
        journey_id = meeting.journey_id or journeys.all_journeys(db)[0].id
        choice = _now(Choice(journey_id))
        codes = {kind: number_receipts.issue(db, actor, kind, choice) for kind in REVIEWED}
    exhibits = [
        _with_receipt(db, actor, _exhibit(db, actor, kind, choice, audience), codes[kind], one)
        for kind in REVIEWED
        if kind in codes  # What was frozen before a kind was reviewed has none of it.
    ]
    exhibits += _bridge(db, actor, meeting, choice, codes["snapshot"], audience)
    exhibits += _seats(db, actor, meeting, choice, audience, one)
    return Review(journeys.get(db, choice.journey_id), one, tuple(exhibits))


def of_view(
    db: Database, actor: Actor, kind: str, choice: Choice, audience: Audience
) -> Sequence[Exhibit]:
    """One figure as it is at the moments of ``choice`` (None: now), with its receipt.

    :raises Invalid: a kind of figure that documents do not show; else as
    :func:`sandkasse.number_receipts.issue`.
    """
    if kind not in inside.KINDS:
        raise Invalid(_("Choose one of the kinds of figure in the list."), "kind")
    exact = _now(choice)
    code = number_receipts.issue(db, actor, kind, exact)
    return (replace(_exhibit(db, actor, kind, exact, audience), codes=(("", code),)),)


def _now(choice: Choice) -> Choice:
    now = clock.now()
    return replace(choice, as_of=choice.as_of or now, known_at=choice.known_at or now)


def _exhibit(db: Database, actor: Actor, kind: str, choice: Choice, audience: Audience) -> Exhibit:
    if audience is Audience.PROJECT:
        return inside.exhibit(db, actor, kind, choice)
    return outside.exhibit(db, actor, kind, choice)


def _with_receipt(
    db: Database, actor: Actor, shown: Exhibit, code: str, kept: Freeze | None
) -> Exhibit:
    """The exhibit with its code, and whether what was kept under it is worked out otherwise now."""
    differs = (
        kept is not None and _worked_out(db, actor, shown.kind, kept) != kept.numbers[shown.kind]
    )
    return replace(shown, codes=(("", code),), differs=differs)


def _worked_out(db: Database, actor: Actor, kind: str, kept: Freeze) -> frozen.Numbers:
    exact = frozen.settled(db, actor, kind, kept.choice_of(kind))
    return frozen.numbers(db, actor, kind, exact)


def _seats(
    db: Database,
    actor: Actor,
    meeting: Meeting,
    choice: Choice,
    audience: Audience,
    kept: Freeze | None,
) -> list[Exhibit]:
    """The seats at the moments of ``choice``, with the code that they were frozen under, or a new
    one."""
    found = seat_exhibit.of_meeting(db, actor, meeting, choice, audience)
    if kept is None or SEATS not in kept.codes:
        exact = SeatsChoice(as_of=choice.as_of, known_at=choice.known_at)
        return [
            replace(one, codes=(("", number_receipts.issue(db, actor, SEATS, exact)),))
            for one in found
        ]
    return [_with_receipt(db, actor, one, kept.codes[SEATS], kept) for one in found]


def _bridge(
    db: Database, actor: Actor, meeting: Meeting, choice: Choice, code: str, audience: Audience
) -> list[Exhibit]:
    earlier = freezes.before(db, actor, meeting.meeting_id, choice)
    if earlier is None:
        return []
    drawn = freezes.bridge(db, actor, earlier, choice)
    found = (
        inside.bridge(drawn)
        if audience is Audience.PROJECT
        else outside.bridge(
            drawn,
            published.read(db, actor, earlier.choice),
            published.read(db, actor, choice),
        )
    )
    codes = ((_("before"), earlier.codes["snapshot"]), (_("now"), code))
    return [replace(found, codes=codes)]
