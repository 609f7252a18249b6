"""The choices above a list, a board or a figure, kept in the address so that a view can be shared.

The address holds ids, not words, so that a link reads the same in both languages. It is the truth:
a widget is set from it before it is drawn, and writes to it when it is changed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from sandkasse import people
from sandkasse.board import Filter
from sandkasse.i18n import _, language
from sandkasse.journeys import Journey
from sandkasse.people import LEVEL_NAMES, LEVELS
from sandkasse.themes import THEMES
from sandkasse.ui import forms
from sandkasse.ui.page import Visit

ALL = ""


def asked_id(name: str) -> int | None:
    """The id of the thing that the address asks for under ``name``; None where it asks for none."""
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) <= 15 else None


def one_of(
    name: str,
    label: str,
    options: Sequence[str],
    words: Callable[[str], str],
    *,
    width: int = 156,
    default: str | None = None,
) -> str:
    """A choice of one of ``options`` under ``name`` in the address; without one there, ``default``,
    or the first."""
    usual = default if default in options else options[0]
    chosen = st.query_params.get(name, usual)
    key = _set(name, chosen if chosen in options else usual)
    chosen = st.selectbox(
        label,
        list(options),
        format_func=words,
        key=key,
        on_change=_keep,
        args=(name, usual),
        width=width,
    )
    return str(chosen)


def yes_no(name: str, label: str) -> bool:
    """A choice of yes or no, no by default."""
    key = _set(name, st.query_params.get(name) == "1")
    return st.checkbox(label, key=key, on_change=_keep, args=(name, False))


def day(name: str, label: str, default: date | None, *, hint: str | None = None) -> date | None:
    """A choice of a date, ISO in the address."""
    try:
        chosen = date.fromisoformat(st.query_params[name]) if name in st.query_params else default
    except ValueError:
        chosen = default
    key = _set(name, chosen)
    picked = st.date_input(
        label, value=None, format=forms.date_format(), key=key, on_change=_keep,
        args=(name, default), min_value=date(1900, 1, 1), help=hint, width=156,
    )  # fmt: skip
    return picked if isinstance(picked, date) else None


def _key(name: str) -> str:
    # Each language has widgets of its own: a browser goes on showing the words that a widget's
    # choice was first given in.
    return f"choice-{name}-{language()}"


def _set(name: str, value: Any) -> str:
    key = _key(name)
    if st.session_state.get(key) != value or key not in st.session_state:
        st.session_state[key] = value
    return key


def _keep(name: str, default: Any) -> None:
    value = st.session_state[_key(name)]
    st.query_params.pop("page", None)
    if value == default or value is None:
        st.query_params.pop(name, None)
    elif isinstance(value, date):
        st.query_params[name] = value.isoformat()
    else:
        st.query_params[name] = "1" if value is True else str(value)


def search(label: str | None = None) -> str:
    """A search field; what is written is looked for while it is written."""
    key = _set("search", st.query_params.get("search", "")[:100])
    found = st.text_input(
        label or _("Search"),
        type="search",
        live="400ms",
        key=key,
        on_change=_keep,
        args=("search", ""),
        max_chars=100,
        placeholder=_("a word or two"),
        icon=":material/search:",
        width=240,
    )
    return found or ""


def text(name: str, label: str, example: str) -> str:
    """A text to look for, under ``name`` in the address."""
    key = _set(name, st.query_params.get(name, "")[:100])
    found = st.text_input(
        label, key=key, on_change=_keep, args=(name, ""), max_chars=100, placeholder=example,
        width=200,
    )  # fmt: skip
    return (found or "").strip()


def view(words: Mapping[str, str]) -> str:
    """Which view of a page that has several; nothing is asked where there is one."""
    names = list(words)
    if len(names) < 2:
        return names[0]
    chosen = st.query_params.get("view", names[0])
    key = _set("view", chosen if chosen in words else names[0])
    picked = st.radio(
        _("View"), names, format_func=words.__getitem__, key=key, horizontal=True,
        label_visibility="collapsed", on_change=_keep, args=("view", names[0]),
    )  # fmt: skip
    return str(picked)


def agency(words: Mapping[str, str]) -> str | None:
    """Which agency, or all."""
    named = {ALL: _("All agencies"), **words}
    return one_of("agency", _("Agency"), list(named), named.__getitem__, width=260) or None


def journey(known: Mapping[str, Journey]) -> str:
    """Which sandbox."""
    words = {one: known[one].name.in_(language()) for one in known}
    return one_of("sandbox", _("Sandbox"), list(known), words.__getitem__, width=236)


def any_journey(known: Mapping[str, Journey]) -> str | None:
    """Which sandbox, or all."""
    words = {ALL: _("All sandboxes"), **{one: known[one].name.in_(language()) for one in known}}
    return one_of("sandbox", _("Sandbox"), list(words), words.__getitem__, width=236) or None


def level(of: Journey | None = None) -> str | None:
    """Which level, or all."""
    levels = of.levels if of else LEVELS
    words = {ALL: _("All levels"), **{one: _(LEVEL_NAMES.get(one, one)) for one in levels}}
    return one_of("level", _("Level"), list(words), words.__getitem__, width=140) or None


def theme() -> str | None:
    """Which theme, or all."""
    words = {ALL: _("All themes"), **{one: _(THEMES[one]) for one in THEMES}}
    return one_of("theme", _("Theme"), list(words), words.__getitem__) or None


def stage(of: Journey | None) -> str | None:
    """Which stage, all, or those that have left; only when one sandbox is chosen."""
    words = {ALL: _("All stages"), "left": _("Has left")}
    if of is not None:
        words |= {one.id: one.name.in_(language()) for one in of.stages}
    return one_of("stage", _("Stage"), list(words), words.__getitem__) or None


def stage_of(
    of: Journey, name: str, *, skip: int = 0, every: bool = False, default: str | None = None
) -> str:
    """Which stage of a journey, but the first ``skip``; with ``every``, or all of them."""
    words = {ALL: _("All stages")} if every else {}
    words |= {one.id: one.name.in_(language()) for one in of.stages[skip:]}
    return one_of(name, _("Stage"), list(words), words.__getitem__, width=200, default=default)


def mentor(visit: Visit) -> int | None:
    """Which mentor: anybody (None), nobody (0), or one."""
    words = {ALL: _("All mentors"), "0": _("Without a mentor")}
    words |= {str(one.person_id): one.name for one in visit.know(people.mentors)}
    chosen = one_of("mentor", _("Mentor"), list(words), words.__getitem__)
    return int(chosen) if chosen else None


def overdue() -> bool:
    """Only what has been longer in its stage than expected."""
    return yes_no("overdue", _("Only over the expected time"))


def page_number(name: str = "page") -> int:
    """The page of a list that the address asks for, from 1; drawn by :func:`pager`."""
    asked = st.query_params.get(name, "1")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 8 else 1


def pager(total: int, size: int, page: int, name: str = "page") -> None:
    """Ways to the other pages of a list, where there are any; ``name`` is the list's own where a
    screen has several."""
    pages = max(1, -(-total // size))
    page = min(page, pages)
    if pages > 1:
        # The key changes with the page, so that the address alone decides which one is shown.
        key = f"choice-{name}-{page}"
        st.pagination(pages, default=page, key=key, on_change=_keep_page, args=(name, key))


def _keep_page(name: str, key: str) -> None:
    st.query_params[name] = str(st.session_state[key])


def column_pages(wanted: Filter) -> dict[str, int]:
    """The page each column of the board shows; a new filter begins anew."""
    kept = st.session_state.get("board-pages")
    return dict(kept[1]) if kept and kept[0] == wanted else {}


def turn_page(wanted: Filter, stage_id: str, page: int) -> None:
    """Show another page of one column."""
    pages = column_pages(wanted) | {str(stage_id): max(1, int(page))}
    st.session_state["board-pages"] = (wanted, tuple(pages.items()))
    st.rerun()


def number(name: str, label: str, default: int | None, *, hint: str | None = None) -> int | None:
    """A choice of a whole number from 1 up."""
    asked = st.query_params.get(name, "")
    chosen = int(asked) if asked.isdecimal() and 0 < len(asked) < 8 and int(asked) else default
    key = _set(name, chosen)
    picked = st.number_input(
        label, min_value=1, step=1, value=None, key=key, on_change=_keep, args=(name, default),
        help=hint, width=156,
    )  # fmt: skip
    return None if picked is None else int(picked)
