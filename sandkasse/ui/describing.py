"""The form in which a team describes its idea, and what is like it."""

from dataclasses import fields as dataclass_fields

import streamlit as st

from sandkasse import agencies, idea_bank
from sandkasse.descriptions import Description
from sandkasse.i18n import _, language
from sandkasse.idea_bank import Similar
from sandkasse.ideas import FIELD_NAMES
from sandkasse.journeys import Journey
from sandkasse.people import LEVEL_NAMES
from sandkasse.texts import LIMITS
from sandkasse.themes import THEMES
from sandkasse.ui import forms, listing, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit


def fields(
    visit: Visit, journey: Journey, start: Description, faults: Faults, key: str
) -> Description:
    """Ask for a description, beginning with ``start``; nothing is checked before it is sent."""
    title = _line("title", start.title, faults, key, live=True)
    problem = _text(
        "problem", start.problem, faults, key, _("What is difficult today, and for whom?")
    )
    solution = _text("solution", start.solution, faults, key, _("What do you want to make or try?"))
    audience = _text("audience", start.audience, faults, key, _("Who will use it or pay for it?"))
    with st.container(horizontal=True):
        level = _level(journey, start.level, faults, key)
        theme = _theme(start.theme, faults, key)
        graduation = st.date_input(
            _optional("graduation"), value=start.graduation, format=forms.date_format(),
            key=f"{key}-graduation", width=220,
        )  # fmt: skip
    faults.beside("graduation")
    needed = _agencies(visit, start.agencies, faults, key)
    needs = _text(
        "needs", start.needs, faults, key, _("Permits, advice, data, somewhere to test …")
    )
    team = _text(
        "team",
        start.team,
        faults,
        key,
        _("One a line: a name, or the e-mail of a student who is to see the idea."),
    )
    return Description(
        title, problem, solution, audience, theme, level, needs, needed,
        graduation or None, team,
    )  # fmt: skip


def texts(written: Description) -> tuple[str, ...]:
    """The free texts of a description."""
    return (written.title, written.problem, written.solution, written.audience, written.needs,
            written.team)  # fmt: skip


def forget(key: str) -> None:
    """Empty the form."""
    for field in dataclass_fields(Description):
        forms.forget(f"{key}-{field.name}")
    st.session_state.pop(f"{key}-careful", None)


def _required(field: str) -> str:
    return _("{field} (must be filled in)").format(field=_(FIELD_NAMES[field]))


def _optional(field: str) -> str:
    return _("{field} (optional)").format(field=_(FIELD_NAMES[field]))


def _label(field: str) -> str:
    return _required(field) if field in ("title", "problem", "level") else _optional(field)


def _line(field: str, start: str, faults: Faults, key: str, *, live: bool) -> str:
    written = st.text_input(
        _label(field), value=start, max_chars=LIMITS[field], key=f"{key}-{field}",
        live="600ms" if live else False,
    )  # fmt: skip
    faults.beside(field)
    return written or ""


def _text(field: str, start: str, faults: Faults, key: str, help_text: str) -> str:
    written = st.text_area(
        _label(field), value=start, max_chars=LIMITS[field], placeholder=help_text,
        key=f"{key}-{field}", height=110,
    )  # fmt: skip
    faults.beside(field)
    return written or ""


def _level(journey: Journey, start: str | None, faults: Faults, key: str) -> str | None:
    levels = list(journey.levels)
    if not levels:
        return None
    words = {one: _(LEVEL_NAMES.get(one, one)) for one in levels}
    with st.container(width=220):
        chosen = st.selectbox(
            _label("level"),
            levels,
            index=None,
            format_func=words.__getitem__,
            key=forms.worded(f"{key}-level", levels, start if start in levels else None),
            placeholder=_("Choose a level"),
        )
        faults.beside("level")
    return chosen


def _theme(start: str | None, faults: Faults, key: str) -> str | None:
    words = {theme: _(name) for theme, name in THEMES.items()}
    with st.container(width=260):
        chosen = st.selectbox(
            _label("theme"),
            list(words),
            index=None,
            format_func=words.__getitem__,
            key=forms.worded(f"{key}-theme", list(words), start if start in words else None),
            placeholder=_("Choose a theme"),
        )
        faults.beside("theme")
    return chosen


def _agencies(visit: Visit, start: tuple[str, ...], faults: Faults, key: str) -> tuple[str, ...]:
    known = {agency.id: agency.name.in_(language()) for agency in visit.know(agencies.listed)}
    chosen = st.multiselect(
        _("Agencies you think you will meet (optional)"), list(known),
        format_func=known.__getitem__, placeholder=_("Choose agencies"),
        key=forms.worded(f"{key}-agencies", list(known), [one for one in start if one in known]),
    )  # fmt: skip
    faults.beside("agencies")
    return tuple(chosen)


def similar(visit: Visit, written: Description, but: int | None = None) -> None:
    """Show the ideas most like what is written, among those the person may see."""
    found = visit.read(idea_bank.similar, written.title, written.problem, but=but)
    if not found:
        return
    known = states.journeys_by_id(visit)
    st.markdown(_("**Ideas like this one**"))
    st.caption(_("Have a look: perhaps you can join forces. You can submit yours all the same."))
    listing.draw(_("Ideas like this one"), [_alike(idea, known) for idea in found], key="similar")


def _alike(idea: Similar, known: dict[str, Journey]) -> Row:
    where = known[idea.journey_id].stage(idea.stage_id).name.in_(language())
    return Row(
        idea.idea_id, idea.title, f"idea?idea={idea.idea_id}", (where,), (Mark(_("similar")),)
    )
