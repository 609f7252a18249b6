"""The form in which a team describes its idea, and what is like it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date

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
    visit: Visit,
    journey: Journey,
    start: Description,
    faults: Faults,
    key: str,
    changed: Callable[[], None] | None = None,
) -> Description:
    """Ask for a description, beginning with ``start``; nothing is checked before it is sent.
    ``changed`` is called whenever a field has been filled in."""
    ask = _Asking(start, faults, key, changed)
    title = ask.line("title", live=True)
    problem = ask.text("problem", _("What is difficult today, and for whom?"))
    solution = ask.text("solution", _("What do you want to make or try?"))
    audience = ask.text("audience", _("Who will use it or pay for it?"))
    with st.container(horizontal=True):
        level = ask.level(journey)
        theme = ask.theme()
        graduation = st.date_input(
            _optional("graduation"), value=start.graduation, format=forms.date_format(),
            key=f"{key}-graduation", width=220, on_change=changed,
        )  # fmt: skip
    faults.beside("graduation")
    needed = ask.agencies(visit)
    needs = ask.text("needs", _("Permits, advice, data, somewhere to test …"))
    team = ask.text(
        "team", _("One a line: a name, or the e-mail of a student who is to see the idea.")
    )
    return Description(
        title, problem, solution, audience, theme, level, needs, needed,
        graduation or None, team,
    )  # fmt: skip


def typed(key: str) -> Description:
    """What stands in the fields now, for whoever is called when one of them has changed."""
    held = {
        field.name: forms.chosen(f"{key}-{field.name}") for field in dataclass_fields(Description)
    }
    graduation = held.pop("graduation")
    return Description(
        **{name: text or "" for name, text in held.items() if name in LIMITS},
        theme=held["theme"],
        level=held["level"],
        agencies=tuple(held["agencies"] or ()),
        graduation=graduation if isinstance(graduation, date) else None,
    )


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


@dataclass(frozen=True)
class _Asking:
    """What all fields of one form have in common."""

    start: Description
    faults: Faults
    key: str
    changed: Callable[[], None] | None

    def line(self, field: str, *, live: bool) -> str:
        written = st.text_input(
            _label(field), value=getattr(self.start, field), max_chars=LIMITS[field],
            key=f"{self.key}-{field}", live="600ms" if live else False, on_change=self.changed,
        )  # fmt: skip
        self.faults.beside(field)
        return written or ""

    def text(self, field: str, help_text: str) -> str:
        written = st.text_area(
            _label(field), value=getattr(self.start, field), max_chars=LIMITS[field],
            placeholder=help_text, key=f"{self.key}-{field}", height=110, on_change=self.changed,
        )  # fmt: skip
        self.faults.beside(field)
        return written or ""

    def level(self, journey: Journey) -> str | None:
        levels = list(journey.levels)
        if not levels:
            return None
        words = {one: _(LEVEL_NAMES.get(one, one)) for one in levels}
        return self._choice("level", words, _("Choose a level"), 220)

    def theme(self) -> str | None:
        words = {theme: _(name) for theme, name in THEMES.items()}
        return self._choice("theme", words, _("Choose a theme"), 260)

    def _choice(
        self, field: str, words: dict[str, str], placeholder: str, width: int
    ) -> str | None:
        start = getattr(self.start, field)
        with st.container(width=width):
            chosen = st.selectbox(
                _label(field),
                list(words),
                index=None,
                format_func=words.__getitem__,
                key=forms.worded(
                    f"{self.key}-{field}", list(words), start if start in words else None
                ),
                placeholder=placeholder,
                on_change=self.changed,
            )
            self.faults.beside(field)
        return chosen

    def agencies(self, visit: Visit) -> tuple[str, ...]:
        known = {agency.id: agency.name.in_(language()) for agency in visit.know(agencies.listed)}
        start = [one for one in self.start.agencies if one in known]
        chosen = st.multiselect(
            _("Agencies you think you will meet (optional)"), list(known),
            format_func=known.__getitem__, placeholder=_("Choose agencies"),
            key=forms.worded(f"{self.key}-agencies", list(known), start), on_change=self.changed,
        )  # fmt: skip
        self.faults.beside("agencies")
        return tuple(chosen)


def similar(visit: Visit, written: Description, but: int | None = None) -> None:
    """Show the ideas most like what is written, among those the person may see."""
    found = visit.read(idea_bank.similar, written.title, written.problem, but=but)
    if not found:
        return
    known = states.journeys_by_id(visit)
    st.markdown(_("**Ideas like this one**"))
    st.caption(_("Have a look: perhaps you can join forces. You can submit yours all the same."))
    opened = listing.draw(
        _("Ideas like this one"), [_alike(idea, known) for idea in found], key="similar"
    )
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})


def _alike(idea: Similar, known: dict[str, Journey]) -> Row:
    journey = known[idea.journey_id]
    where = journey.stage(idea.stage_id).name.in_(language())
    row = Row(idea.idea_id, idea.title, f"idea?idea={idea.idea_id}", (where,))
    if idea.exit_id is None:
        return row
    way_out = Mark(journey.exit(idea.exit_id).name.in_(language()))
    return replace(row, facts=(_("Left from {stage}").format(stage=where),), marks=(way_out,))
