"""Touchpoints on the screen: an idea's matters with agencies, and one matter with what happens."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from sandkasse import barriers, clock, contacts, matter, purposes, touchpoints
from sandkasse.access import Action
from sandkasse.i18n import (
    _,
    date_text,
    days_text,
    language,
    ngettext_,
    number_text,
    time_text,
)
from sandkasse.ideas import Idea
from sandkasse.matter import KIND_NAMES, OUTCOME_NAMES, STATE_NAMES, Kind, Outcome, State
from sandkasse.texts import LIMITS
from sandkasse.touchpoints import AGENCY_KINDS, Opening, Told, Touchpoint
from sandkasse.ui import choices, correcting, forms, holder, listing, notice_view
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import link, plain

_STEPS = (
    Kind.SENT, Kind.RECEIPT, Kind.QUESTION, Kind.ANSWER, Kind.DECIDED, Kind.CLOSED, Kind.REOPENED,
    Kind.NOTE,
)  # fmt: skip


_MOST_CONTACTS = 200


def of_idea(visit: Visit, idea: Idea) -> None:
    """An idea's matters with agencies, and opening a new one."""
    st.header(_("Agencies"), anchor=False)
    found = visit.read(touchpoints.of_idea, idea.idea_id)
    if found:
        draw_list(visit, _("Matters with agencies"), found, key="matters", with_idea=False)
    else:
        st.caption(_("Nothing has been asked of any agency yet."))
    notice_view.ties_of_idea(visit, idea.idea_id)
    may_open = visit.may_for(Action.OPEN_TOUCHPOINT, idea.idea_id)
    if (
        may_open
        and idea.exit_id is None
        and st.button(_("New matter with an agency"), key="matter-new", icon=":material/add:")
    ):
        st.dialog(_("New matter with an agency"), width="large")(_open)(visit, idea)


def draw_list(
    visit: Visit, label: str, found: Sequence[Touchpoint], key: str, *, with_idea: bool = True
) -> None:
    """Draw a list of matters; one that is chosen opens."""
    names = holder.agency_names(visit)
    rows = [_row(one, names.get(one.agency_id, one.agency_id), with_idea) for one in found]
    opened = listing.draw(label, rows, key)
    if opened is not None:
        st.switch_page("pages/touchpoint.py", query_params={"touchpoint": str(opened)})


def _row(one: Touchpoint, agency: str, with_idea: bool) -> Row:
    now = clock.now()
    facts = [agency]
    if with_idea:
        facts.insert(0, one.idea_title)
    if one.sent_at is not None:
        days = days_text(one.days_with_agency(now))
        facts.append(_("{days} with the agency").format(days=days))
    if one.follow_up is not None and one.is_open:
        facts.append(_("ask again {date}").format(date=date_text(one.follow_up)))
    marks = [Mark(_state(one), strong=one.state is State.STUDENT)]
    if one.overdue(now):
        marks.insert(0, Mark(_("Longer than the agency says")))
    elif one.is_open and one.follow_up is not None and one.follow_up <= clock.today():
        marks.insert(0, Mark(_("Ask again")))
    return Row(
        one.touchpoint_id,
        one.title,
        f"touchpoint?touchpoint={one.touchpoint_id}",
        tuple(facts),
        tuple(marks),
    )


def _state(one: Touchpoint) -> str:
    if one.state is State.DECIDED and one.outcome is not None:
        return _(OUTCOME_NAMES[one.outcome])
    return _(STATE_NAMES[one.state])


def _open(visit: Visit, idea: Idea) -> None:
    faults = Faults()
    names = holder.agency_names(visit)
    agency_id = st.selectbox(
        _("Agency (must be filled in)"), list(names), index=None, format_func=names.__getitem__,
        placeholder=_("Choose an agency"), key="matter-agency",
    )  # fmt: skip
    faults.beside("agency_id")
    known = {one.id: one for one in purposes.for_agency(agency_id)} if agency_id else {}
    purpose_id = title = None
    if known:
        words = {key: one.name.in_(language()) for key, one in known.items()}
        purpose_id = st.selectbox(
            _("What it is about"), list(words), index=None, format_func=words.__getitem__,
            placeholder=_("Choose, or write it yourself below"), key=f"matter-purpose-{agency_id}",
        )  # fmt: skip
        faults.beside("purpose_id")
    if purpose_id is None:
        title = st.text_input(
            _("What it is about, in your own words"), max_chars=LIMITS["title"], key="matter-title"
        )
        faults.beside("title")
    contact_id = _contact_field(visit, agency_id, None, faults, "matter-open")
    note = forms.note_field(faults, "matter-open")
    sent = st.checkbox(_("It has been sent to the agency already"), key="matter-sent")
    day = forms.day_field(faults, "matter-open")
    send = st.button(_("Open the matter"), type="primary", key="matter-open-do")
    if forms.careful(send, [title or "", note], "matter-open"):
        opening = Opening(
            agency_id or "", purpose_id, title or "", contact_id, note=note, sent=sent,
            occurred_at=forms.moment_of(day),
        )  # fmt: skip
        answer = visit.write(touchpoints.open_matter, idea.idea_id, opening)
        gone = _("Sent: the ball is with {agency}.").format(agency=names.get(agency_id or "", ""))
        ready = _("The matter is open. Say so when it has been sent.")
        forms.finish(answer, faults, gone if sent else ready)


def _contact_field(
    visit: Visit, agency_id: str | None, chosen: int | None, faults: Faults, key: str
) -> int | None:
    wanted = contacts.Filter(agency_id=agency_id)
    found = visit.read(contacts.find, wanted, 1, _MOST_CONTACTS).rows if agency_id else ()
    words = {one.contact_id: f"{one.card.name}, {one.card.subject}".strip(", ") for one in found}
    if chosen is not None and chosen not in words:
        words[chosen] = visit.read(contacts.get, chosen).card.name
    contact_id = None
    if words:
        contact_id = st.selectbox(
            _("Contact person (optional)"), list(words), format_func=words.__getitem__,
            index=list(words).index(chosen) if chosen in words else None,
            placeholder=_("Choose whom it goes through"), key=f"{key}-contact-{agency_id}",
        )  # fmt: skip
    faults.beside("contact_id")
    return contact_id


def heading(visit: Visit, one: Touchpoint) -> None:
    """What the matter is about, with whom, and how it stands."""
    agency = holder.agency_names(visit).get(one.agency_id, one.agency_id)
    st.title(plain(one.title), anchor=False)
    st.caption(plain(f"{agency} · {one.idea_title}"))
    if visit.may_for(Action.SEE_IDEA, one.idea_id):
        st.page_link(
            "pages/idea.py", label=_("Go to the idea"), icon=":material/arrow_back:",
            query_params={"idea": str(one.idea_id)},
        )  # fmt: skip
    days = days_text(one.days_with_agency(clock.now()))
    told = {
        State.PREPARED: _("It is being prepared. The agency has not received anything yet."),
        State.AGENCY: _("{agency} has it, for {days} so far."),
        State.STUDENT: _("{agency} has asked something and waits for the answer."),
        State.DECIDED: _("{agency} has decided, after {days}: {outcome}."),
        State.CLOSED: _("It was closed without a decision."),
    }[one.state]
    st.info(
        plain(told.format(agency=agency, days=days, outcome=_state(one).lower())),
        icon=":material/sports_handball:",
    )
    if one.overdue(clock.now()):
        st.warning(
            _("That is longer than the agency says that it takes."), icon=":material/schedule:"
        )


def purpose(one: Touchpoint) -> None:
    """What the catalogue says of such a matter, with its source."""
    found = purposes.find(one.purpose_id)
    if found is None:
        return
    with st.container(border=True):
        st.header(_("Good to know"), anchor=False)
        st.markdown(plain(found.text.in_(language())))
        st.caption(
            _("Guidance, not a decision: ask the agency. Source: {source}, read {date}.").format(
                source=link(found.source), date=date_text(found.checked)
            )
        )


def record(visit: Visit, one: Touchpoint) -> None:
    """A form for what happened now."""
    steps = [kind for kind in _STEPS if one.state in matter.ALLOWED[kind]]
    if not visit.may_for(Action.RECORD_EVENT, one.idea_id):
        if visit.actor.agency_id != one.agency_id or not visit.may(Action.RECORD_EVENT):
            return
        steps = [kind for kind in steps if kind in AGENCY_KINDS]
    st.header(_("What has happened now?"), anchor=False)
    faults = Faults()
    key = f"event-{one.touchpoint_id}-{one.last_seq}"
    words = {kind.value: _(KIND_NAMES[kind]) for kind in steps}
    chosen = st.selectbox(
        _("What has happened now?"), list(words), format_func=words.__getitem__,
        index=None, placeholder=_("Choose"), label_visibility="collapsed",
        key=forms.worded(f"{key}-kind", list(words)),
    )  # fmt: skip
    faults.beside("kind")
    if chosen is None:
        return
    kind, outcome = Kind(chosen), None
    if kind is Kind.DECIDED:
        names = {code.value: _(OUTCOME_NAMES[code]) for code in Outcome}
        said = st.selectbox(
            _("What was decided (must be filled in)"), list(names), index=None,
            format_func=names.__getitem__, placeholder=_("Choose"),
            key=forms.worded(f"{key}-outcome", list(names)),
        )  # fmt: skip
        outcome = Outcome(said) if said else None
        faults.beside("outcome")
    needed = kind in (Kind.QUESTION, Kind.NOTE)
    note = forms.note_field(faults, key, _("In words (must be filled in)") if needed else None)
    day = forms.day_field(faults, key)
    save = st.button(_("Save"), type="primary", key=f"{key}-do")
    if forms.careful(save, [note], key):
        answer = visit.write(
            touchpoints.record, one.touchpoint_id, kind, expected_seq=one.last_seq,
            outcome=outcome, note=note, occurred_at=forms.moment_of(day),
        )  # fmt: skip
        forms.finish(answer, faults, _("Saved: {what}").format(what=_(KIND_NAMES[kind]).lower()))


def details(visit: Visit, one: Touchpoint) -> None:
    """When to ask again, and which barrier the matter meets."""
    with st.container(border=True):
        st.header(_("Follow-up"), anchor=False)
        if one.follow_up is not None:
            st.markdown(_("Ask again on {date}.").format(date=date_text(one.follow_up, "long")))
        else:
            st.caption(_("No day to ask again is set."))
        if one.contact_id is not None:
            contact = visit.read(contacts.get, one.contact_id)
            told = _("{name} has left. Choose somebody else.") if contact.left else "{name}"
            who = told.format(name=plain(contact.card.name))
            st.markdown(_("**Contact person:** {who}").format(who=who))
        if one.barrier_id is not None:
            met = visit.read(barriers.get, one.barrier_id)
            st.markdown(_("**Barrier:** {title}").format(title=plain(met.title)))
            if met.answer:
                st.text(met.answer)
        if visit.may_for(Action.DESCRIBE_TOUCHPOINT, one.idea_id) and st.button(
            _("Change"), key="matter-describe", icon=":material/edit:"
        ):
            st.dialog(_("Contact, follow-up and barrier"))(_describe)(visit, one)


def _describe(visit: Visit, one: Touchpoint) -> None:
    faults = Faults()
    key = f"describe-{one.touchpoint_id}"
    day = st.date_input(
        _("Ask again on (optional)"), value=one.follow_up, format=forms.date_format(),
        key=f"{key}-day",
    )  # fmt: skip
    contact_id = _contact_field(visit, one.agency_id, one.contact_id, faults, key)
    known = {b.barrier_id: b.title for b in visit.read(barriers.listed, one.agency_id, 1, 200).rows}
    barrier_id = st.selectbox(
        _("Barrier it meets (optional)"), list(known), format_func=known.__getitem__,
        index=list(known).index(one.barrier_id) if one.barrier_id in known else None,
        placeholder=_("None"), key=f"{key}-barrier",
    )  # fmt: skip
    faults.beside("barrier_id")
    new = st.text_input(
        _("Or name a new barrier"), max_chars=LIMITS["title"], key=f"{key}-new",
        help=_(
            "An obstacle that others may meet too: a rule, a form, a missing answer. Everybody who "
            "signs in can read its name."
        ),
    )  # fmt: skip
    faults.beside("title")
    if st.button(_("Save"), type="primary", key=f"{key}-do"):
        answer: object = None
        if new:
            answer = visit.write(barriers.name, one.touchpoint_id, new)
            barrier_id = answer if isinstance(answer, int) else barrier_id
        if not isinstance(answer, Refused):
            answer = visit.write(
                touchpoints.describe, one.touchpoint_id, contact_id=contact_id,
                follow_up=day if isinstance(day, date) else None, barrier_id=barrier_id,
            )  # fmt: skip
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            st.rerun()


def history(visit: Visit, one: Touchpoint) -> None:
    """What happened in the matter, latest first; an event can be corrected by those who may."""
    st.header(_("What has happened"), anchor=False)
    told = visit.read(touchpoints.told, one.touchpoint_id)
    may_correct = visit.may_for(Action.CORRECT_EVENT, one.idea_id)
    for event in told:
        _event(visit, one, event, may_correct=may_correct and event.event.seq > 1)


def _event(visit: Visit, one: Touchpoint, told: Told, *, may_correct: bool) -> None:
    event = told.event
    with st.container(border=True, gap="xsmall"):
        what = event_words(told)
        if told.voided_by:
            st.markdown(_("~~{told}~~ (corrected)").format(told=what))
        else:
            st.markdown(f"**{what}**")
        st.caption(plain(" · ".join(filter(None, [time_text(event.occurred_at), told.actor]))))
        if event.note:
            st.text(event.note)
        if may_correct and not told.voided_by and event.kind is not Kind.VOID:
            correcting.offer(
                visit, what, touchpoints.correct, one.touchpoint_id,
                seq=event.seq, expected_seq=one.last_seq,
            )  # fmt: skip


def event_words(told: Told) -> str:
    """An event in words."""
    event = told.event
    words = _(KIND_NAMES[event.kind])
    if event.kind is Kind.DECIDED and event.outcome is not None:
        return f"{words}: {_(OUTCOME_NAMES[event.outcome]).lower()}"
    if event.kind is Kind.VOID:
        return _("A correction of entry no. {seq}").format(seq=event.voids_seq)
    return words


def register(visit: Visit) -> None:
    """The matters one may see, of one agency or of all."""
    names = {choices.ALL: _("All agencies"), **holder.agency_names(visit)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        agency_id = choices.one_of("agency", _("Agency"), list(names), names.__getitem__) or None
        mine = choices.yes_no("mine", _("Only mine"))
        waiting = choices.yes_no("waiting", _("Only with the agency"))
        due_only = choices.yes_no("due", _("Only to ask again"))
        ended = choices.yes_no("ended", _("Ended ones too"))
    wanted = touchpoints.Filter(agency_id, not ended, waiting, due_only, mine)
    number = choices.page_number()
    found = visit.read(touchpoints.find, wanted, number)
    st.markdown(
        ngettext_("{n} matter", "{n} matters", found.total).format(n=number_text(found.total))
    )
    if found.rows:
        draw_list(visit, _("Matters with agencies"), found.rows, key="register")
        choices.pager(found.total, touchpoints.PAGE_SIZE, number)
    else:
        st.caption(_("No matter fits these choices."))


def due(visit: Visit) -> None:
    """The matters somebody should ask about again, for the own page."""
    wanted = touchpoints.Filter(mine=True, due=True)
    found = visit.read(touchpoints.find, wanted, 1, 5)
    if not found.rows:
        return
    st.header(_("Ask the agency again ({n})").format(n=found.total), anchor=False)
    draw_list(visit, _("Ask the agency again"), found.rows, key="due")


def of_own_agency(visit: Visit) -> None:
    """What waits at the member's own agency, for the own page."""
    agency_id = visit.actor.agency_id
    if agency_id is None:
        return
    wanted = touchpoints.Filter(agency_id=agency_id, with_agency=True)
    found = visit.read(touchpoints.find, wanted, 1, 5)
    st.header(_("Waiting at your agency ({n})").format(n=found.total), anchor=False)
    if found.rows:
        draw_list(visit, _("Waiting at your agency"), found.rows, key="own-agency")
    else:
        st.caption(_("No idea waits for your agency."))
