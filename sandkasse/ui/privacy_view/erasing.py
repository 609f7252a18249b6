"""Erasure for leads: who asks, what would go, what is held back, and what was erased."""

from collections.abc import Mapping

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_, _, language, time_text
from sandkasse.privacy import erasure
from sandkasse.privacy.action_names import SUBJECT_NAMES
from sandkasse.privacy.table_names import counted
from sandkasse.texts import LIMITS
from sandkasse.ui import choices, page
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_KIND_NAMES = {
    "person": N_("A person"),
    "idea": N_("An idea's texts"),
    "application": N_("An application"),
    "contact": N_("A contact person"),
    "retention": N_("What was kept long enough"),
}

_LOOKED_UP = {
    "person": (Action.SEE_PEOPLE, "people"),
    "idea": (Action.SEE_IDEA, "idea:{n}"),
    "application": (Action.SEE_APPLICATION, "application:{n}"),
    "contact": (Action.SEE_AGENCIES, "contact:{n}"),
}


def erasing(visit: Visit) -> None:
    """Requests, the thing chosen, what is blocked, and what was done."""
    _requests(visit)
    _chosen(visit)
    _blocked(visit)
    _done(visit)


def _requests(visit: Visit) -> None:
    st.header(_("Who asks to be erased"), anchor=False)
    found = visit.fetch(erasure.requests)
    if not found:
        st.caption(_("Nobody waits for an answer."))
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            told = _("{name}, asked {time}").format(name=one.name, time=time_text(one.recorded_at))
            st.text(told)
            if st.button(_("Look at it"), key=f"request-{one.person_id}"):
                _choose("person", one.person_id)
                st.rerun()


def _choose(kind: str, number: int) -> None:
    st.query_params["kind"] = kind
    st.query_params["number"] = str(number)


def _chosen(visit: Visit) -> None:
    st.header(_("Erase"), anchor=False)
    words = {kind: _(name) for kind, name in _KIND_NAMES.items() if kind in erasure.KINDS}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = choices.one_of("kind", _("What"), list(words), words.__getitem__, width=220)
        number = choices.number("number", _("Which number"), None)
    if number is None:
        st.caption(_("Choose what is to be erased, and its number. Nothing is done yet."))
        return
    shown = visit.write(erasure.preview, kind, number)
    if isinstance(shown, Refused):
        st.error(plain(shown.message), icon=":material/info:")
        return
    # What is shown of somebody here is a look-up as it is anywhere else.
    action, subject = _LOOKED_UP[kind]
    visit.looked_up(action, subject.format(n=number), [number] if subject == "people" else [])
    st.subheader(plain(shown.called), anchor=False)
    _would_go(shown)
    _decide(visit, kind, number, shown)


def _would_go(shown: erasure.Preview) -> None:
    told = {
        _("Goes in any case"): shown.working,
        _("Belongs to a public case: the Archives Act may require that it is kept"): shown.record,
    }
    for heading, counts in told.items():
        st.markdown(f"**{heading}**")
        st.markdown(plain(_rows(counts)))
    if shown.shared_ideas:
        numbers = ", ".join(map(str, shown.shared_ideas))
        told_shared = _("Others are part of these ideas, so their texts stay: {ideas}")
        st.markdown(plain(told_shared.format(ideas=numbers)))
    _named(shown)


def _named(shown: erasure.Preview) -> None:
    if shown.mentions:
        heading = _("Where the name is written")
        st.markdown(f"**{heading}**")
        st.markdown(plain(_rows(shown.mentions)))
        st.caption(
            _(
                "This counts what goes as well. A name within what others wrote about something "
                "else stays: look for it, and have it edited."
            )
        )


def _rows(counts: Mapping[str, int]) -> str:
    return counted(counts) or _("nothing")


def _decide(visit: Visit, kind: str, number: int, shown: erasure.Preview) -> None:
    keys = f"{kind}-{number}-{language()}"
    words = {
        True: _("Keep what belongs to a public case, blocked: only leads see it"),
        False: _("Erase that as well"),
    }
    keep = True
    if shown.record:
        keep = bool(
            st.radio(_("The public case"), [True, False], format_func=words.__getitem__,
                     key=f"keep-{keys}")
        )  # fmt: skip
    reason = st.text_area(
        _("Reason (name nobody: it stays in the audit)"), key=f"reason-{keys}",
        max_chars=LIMITS["reason"], height=80,
    )  # fmt: skip
    sure = st.checkbox(_("I have looked at what goes; it cannot be undone"), key=f"sure-{keys}")
    asked = kind == "person" and any(
        one.person_id == number for one in visit.fetch(erasure.requests)
    )
    with st.container(horizontal=True):
        if st.button(_("Erase"), type="primary", key="erase-do", disabled=not sure):
            _answered(
                visit.write(erasure.erase, kind, number, keep_record=keep, reason=reason or "")
            )
        if asked and st.button(_("Refuse the request"), key="erase-refuse"):
            _answered(visit.write(erasure.refuse, number, reason or ""))
    if kind == "person":
        st.caption(
            _(
                "Once erased, the person can no longer be told here. Write to them first that it "
                "is done, and what is kept."
            )
        )


def _answered(answer: object) -> None:
    if isinstance(answer, Refused):
        st.error(plain(answer.message), icon=":material/error:")
        return
    for name in ("kind", "number"):
        st.query_params.pop(name, None)
    page.toast_next(_("Saved."))
    st.rerun()


def _blocked(visit: Visit) -> None:
    st.header(_("Held back"), anchor=False)
    found = visit.fetch(erasure.blocked)
    if not found:
        st.caption(_("Nothing is blocked."))
    for kind, number, since in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = _(SUBJECT_NAMES[kind]).format(n=number)
            st.text(_("{name}, blocked since {time}").format(name=name, time=time_text(since)))
            if st.button(_("Look at it"), key=f"blocked-{kind}-{number}"):
                _choose(kind, number)
                st.rerun()


def _done(visit: Visit) -> None:
    found = visit.fetch(erasure.done)
    if not found:
        return
    st.header(_("What was erased"), anchor=False)
    st.dataframe(
        {
            _("When"): [time_text(one.recorded_at) for one in found],
            _("What"): [_(_KIND_NAMES[one.kind]) for one in found],
            _("Id number"): [one.about_id for one in found],
            _("Asked for by the person"): [
                _("Yes") if one.asked_by is not None else _("No") for one in found
            ],
            _("Public case kept"): [_("Yes") if one.keep_record else _("No") for one in found],
            _("Rows"): [_rows(one.counts) for one in found],
        },
        hide_index=True,
        alt=_("What was erased, the latest first"),
    )
