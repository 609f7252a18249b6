"""One application on the screen: for the applicant how it stands, for the agency what to do."""

from datetime import date
from typing import Any

import streamlit as st

from sandkasse import reasons
from sandkasse.access import Action
from sandkasse.application import (
    ALLOWED,
    APPLICANT_KINDS,
    KIND_NAMES,
    NEXT_STEP_NAMES,
    Kind,
    NextStep,
)
from sandkasse.i18n import N_, _, date_text, ngettext_, number_text, time_text
from sandkasse.reasons import Occasion
from sandkasse.recruitment import applications, assessments, positions
from sandkasse.recruitment.applications import SOURCES, Application
from sandkasse.recruitment.assessments import CRITERIA, HIGHEST, LOWEST, Assessments, Mark
from sandkasse.ui import correcting, forms, page, receipt
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.receipt import Done
from sandkasse.ui.text import paragraphs, plain

_TO_THE_APPLICANT = {
    Kind.RECEIVED: N_("It has come in. The agency looks at it."),
    Kind.SCREENED: N_("The agency has looked at it, and goes on with it."),
    Kind.INTERVIEW: N_("You are invited to an interview. The agency contacts you."),
    Kind.OFFER: N_("You have an offer. Say yes or no below."),
    Kind.ACCEPTED: N_("You have accepted the offer. The agency tells you when you begin."),
    Kind.DECLINED: N_("You have declined the offer."),
    Kind.REJECTED: N_("You did not get the position this time."),
    Kind.WITHDRAWN: N_("You have taken the application back."),
    Kind.STARTED: N_("You have begun in the position."),
    Kind.ENDED: N_("The job has ended."),
}

#: What is asked for, said as what one does.
_DOING = {
    Kind.SCREENED: N_("Go on with it"),
    Kind.INTERVIEW: N_("Invite to an interview"),
    Kind.OFFER: N_("Offer a seat"),
    Kind.ACCEPTED: N_("Accept the offer"),
    Kind.DECLINED: N_("Decline the offer"),
    Kind.REJECTED: N_("Reject"),
    Kind.WITHDRAWN: N_("Take the application back"),
    Kind.STARTED: N_("Record the first day"),
    Kind.ENDED: N_("Record the last day"),
    Kind.NEXT: N_("Say what came after"),
    Kind.NOTE: N_("Write an internal note"),
}


#: Steps that a drag on the board takes at once: they need no more, and the agency alone owes the
#: next. An offer binds, and what the applicant says is recorded with care: those open the form.
_AT_ONCE = (Kind.SCREENED, Kind.INTERVIEW)


def application_heading(visit: Visit, one: Application) -> None:
    """Whose application for what, and how it stands."""
    position = visit.read(positions.get, one.position_id)
    own = one.person_id == visit.actor.person_id
    title = position.title if own else one.name or _("Unnamed")
    st.title(plain(title), anchor=False)
    st.page_link(
        "pages/position.py", label=plain(position.title), icon=":material/badge:",
        query_params={"position": str(one.position_id)},
    )  # fmt: skip
    told = _(_TO_THE_APPLICANT[one.state]) if own else _(KIND_NAMES[one.state])
    if one.seat_no is not None and one.started_on is not None:
        seat = _("Seat {n}, from {day}").format(n=one.seat_no, day=date_text(one.started_on))
        told = f"{told} {seat}" if own else f"{told}: {seat}"
    st.info(plain(told), icon=":material/flag:")


def record(visit: Visit, one: Application) -> None:
    """A form for what happens now: the applicant's answers, or the agency's steps."""
    if _possible(visit, one):
        st.header(_("What happens now?"), anchor=False)
        _form(visit, one, f"apply-event-{one.application_id}-{one.last_seq}")


def move(visit: Visit, application_id: int, to: str | None, seen: int) -> None:
    """Move an application on the board, to the step of a column (None: ask for it). What needs no
    more is done at once, and can be undone; else the form opens. ``seen`` is the number of the last
    event that the card on the board knew."""
    one = visit.read(applications.get, application_id)
    if to not in _AT_ONCE or Kind(to) not in _possible(visit, one):
        st.dialog(_("What happens now?"))(_moving)(visit, one, to)
        return
    answer = visit.write(applications.record, application_id, Kind(to), expected_seq=seen)
    if isinstance(answer, Refused):
        page.toast_next(answer.message)
    else:
        name = one.name or _("Unnamed")
        message = f"{name}: {_(KIND_NAMES[Kind(to)])}"
        receipt.keep(Done(message, applications.correct, application_id, answer.seq))
    st.rerun()


def _moving(visit: Visit, one: Application, to: str | None) -> None:
    st.text(one.name or _("Unnamed"))
    possible = _possible(visit, one)
    wanted = next((kind for kind in possible if kind == to), None)
    if to in KIND_NAMES and wanted is None:
        told = _("From «{here}» an application cannot go to «{there}».").format(
            here=_(KIND_NAMES[one.state]), there=_(KIND_NAMES[Kind(to)])
        )
        back = _("A step that never happened is corrected on the application's own page.")
        st.info(plain(f"{told} {back}"), icon=":material/info:")
    _form(visit, one, f"move-application-{one.application_id}-{one.last_seq}-{to}", wanted)


def _possible(visit: Visit, one: Application) -> list[Kind]:
    """What somebody can record of an application now."""
    within = visit.read(applications.sees_within, one.application_id)
    return [
        kind
        for kind in _DOING
        if one.state in ALLOWED[kind]
        and (within or kind in APPLICANT_KINDS)
        and not (kind is Kind.NEXT and one.next_step is not None)
    ]


def _form(visit: Visit, one: Application, key: str, first: Kind | None = None) -> None:
    """What happens now (``first`` is chosen beforehand), what that needs, and the button."""
    within = visit.read(applications.sees_within, one.application_id)
    faults = Faults()
    words = {kind.value: _(_DOING[kind]) for kind in _possible(visit, one)}
    chosen = st.selectbox(
        _("What happens now?"), list(words), index=None, format_func=words.__getitem__,
        placeholder=_("Choose"), label_visibility="collapsed",
        key=forms.worded(f"{key}-kind", list(words), first and first.value),
    )  # fmt: skip
    faults.beside("kind")
    if chosen is None:
        return
    kind = Kind(chosen)
    given = _given(visit, one, kind, within, faults, key)
    if st.button(words[chosen], type="primary", key=f"{key}-do"):
        answer = visit.write(
            applications.record, one.application_id, kind, expected_seq=one.last_seq, **given
        )
        forms.finish(answer, faults, _("Saved."))


def _given(
    visit: Visit, one: Application, kind: Kind, within: bool, faults: Faults, key: str
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    occasion = {Kind.REJECTED: Occasion.REJECTION, Kind.ENDED: Occasion.JOB_END}.get(kind)
    if kind is Kind.STARTED:
        given |= _seat(visit, one, faults, key)
    if kind is Kind.NEXT:
        words = {step.value: _(NEXT_STEP_NAMES[step]) for step in NextStep}
        step = st.radio(
            _("What came after"), list(words), index=None, format_func=words.__getitem__,
            key=f"{key}-next",
        )  # fmt: skip
        faults.beside("next_step")
        given["next_step"] = NextStep(step) if step else None
    if occasion is not None:
        given["reason"], given["note"] = forms.reason_fields(occasion, faults, key)
    elif within:
        label = _("The note (must be filled in)") if kind is Kind.NOTE else None
        given["note"] = forms.note_field(faults, key, label)
    if within:
        given["occurred_at"] = forms.moment_of(forms.day_field(faults, key))
        st.caption(_("Words are for the agency alone; the applicant sees step, day and reason."))
    return given


def _seat(visit: Visit, one: Application, faults: Faults, key: str) -> dict[str, Any]:
    planned = visit.read(positions.planned, one.position_id)
    numbers = [seat.seat_no for seat in planned]
    with st.container(horizontal=True):
        seat_no = st.selectbox(
            _("Seat (optional: otherwise the first free)"), numbers, index=None,
            placeholder=_("The first free"), key=f"{key}-seat", width=280,
        )  # fmt: skip
        until_on = st.date_input(
            _("Last day agreed (optional)"), value=None, format=forms.date_format(),
            key=f"{key}-until", width=220,
        )  # fmt: skip
    faults.beside("seat_no")
    faults.beside("until_on")
    return {"seat_no": seat_no, "until_on": until_on if isinstance(until_on, date) else None}


def history(visit: Visit, one: Application) -> None:
    """What has happened, latest first, and for the agency a way to correct it."""
    st.header(_("What has happened"), anchor=False)
    within = visit.read(applications.sees_within, one.application_id)
    for told in visit.read(applications.told, one.application_id):
        event = told.event
        with st.container(border=True, gap="xsmall"):
            name = _(KIND_NAMES[event.kind])
            voided = told.voided_by is not None
            st.markdown(f"~~{plain(name)}~~" if voided else f"**{plain(name)}**")
            facts = [time_text(event.occurred_at), told.actor]
            if event.reason:
                facts.append(reasons.text(event.reason))
            if event.next_step:
                facts.append(_(NEXT_STEP_NAMES[event.next_step]))
            if voided:
                facts.append(_("corrected"))
            st.caption(plain(" · ".join(fact for fact in facts if fact)))
            if event.note:
                st.markdown(paragraphs(event.note))
            correctable = event.kind not in (Kind.RECEIVED, Kind.VOID) and not voided
            if within and correctable:
                correcting.offer(
                    visit, name, applications.correct, one.application_id,
                    seq=event.seq, expected_seq=one.last_seq,
                )  # fmt: skip


def said(visit: Visit, one: Application) -> None:
    """What the applicant said, with the PDF, and earlier applications as a fact."""
    with st.container(border=True):
        st.header(_("The application"), anchor=False)
        st.markdown(paragraphs(one.words) if one.words else _("No words came with it."))
        facts = [_(SOURCES.get(one.source, one.source))]
        if one.graduation is not None:
            facts.append(_("studies end {day}").format(day=date_text(one.graduation)))
        st.caption(plain(" · ".join(facts)))
        if one.has_paper:
            paper = visit.read(applications.paper, one.application_id)
            if paper is not None:
                st.download_button(
                    ngettext_(
                        "Fetch the PDF ({n} page)", "Fetch the PDF ({n} pages)", paper.pages
                    ).format(n=number_text(paper.pages)),
                    paper.content, file_name=paper.name, mime="application/pdf",
                    icon=":material/download:", key="application-paper",
                    on_click=visit.looked_up,
                    args=(Action.SEE_APPLICATION, f"application:{one.application_id}:paper"),
                )  # fmt: skip
    if not visit.read(applications.sees_within, one.application_id):
        return
    for known in visit.read(applications.earlier, one.application_id):
        title = visit.read(positions.get, known.position_id).title
        fact = _("Has also applied for {title} ({day}): {state}").format(
            title=title, day=date_text(known.received_at), state=_(KIND_NAMES[known.state])
        )
        st.caption(plain(fact))


def assess(visit: Visit, one: Application) -> None:
    """Marks after the interview: one's own first, then each one's, then the average."""
    if not visit.read(applications.sees_within, one.application_id):
        return
    if one.state in (Kind.RECEIVED, Kind.SCREENED):
        return
    found = visit.read(assessments.listed, one.application_id)
    with st.container(border=True):
        st.header(_("After the interview"), anchor=False)
        st.caption(_("1 is weak, 5 is strong. The applicant never sees this."))
        _own_marks(visit, one, found)
        if found.others is None:
            if found.waiting:
                st.caption(
                    ngettext_(
                        "Somebody else has given marks. You see them when yours are complete.",
                        "{n} others have given marks. You see them when yours are complete.",
                        found.waiting,
                    ).format(n=number_text(found.waiting))
                )
            return
        if found.others:
            _all_marks(visit, found)


def _own_marks(visit: Visit, one: Application, found: Assessments) -> None:
    faults = Faults()
    marks: dict[str, Mark] = {}
    for criterion, name in CRITERIA.items():
        known = found.own.get(criterion)
        key = f"mark-{one.application_id}-{criterion}"
        chosen = st.radio(
            _(name), list(range(LOWEST, HIGHEST + 1)), horizontal=True,
            index=known.mark - LOWEST if known else None, key=key,
        )  # fmt: skip
        note = st.text_input(
            _("In words: {criterion}").format(criterion=_(name)), known.note if known else "",
            key=f"{key}-note", label_visibility="collapsed", placeholder=_("In words (optional)"),
            max_chars=reasons.NOTE_LENGTH,
        )  # fmt: skip
        faults.beside(criterion)
        if chosen is not None:
            marks[criterion] = Mark(chosen, note or "")
    if st.button(_("Save my marks"), key="marks-do"):
        answer = visit.write(assessments.assess, one.application_id, marks)
        forms.finish(answer, faults, _("Saved."))


def _all_marks(visit: Visit, found: Assessments) -> None:
    rows: dict[str, list[str]] = {_("Criterion"): [_(name) for name in CRITERIA.values()]}
    everybody = [(visit.actor.name, found.own)]
    everybody += [(other.name, other.marks) for other in found.others or ()]
    for name, marks in everybody:
        rows[name] = [str(marks[one].mark) if one in marks else "–" for one in CRITERIA]
    average = found.average or {}
    rows[_("Average")] = [number_text(average[one], 1) for one in CRITERIA]
    st.dataframe(rows, hide_index=True, alt=_("The marks of each assessor, and the average"))
    for other in found.others or ():
        for criterion, mark in other.marks.items():
            if mark.note:
                st.caption(plain(f"{other.name}, {_(CRITERIA[criterion])}: {mark.note}"))
