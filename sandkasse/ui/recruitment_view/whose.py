"""Whose an application is that came by a log: joining it to a person, and taking that back."""

import streamlit as st

from sandkasse import membership, people
from sandkasse.access import Action
from sandkasse.i18n import _
from sandkasse.people import LEVEL_NAMES, Person, Role
from sandkasse.recruitment import applications
from sandkasse.recruitment.applications import Application
from sandkasse.ui import forms, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def whose(visit: Visit, one: Application) -> None:
    """For leads, where the application came by a log."""
    if not visit.may(Action.JOIN_APPLICANT) or one.person_id == visit.actor.person_id:
        return
    if one.person_id is None:
        with st.container(border=True):
            st.header(_("Whose application is it?"), anchor=False)
            _join(visit, one)
    elif one.came_by_log:
        with st.container(border=True):
            st.header(_("Whose application is it?"), anchor=False)
            _joined(visit, one, one.person_id)


def _join(visit: Visit, one: Application) -> None:
    told = _(
        "It came by a log, under the name {name}. Joined to a student, it is on that student's own "
        "page, with its steps and reasons, but without notes and marks. Be sure that it is the "
        "same person: the student sees it at once."
    )
    st.caption(plain(told.format(name=one.name)))
    key = f"join-{one.application_id}"
    search = st.text_input(
        _("Name or address of the student"), one.name, key=f"{key}-search", max_chars=100
    )
    found = visit.read(membership.everybody, (search or "").strip(), Role.STUDENT)
    if not found.rows:
        st.caption(_("No student is called that here. Write less of the name."))
        return
    words = {person.person_id: _facts(person) for person in found.rows}
    faults = Faults()
    chosen = st.selectbox(
        _("Student (must be filled in)"), list(words), index=None, format_func=words.__getitem__,
        placeholder=_("Choose"), key=f"{key}-person",
    )  # fmt: skip
    faults.beside("person")
    if chosen is not None and st.button(_("Join to this student"), type="primary", key=key):
        answer = visit.write(applications.join, one.application_id, chosen)
        forms.finish(answer, faults, _("The application is joined."))


def _facts(person: Person) -> str:
    level = _(LEVEL_NAMES.get(person.level, person.level)) if person.level else None
    return " · ".join(filter(None, [person.name, person.email, level]))


def _joined(visit: Visit, one: Application, person_id: int) -> None:
    person = visit.know(people.find, person_id)
    told = _("It came by a log, under the name {name}, and is joined to {person}.")
    st.markdown(plain(told.format(name=one.name, person=_facts(person))))
    st.caption(_("Taken apart, it is no longer on the student's page. What was sent was sent."))
    if st.button(_("Take apart"), key=f"part-{one.application_id}", icon=":material/link_off:"):
        answer = visit.write(applications.part, one.application_id)
        page.toast_next(answer.message if isinstance(answer, Refused) else _("Taken apart."))
        st.rerun()
