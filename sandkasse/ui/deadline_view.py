"""Deadlines on the screen: of an idea, and of everything one takes part in."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from sandkasse import clock, deadlines
from sandkasse.access import Action
from sandkasse.deadlines import Deadline
from sandkasse.i18n import _, date_text, language
from sandkasse.ideas import Idea
from sandkasse.meetings.receipts import KIND_NAMES
from sandkasse.texts import LIMITS
from sandkasse.ui import forms, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit

_SOON_DAYS = 30


def of_idea(visit: Visit, idea: Idea) -> None:
    """An idea's deadlines, and giving the days from which they follow."""
    if idea.exit_id is not None:
        return
    with st.container(border=True):
        st.header(_("Deadlines"), anchor=False)
        found = visit.read(deadlines.of_idea, idea.idea_id)
        if found:
            _list(found, "deadlines", with_idea=False)
        else:
            st.caption(
                _(
                    "None yet. Give the day on which something happened, for example when the "
                    "founding document was signed: what follows from it is shown here."
                )
            )
        if visit.may_for(Action.SAY_DAYS, idea.idea_id) and st.button(
            _("Give a day"), key="say-day", icon=":material/event:"
        ):
            st.dialog(_("Days from which deadlines follow"))(_say)(visit, idea)


def mine(visit: Visit) -> None:
    """The deadlines of one's ideas and one's own days, with a file for the calendar."""
    found = visit.read(deadlines.upcoming)
    st.header(_("Deadlines"), anchor=False)
    if found:
        _list(found, "my-deadlines", with_idea=True)
    else:
        st.caption(_("No deadline is near."))
    with st.container(horizontal=True):
        if found:
            st.download_button(
                _("Take them to your calendar"), deadlines.to_calendar(found),
                file_name="sandkasse.ics", mime="text/calendar", icon=":material/event:",
                on_click="ignore",
            )  # fmt: skip
        if st.button(_("Add a deadline of your own"), key="own-day", icon=":material/add:"):
            st.dialog(_("A day that only you see"))(_own)(visit)


def _list(found: Sequence[Deadline], key: str, *, with_idea: bool) -> None:
    rows = [_row(number, one, with_idea) for number, one in enumerate(found)]
    listing.draw(_("Deadlines"), rows, key)


def _row(number: int, one: Deadline, with_idea: bool) -> Row:
    facts = [one.idea_title] if with_idea and one.idea_title else []
    if one.rule is not None:
        host = one.rule.source.split("/")[2]
        read = _("{host}, read {date}").format(host=host, date=date_text(one.rule.checked))
        facts.append(read)
    if one.result is not None:
        held = date_text(one.result.meeting_at)
        facts += [_(KIND_NAMES[one.result.kind]), one.result.meeting_title, held]
    marks = []
    if one.on is None:
        marks.append(Mark(_("Near the limit"), strong=True))
    else:
        days = (one.on - clock.today()).days
        marks.append(Mark(_("at the latest {date}").format(date=date_text(one.on)), days < 0))
        if 0 <= days <= _SOON_DAYS:
            marks.insert(0, Mark(_("Soon"), strong=True))
        elif days < 0:
            marks.insert(0, Mark(_("Past"), strong=True))
    return Row(number, one.name, None, tuple(facts), tuple(marks), one.note)


def _say(visit: Visit, idea: Idea) -> None:
    faults = Faults()
    known = {key: rule for key, rule in deadlines.rules().items() if rule.day is not None}
    words = {key: rule.day.text().in_(language()) for key, rule in known.items() if rule.day}
    chosen = st.selectbox(
        _("What happened"), list(words), format_func=words.__getitem__,
        key=forms.worded("say", list(words), next(iter(words), None)),
    )  # fmt: skip
    faults.beside("kind")
    before = visit.read(deadlines.given, idea.idea_id).get(chosen or "")
    day = st.date_input(
        _("Day (empty: take it back)"), value=before.on_day if before else None,
        max_value="today", format=forms.date_format(), key=f"say-{chosen}-day",
    )  # fmt: skip
    faults.beside("on_day")
    amount = None
    if chosen and known[chosen].limit is not None:
        amount = st.number_input(
            _("Kroner, without VAT"), min_value=0, step=1000, key=f"say-{chosen}-amount",
            value=(before.amount or 0) if before else 0,
        )  # fmt: skip
        faults.beside("amount")
    if st.button(_("Save"), type="primary", key="say-do"):
        on_day = day if isinstance(day, date) else None
        answer = visit.write(
            deadlines.say, idea.idea_id, chosen or "", on_day,
            None if amount is None else int(amount),
        )  # fmt: skip
        forms.finish(answer, faults, _("Saved."))


def _own(visit: Visit) -> None:
    faults = Faults()
    label = st.text_input(
        _("What it is about (must be filled in)"), max_chars=LIMITS["title"], key="own-label",
        placeholder=_("for example: renew the permit"),
    )  # fmt: skip
    faults.beside("label")
    day = st.date_input(
        _("Day (empty: forget it)"), value=None, format=forms.date_format(), key="own-day-date"
    )
    faults.beside("on_day")
    if st.button(_("Save"), type="primary", key="own-do"):
        on_day = day if isinstance(day, date) else None
        forms.finish(visit.write(deadlines.remember_own, label or "", on_day), faults, _("Saved."))
