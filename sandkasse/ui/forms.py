"""Forms: faults beside their fields, and fields that several pages ask for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from sandkasse import clock, reasons
from sandkasse.i18n import LANGUAGES, _, language
from sandkasse.identity_numbers import seems_to_hold_one
from sandkasse.reasons import REASONS, Occasion
from sandkasse.ui.page import Refused, toast_next
from sandkasse.ui.text import plain


def worded(key: str, options: Sequence[Any], start: Any = None) -> str:
    """The key of a field for choosing among ``options``, which says them in words: the field begins
    with ``start`` (None: nothing is chosen), or with what was chosen in another language.

    Each language has a field of its own, because a browser goes on showing the words that a choice
    was first given in.
    """
    mine, state = key_in(language(), key), st.session_state
    for other in LANGUAGES:
        theirs = key_in(other, key)
        if theirs != mine and theirs in state:
            state[mine] = state[theirs]
            del state[theirs]
    if mine not in state:
        state[mine] = start
    elif isinstance(state[mine], list):
        state[mine] = [one for one in state[mine] if one in options]
    elif state[mine] is not None and state[mine] not in options:
        state[mine] = start
    return mine


def key_in(tongue: str, key: str) -> str:
    """The key that a field made with :func:`worded` has in a language."""
    return f"{key}-{tongue}"


def chosen(key: str) -> Any:
    """What stands in a field, of whatever kind; None: nothing, or there is no such field."""
    held = (st.session_state[one] for one in _keys(key) if one in st.session_state)
    return next(held, None)


def forget(key: str) -> None:
    """Empty a field, of whatever kind."""
    for one in _keys(key):
        st.session_state.pop(one, None)


def _keys(key: str) -> tuple[str, ...]:
    return (key, *(key_in(tongue, key) for tongue in LANGUAGES))


class Faults:
    """Places beside the fields of a form, in which what is wrong is written after sending."""

    def __init__(self) -> None:
        self._places = {"": st.container()}

    def beside(self, field: str) -> None:
        """Make a place here for what is wrong with ``field``."""
        self._places[field] = st.container()

    def show(self, refused: Refused) -> None:
        """Write each fault beside its field, and what belongs to no field at the top."""
        placed = {field for field in refused.fields if field in self._places}
        for field in placed:
            self._places[field].error(plain(refused.fields[field]), icon=":material/error:")
        if not placed:
            self._places[""].error(plain(refused.message), icon=":material/error:")
        elif len(placed) > 1:
            self._places[""].error(
                _("Some fields need another look. Nothing was saved."), icon=":material/error:"
            )


def finish(answer: object, faults: Faults, done: str) -> None:
    """After a write: show beside the fields why it was refused, or draw the page anew and say
    ``done``."""
    if isinstance(answer, Refused):
        faults.show(answer)
        return
    toast_next(done)
    st.rerun()


def tell(answer: object, done: str) -> None:
    """After a write without a form: draw the page anew and say ``done``, or why it was refused."""
    toast_next(answer.message if isinstance(answer, Refused) else done)
    st.rerun()


def careful(sent: bool, texts: Sequence[str], key: str, *, shown: bool = False) -> bool:
    """Whether what was sent goes on: at once, or, where a text seems to hold a national identity
    number, when the person says so. ``shown``: the texts are cleared by sending, so show them."""
    asked = f"{key}-careful"
    if sent:
        if not any(map(seems_to_hold_one, texts)):
            st.session_state.pop(asked, None)
            return True
        st.session_state[asked] = tuple(texts)
    kept = st.session_state.get(asked)
    if kept is None:
        return False
    st.warning(
        _(
            "This seems to hold a national identity number. Nobody here needs one: take it out, "
            "and send again. If it is another number, send it as it is."
        ),
        icon=":material/warning:",
    )
    if shown:
        st.text("\n".join(kept))
    if not st.button(_("Send anyway"), key=f"{asked}-anyway"):
        return False
    st.session_state[f"{key}-kept"] = st.session_state.pop(asked)
    return True


def kept_text(key: str, written: str) -> str:
    """The text that :func:`careful` asked about, when it was cleared; else what is written."""
    kept = st.session_state.pop(f"{key}-kept", None)
    return written or (str(kept[0]) if kept else "")


def reason_fields(occasion: Occasion, faults: Faults, key: str) -> tuple[str | None, str]:
    """Ask for a reason from the list of ``occasion``, and for words."""
    codes: Mapping[str, str] = REASONS[occasion]
    reason = st.selectbox(
        _("Reason"),
        list(codes),
        index=None,
        format_func=lambda code: _(codes[code]),
        placeholder=_("Choose a reason"),
        key=worded(f"{key}-reason", list(codes)),
    )
    faults.beside("reason")
    note = note_field(faults, key)
    return reason, note


def note_field(faults: Faults, key: str, label: str | None = None) -> str:
    """Ask for words that go with what is done."""
    note = st.text_area(
        label or _("In words (optional)"),
        key=f"{key}-note",
        max_chars=reasons.NOTE_LENGTH,
        height=90,
    )
    faults.beside("note")
    return note or ""


def day_field(faults: Faults, key: str) -> date | None:
    """Ask for the day on which something happened; None: now."""
    day = st.date_input(
        _("Day it happened (optional: otherwise now)"), value=None, max_value="today",
        format=date_format(), key=f"{key}-day", width=260,
    )  # fmt: skip
    faults.beside("occurred_at")
    return day if isinstance(day, date) else None


def moment_of(day: date | None) -> datetime | None:
    """The last moment of an earlier day, aware UTC; None, which is now, for today."""
    return None if day is None or day >= clock.today() else clock.end_of(day)


def date_format() -> str:
    """How Streamlit's date fields write a date in the language of the moment."""
    return "DD.MM.YYYY" if language() == "nb" else "DD/MM/YYYY"
