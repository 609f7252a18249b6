"""Time in study weeks: which institution's, and what is taken out."""

import streamlit as st

from sandkasse.i18n import _, language, list_text
from sandkasse.terms import Calendar, calendars
from sandkasse.ui import choices


def choose() -> str | None:
    """Days, or the study weeks of an institution."""
    words = {choices.ALL: _("Days")}
    words |= {
        one.id: _("Study weeks: {institution}").format(institution=one.name.in_(language()))
        for one in calendars().values()
    }
    return (
        choices.one_of("terms", _("Unit of time"), list(words), words.__getitem__, width=236)
        or None
    )


def explain(calendar: Calendar) -> None:
    """What is taken out of study time, and what of it is assumed."""
    out = list_text([period.name.in_(language()) for period in calendar.periods])
    told = _(
        "A study week is five weekdays that are no public holiday and lie outside: {periods}."
    ).format(periods=out)
    assumed = [period.name.in_(language()) for period in calendar.assumptions]
    if assumed:
        told += " " + _("Assumed, not published: {periods}.").format(periods=list_text(assumed))
    st.caption(told)
