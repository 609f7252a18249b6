"""Frozen figures on the screen: freezing, the bridge from the last meeting, what has changed."""

import streamlit as st

from sandkasse import figures, freezes, number_receipts
from sandkasse.access import Action
from sandkasse.figures import Choice, bridge
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.figures.frozen import Change
from sandkasse.freezes import REVIEWED, Freeze
from sandkasse.i18n import N_, _, language, number_text, time_text
from sandkasse.meetings import Meeting
from sandkasse.ui import behind_view, choices, funnel_view, page, states
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_LINE_WORDS = {
    "found_in": N_("Found later: was there after all"),
    "found_out": N_("Found later: had left before"),
    "new": N_("New"),
    "returned": N_("Came back"),
    **EXIT_WORDS,
}


def draw(visit: Visit, meeting: Meeting) -> None:
    """The bridge from the last freeze, and this meeting's frozen figures with what has changed."""
    known = states.journeys_by_id(visit)
    journey_id = meeting.journey_id or choices.journey(known)
    choice = Choice(journey_id)
    found = visit.read(freezes.of_meeting, meeting.meeting_id)
    over = meeting.closed_at is not None or meeting.cancelled_at is not None
    earlier = visit.read(freezes.before, meeting.meeting_id, choice)
    if earlier is not None:
        _bridge(visit, earlier, found[-1].choice if found else choice)
    elif not found:
        st.caption(_("No earlier meeting has frozen figures, so there is no bridge to draw yet."))
    st.header(_("Frozen figures"), anchor=False)
    if (
        visit.may(Action.HOLD_MEETING) and not over
        and st.button(_("Freeze the figures now"), type="primary", key="freeze",
                      icon=":material/ac_unit:")
    ):  # fmt: skip
        answer = visit.write(freezes.freeze, meeting.meeting_id, choice)
        if isinstance(answer, Refused):
            st.error(plain(answer.message), icon=":material/error:")
        else:
            page.toast_next(_("The figures are frozen."))
            st.rerun()
    if not found:
        st.caption(_("Nothing is frozen yet. What is frozen never changes afterwards."))
        return
    _frozen(visit, found[-1])


def _bridge(visit: Visit, earlier: Freeze, choice: Choice) -> None:
    st.header(_("The bridge from the last meeting"), anchor=False)
    drawn = visit.read(freezes.bridge, earlier, choice)
    st.markdown(figures.sentence(drawn))
    rows = _bridge_rows(drawn)
    st.dataframe(
        {
            _("Line"): [words for words, _n in rows],
            _("Ideas"): [change for _words, change in rows],
        },
        hide_index=True,
        alt=_("The bridge as a table"),
    )
    lines = {line.kind: _(_LINE_WORDS[line.kind]) for line in drawn.lines if line.n}
    if lines and visit.may(Action.SEE_FUNNEL_RECORDS):
        kind = choices.one_of("line", _("Ideas behind"), list(lines), lines.__getitem__, width=280)
        behind_view.draw(visit, lines[kind] + ": {n}", bridge.records, drawn, kind)


def _bridge_rows(drawn: Bridge) -> list[tuple[str, str]]:
    opening = _("Open {time}").format(time=time_text(drawn.opened_at))
    closing = _("Open {time}").format(time=time_text(drawn.as_of))
    rows = [(opening, number_text(drawn.opening))]
    rows += [
        (_(_LINE_WORDS[line.kind]), ("+" if line.sign > 0 else "−") + number_text(line.n))
        for line in drawn.lines
        if line.n
    ]
    return [*rows, (closing, number_text(drawn.closing))]


def _frozen(visit: Visit, one: Freeze) -> None:
    st.caption(
        _("As of, and as known, {time}. Definitions version {version}.").format(
            time=time_text(one.as_of), version=one.definition
        )
    )
    kinds = {kind: funnel_view.kind_name(kind) for kind in REVIEWED}
    kind = choices.one_of("kind", _("Kind of figure"), list(kinds), kinds.__getitem__, width=280)
    code = number_receipts.shown(one.codes[kind])
    st.markdown(_("Number receipt **{code}**").format(code=code))
    changes_table(visit, one.choice.journey_id, visit.read(freezes.changes, one, kind))
    st.page_link(
        "pages/funnel.py", label=_("Open this view"), icon=":material/open_in_new:",
        query_params={"receipt": one.codes[kind]},
    )  # fmt: skip


def changes_table(visit: Visit, journey_id: str, changes: list[Change]) -> None:
    """Numbers as they were, as that moment is known now, and as they are now."""
    differing = [one for one in changes if one.differs]
    found = sum(1 for one in changes if one.found_later)
    told = _("Nothing differs today.")
    if found:
        told = _("Today {n} numbers differ; {found} of them because something was found later.")
    elif differing:
        told = _("Today {n} numbers differ, because time has passed.")
    st.markdown(told.format(n=number_text(len(differing)), found=number_text(found)))
    names = {
        stage.id: stage.name.in_(language())
        for stage in states.journeys_by_id(visit)[journey_id].stages
    }
    st.dataframe(
        {
            _("Number"): [_key(one.key, names) for one in changes],
            _("Then"): [_number(one.then) for one in changes],
            _("Found later"): [_signed(one.found_later) for one in changes],
            _("Now"): [_number(one.now) for one in changes],
        },
        hide_index=True,
        alt=_("The figures then and now, as a table"),
    )


def _key(key: str, names: dict[str, str]) -> str:
    parts = [names.get(part, _(_PART_WORDS.get(part, part))) for part in key.split(".")]
    return ": ".join(parts)


_PART_WORDS = {
    **EXIT_WORDS,
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
}


def _number(number: float | None) -> str:
    if number is None:
        return "–"
    return number_text(number, 0 if float(number).is_integer() else 1)


def _signed(number: float) -> str:
    if not number:
        return ""
    return ("+" if number > 0 else "−") + _number(abs(number))


def receipt(visit: Visit) -> None:
    """The figure that a code stands for, exactly as it was, and whether it would differ today."""
    code = st.query_params.get("receipt", "")
    found = visit.read(number_receipts.find, code)
    st.header(
        _("Number receipt {code}").format(code=number_receipts.shown(found.code)), anchor=False
    )
    st.caption(plain(f"{funnel_view.kind_name(found.kind)} · {time_text(found.recorded_at)}"))
    changes_table(visit, found.choice.journey_id, visit.read(number_receipts.compare, code))
    st.header(_("The view as it was"), anchor=False)
    funnel_view.KINDS[found.kind](visit, found.choice)


def receipts(visit: Visit, kind: str, choice: Choice) -> None:
    """A way to make a receipt for the view on the screen, and to open one."""
    with st.expander(_("Number receipt"), on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(
            _(
                "A short code that stands for these numbers exactly as they are now. Whoever "
                "enters it here sees them again, and whether they would differ."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            code = st.text_input(_("Code"), key="receipt-code", max_chars=20, width=200)
            if st.button(_("Open"), key="receipt-open") and code:
                st.query_params.from_dict({"receipt": code})
                st.rerun()
        if kind in figures.FROZEN_KINDS and visit.may(Action.ISSUE_RECEIPT):
            if st.button(_("Make a receipt for this view"), key="receipt-make"):
                answer = visit.write(number_receipts.issue, kind, choice)
                if isinstance(answer, Refused):
                    st.error(plain(answer.message), icon=":material/error:")
                else:
                    st.session_state["receipt-made"] = answer
            if made := st.session_state.get("receipt-made"):
                st.markdown(_("Number receipt **{code}**").format(code=number_receipts.shown(made)))
