"""Frozen figures on the screen: freezing, the bridge from the last meeting, what has changed."""

from dataclasses import replace

import streamlit as st

from sandkasse import freezes, number_receipts
from sandkasse.access import Action
from sandkasse.application import KIND_NAMES
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures import Choice, seats
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.figures.frozen import DEFINITION, SEATS, AnyChoice, Change
from sandkasse.figures.seats import SeatsChoice
from sandkasse.freezes import REVIEWED, Freeze
from sandkasse.i18n import N_, _, date_text, language, ngettext_, number_text, time_text
from sandkasse.meetings import Meeting
from sandkasse.people import LEVEL_NAMES
from sandkasse.recruitment import positions
from sandkasse.themes import THEMES
from sandkasse.ui import (
    bridge_view,
    choices,
    funnel_view,
    holder,
    number_receipt_view,
    page,
    papers_view,
    recruitment_view,
    states,
    table,
)
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def draw(visit: Visit, meeting: Meeting) -> None:
    """The bridge from the last freeze, and this meeting's frozen figures with what has changed."""
    found = visit.read(freezes.of_meeting, meeting.meeting_id)
    over = meeting.closed_at is not None or meeting.cancelled_at is not None
    if over and not found and not _has_bridge(visit, meeting):
        st.info(_("No figures were frozen in this meeting."), icon=":material/ac_unit:")
        return
    choice = _chosen(visit, meeting)
    of_choice = [one for one in found if _same(one.choice, choice)]
    earlier = visit.read(freezes.before, meeting.meeting_id, choice)
    if earlier is not None:
        until = of_choice[-1].choice if of_choice else as_of_meeting(meeting, choice)
        bridge_view.to_meeting(visit, meeting, earlier, until)
    else:
        st.caption(_("No earlier meeting has frozen figures, so there is no bridge to draw yet."))
    st.header(_("Frozen figures"), anchor=False)
    if visit.may(Action.HOLD_MEETING) and not over:
        _freeze(visit, meeting, choice)
    if not found:
        st.caption(
            _("No figures were frozen in this meeting.")
            if over
            else _("Nothing is frozen yet. What is frozen never changes afterwards.")
        )
        return
    _frozen(visit, _one_of(visit, found))


def _has_bridge(visit: Visit, meeting: Meeting) -> bool:
    """Whether an earlier meeting has frozen figures that a bridge can lead from to this one."""
    asked = [meeting.journey_id] if meeting.journey_id else list(states.journeys_by_id(visit))
    return any(visit.read(freezes.before, meeting.meeting_id, Choice(one)) for one in asked)


def as_of_meeting(meeting: Meeting, choice: Choice) -> Choice:
    """A choice at the moment when a meeting was closed; until then, now."""
    if meeting.closed_at is None:
        return choice
    return replace(choice, as_of=meeting.closed_at, known_at=meeting.closed_at)


def _chosen(visit: Visit, meeting: Meeting) -> Choice:
    """Of which ideas the meeting looks at the figures: kept in the address."""
    known = states.journeys_by_id(visit)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        journey_id = meeting.journey_id or choices.journey(known)
        return Choice(journey_id, choices.level(known[journey_id]), choices.theme())


def _same(one: Choice, other: Choice) -> bool:
    return (one.journey_id, one.level, one.theme) == (other.journey_id, other.level, other.theme)


def _freeze(visit: Visit, meeting: Meeting, choice: Choice) -> None:
    if st.button(
        _("Freeze the figures now"), type="primary", key="freeze", icon=":material/ac_unit:"
    ):
        answer = visit.write(freezes.freeze, meeting.meeting_id, choice)
        if isinstance(answer, Refused):
            st.error(plain(answer.message), icon=":material/error:")
        else:
            st.query_params["freeze"] = str(answer)
            page.toast_next(_("The figures are frozen."))
            st.rerun()


def _one_of(visit: Visit, found: list[Freeze]) -> Freeze:
    """Which freeze of the meeting; the latest unless another is chosen."""
    by_id = {str(one.freeze_id): one for one in reversed(found)}
    if len(found) == 1:
        return found[0]
    words = {
        key: f"{time_text(one.as_of)} · {choice_words(visit, one.choice)}"
        for key, one in by_id.items()
    }
    return by_id[choices.one_of("freeze", _("Freeze"), list(by_id), words.__getitem__, width=420)]


def choice_words(visit: Visit, choice: Choice) -> str:
    """Which ideas a choice is about, and the days when they came in."""
    told = [states.journeys_by_id(visit)[choice.journey_id].name.in_(language())]
    if choice.level:
        told.append(_(LEVEL_NAMES.get(choice.level, choice.level)))
    if choice.theme:
        told.append(_(THEMES.get(choice.theme, choice.theme)))
    if choice.since:
        told.append(_("from {day}").format(day=date_text(choice.since)))
    if choice.until:
        told.append(_("to {day}").format(day=date_text(choice.until)))
    return " · ".join(told)


def _frozen(visit: Visit, one: Freeze) -> None:
    st.caption(plain(choice_words(visit, one.choice)))
    _moments(one.choice, one.definition)
    reviewed = [kind for kind in (*REVIEWED, SEATS) if kind in one.numbers]
    kinds = {kind: funnel_view.kind_name(kind) for kind in reviewed}
    kind = choices.one_of("kind", _("Kind of figure"), list(kinds), kinds.__getitem__, width=280)
    code = number_receipts.shown(one.codes[kind])
    st.markdown(_("Number receipt **{code}**").format(code=code))
    changes = visit.read(freezes.changes, one, kind)
    changes_table(changes, _names(visit, one.choice_of(kind)))
    st.page_link(
        "pages/funnel.py", label=_("Open this view as it was"), icon=":material/open_in_new:",
        query_params={"receipt": one.codes[kind]},
    )  # fmt: skip


def _moments(choice: AnyChoice, definition: int) -> None:
    """As of and as known when, and by which definitions."""
    as_of, known_at = choice.as_of, choice.known_at
    if as_of is None or known_at is None:
        return
    told = _("As of, and as known, {time}.").format(time=time_text(as_of))
    if known_at != as_of:
        told = _("As of {as_of}, as known {known_at}.").format(
            as_of=time_text(as_of), known_at=time_text(known_at)
        )
    told += " " + _("Definitions version {version}.").format(version=definition)
    st.caption(told)
    if definition != DEFINITION:
        st.warning(
            _(
                "The definitions have changed since, to version {version}. Part of a difference "
                "can come from that."
            ).format(version=DEFINITION),
            icon=":material/info:",
        )


def _names(visit: Visit, choice: AnyChoice) -> dict[str, str]:
    """What the parts of numbers' keys are called that mean one thing for ideas (the stages, and
    what became of them) and another for seats (the positions, and an application's steps)."""
    if isinstance(choice, SeatsChoice):
        # Positions that were added since have numbers now.
        now = replace(choice, as_of=None, known_at=None)
        found = [
            position
            for moment in (choice, now)
            for position in visit.read(seats.coverage, moment).positions
        ]
        steps = {kind.value: _(words) for kind, words in KIND_NAMES.items()}
        return steps | {str(one.position_id): one.title.in_(language()) for one in found}
    endings = {kind: _(words) for kind, words in EXIT_WORDS.items()}
    stages = states.journeys_by_id(visit)[choice.journey_id].stages
    return endings | {stage.id: stage.name.in_(language()) for stage in stages}


def changes_table(changes: list[Change], names: dict[str, str]) -> None:
    """Numbers as they were, as that moment is known now, and as they are now; ``names`` are what
    parts of their keys are called."""
    differing = [one for one in changes if one.differs]
    found = sum(1 for one in changes if one.found_later)
    told = _("Nothing differs today.")
    if found:
        told = ngettext_(
            "Today {n} number differs, because something was found later.",
            "Today {n} numbers differ; {found} of them because something was found later.",
            len(differing),
        )
    elif differing:
        told = ngettext_(
            "Today {n} number differs, because time has passed.",
            "Today {n} numbers differ, because time has passed.",
            len(differing),
        )
    st.markdown(told.format(n=number_text(len(differing)), found=number_text(found)))
    table.show(_changes(changes, names), tall=True, key="table-changes")


def _changes(changes: list[Change], names: dict[str, str]) -> Table:
    differences = tuple((one.now or 0) - (one.then or 0) for one in changes)
    return Table(
        (
            Column(_("Number"), tuple(_key(one.key, names) for one in changes), "words"),
            Column(_("Then"), tuple(one.then for one in changes), "amount"),
            Column(_("Now"), tuple(one.now for one in changes), "amount"),
            Column(_("Difference"), differences, "change"),
            Column(_("Of it found later"), tuple(one.found_later for one in changes), "change"),
        ),
        _("The figures then and now, as a table"),
    )


def _key(key: str, names: dict[str, str]) -> str:
    parts = [names.get(part, _(_PART_WORDS.get(part, part))) for part in key.split(".")]
    return ": ".join(parts)


_PART_WORDS = {
    "reached": N_("Reached"),
    "advanced": N_("Went on"),
    "open": N_("Still open"),
    "active": N_("Active"),
    "on_hold": N_("On hold"),
    "left": N_("Left"),
    "half": N_("Half have gone on after days"),
    "within_50": N_("Within the time of half"),
    "within_85": N_("Within the time of 85 %"),
    "within_95": N_("Within the time of 95 %"),
    "past": N_("Longer than that"),
    "moving": N_("Under way"),
    "agency": N_("Waiting for an agency"),
    "stale": N_("Stale"),
    "entered": N_("Came in"),
    "forward": N_("Went on"),
    "back": N_("Went back"),
    "reopened": N_("Reopened"),
    "left_now": N_("Left otherwise"),
    "completed_now": N_("Completed"),
    "in_progress": N_("Ideas in the journey"),
    "student": N_("Student"),
    "mentor": N_("Mentors"),
    "project": N_("Project"),
    "parked": N_("On hold"),
    "so_far": N_("Have come so far"),
    "at_least_50%": N_("At least, with even chances"),
    "at_least_85%": N_("At least, 85 % certain"),
    "at_least_95%": N_("At least, 95 % certain"),
    "target": N_("How many in all"),
    "days_50%": N_("Days until then, with even chances"),
    "days_85%": N_("Days until then, 85 % certain"),
    "days_95%": N_("Days until then, 95 % certain"),
    "seed": N_("Seed of the trials"),
    "trials": N_("Trials"),
    "seats": N_("All seats"),
    "planned_now": N_("Seats"),
    "filled_now": N_("Filled"),
    "planned_days": N_("Days planned"),
    "filled_days": N_("Days filled"),
    "first_empty": N_("Until first filled"),
    "empty_again": N_("Until filled again"),
    "filled": N_("Filled"),
    "half_within": N_("Half filled within days"),
    "offers": N_("Offers accepted"),
    "staying": N_("Stayed"),
    "of": N_("Of those settled"),
}


def receipt(visit: Visit) -> None:
    """The figure that a code stands for, exactly as it was, and whether it would differ today."""
    number_receipt_view.look_up()
    code = st.query_params.get("receipt", "")
    found = visit.read(number_receipts.find, code)
    st.header(
        _("Number receipt {code}").format(code=number_receipts.shown(found.code)), anchor=False
    )
    choice = found.choice
    kind = funnel_view.kind_name(found.kind)
    if isinstance(choice, SeatsChoice):
        st.caption(plain(f"{kind} · {_seats_words(visit, choice)}"))
    else:
        st.caption(plain(f"{kind} · {choice_words(visit, choice)}"))
    _moments(choice, found.definition)
    changes = visit.read(number_receipts.compare, code)
    changes_table(changes, _names(visit, choice))
    if isinstance(choice, Choice) and any(one.differs for one in changes):
        st.header(_("What has happened since"), anchor=False)
        bridge_view.draw(visit, number_receipts.bridge_to_now, found.code, key="bridge-receipt")
    st.header(_("The view as it was"), anchor=False)
    if isinstance(choice, SeatsChoice):
        recruitment_view.seats_of(visit, choice)
    else:
        funnel_view.KINDS[found.kind](visit, choice)


def _seats_words(visit: Visit, choice: SeatsChoice) -> str:
    """Whose seats a choice is about."""
    names = holder.agency_names(visit)
    agency_id = choice.agency_id
    told = [_("All agencies") if agency_id is None else names.get(agency_id, agency_id)]
    if choice.position_id is not None:
        told.append(visit.read(positions.get, choice.position_id).title)
    return " · ".join(told)


def take_along(visit: Visit, kind: str, choice: Choice) -> None:
    """The view on the screen as slides or as a spreadsheet, a number receipt for it, and a way to
    open one."""
    with st.expander(_("Take this view along, or its number receipt"), on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(
            _(
                "Printed from the browser, the page is as on the screen. Slides and spreadsheet "
                "have the figure alone, with its number receipt."
            )
        )
        papers_view.of_view(visit, kind, choice)
        number_receipt_view.making(visit, kind, choice)
