"""Recording what a meeting, or an item of its agenda, led to."""

from typing import Any

import streamlit as st

from sandkasse import journeys
from sandkasse.i18n import _, date_text, language, number_text
from sandkasse.meetings import Meeting, attendance, receipts, resolutions
from sandkasse.meetings.agenda import Item
from sandkasse.meetings.receipts import KIND_NAMES, Kind, Resolution
from sandkasse.reasons import REASONS, Occasion
from sandkasse.texts import LIMITS
from sandkasse.ui import forms, holder
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Visit
from sandkasse.ui.text import shortened

_STAYS = ""
_LABEL_LENGTH = 80


def not_published(idea_id: int) -> str:
    """What an idea is called to those who may not know its title."""
    return _("An idea that is not published (no. {n})").format(n=number_text(idea_id))


def draw(
    visit: Visit, meeting: Meeting, item: Item | None = None, replaces: Resolution | None = None
) -> None:
    """The fields of a result under an item (or under none), and the button that records it;
    ``replaces`` is an earlier one whose place it takes."""
    faults = Faults()
    idea_id = item.idea_id if item is not None else replaces.idea_id if replaces else None
    key = f"result-for-{replaces.resolution_id}" if replaces else "result-own"
    if item is not None:
        key = f"result-{item.item_id}"
    kinds = {kind: _(KIND_NAMES[kind]) for kind in Kind}
    kind = st.radio(
        _("What it led to"), list(kinds), format_func=kinds.__getitem__, horizontal=True,
        key=f"{key}-kind",
    )  # fmt: skip
    body = st.text_area(
        _("What (must be filled in)"), key=f"{key}-body", height=80, max_chars=LIMITS["note"]
    )
    faults.beside("body")
    given: dict[str, Any] = {"item_id": item.item_id if item else None, "idea_id": idea_id}
    if kind is Kind.DECISION:
        given |= _decision(visit, idea_id, faults, key)
    if kind is Kind.ACTION:
        given["owner_id"] = _owner(visit, faults, key)
    if kind is not Kind.INFORMATION:
        must = _("By (must be filled in)") if kind is Kind.ACTION else _("By (optional)")
        given["due"] = st.date_input(must, value=None, format=forms.date_format(), key=f"{key}-due")
        faults.beside("due")
    given["supersedes"] = (
        replaces.resolution_id if replaces else _replaced(visit, meeting, idea_id, key)
    )
    faults.beside("supersedes")
    if st.button(_("Record it"), type="primary", key=f"{key}-do"):
        answer = visit.write(resolutions.record, meeting.meeting_id, str(kind), body or "", **given)
        forms.finish(answer, faults, _("Recorded."))


def _decision(visit: Visit, idea_id: int | None, faults: Faults, key: str) -> dict[str, Any]:
    """Why it is decided, what can be done now, and which move it carries."""
    reason = st.text_area(
        _("Why (optional)"), key=f"{key}-reason", height=80, max_chars=LIMITS["note"]
    )
    faults.beside("reason")
    label = _("What can be done now (optional)")
    next_step = st.text_area(label, key=f"{key}-next", height=80, max_chars=LIMITS["note"])
    faults.beside("next_step")
    given: dict[str, Any] = {"reason": reason or "", "next_step": next_step or ""}
    if idea_id is not None:
        given |= _move(visit, idea_id, faults, key)
    return given


def _owner(visit: Visit, faults: Faults, key: str) -> int | None:
    names = holder.agency_names(visit)
    people = {
        one.person_id: " · ".join(filter(None, [one.name, names.get(one.agency_id or "")]))
        for one in visit.read(attendance.people_to_invite)
    }
    owner_id = st.selectbox(
        _("Who does it (must be filled in)"), list(people), index=None,
        format_func=people.__getitem__, placeholder=_("Choose a person"), key=f"{key}-owner",
    )  # fmt: skip
    faults.beside("owner_id")
    return owner_id


def _replaced(visit: Visit, meeting: Meeting, idea_id: int | None, key: str) -> int | None:
    """Which earlier result about the same this one takes the place of, where there is any."""
    found = visit.read(receipts.standing_before, meeting.meeting_id, idea_id)
    if not found:
        return None
    words = {
        one.resolution_id: f"{date_text(one.meeting_at)} · {shortened(one.body, _LABEL_LENGTH)}"
        for one in found
    }
    chosen: int | None = st.selectbox(
        _("Takes the place of (optional)"), list(words), index=None,
        format_func=words.__getitem__, placeholder=_("Nothing earlier"), key=f"{key}-replaces",
        help=_("What was decided before is kept, struck through, and points to this one."),
    )  # fmt: skip
    return chosen


def _move(visit: Visit, idea_id: int, faults: Faults, key: str) -> dict[str, str | None]:
    """Which move a decision carries, if any, with the reason that a move back or out needs."""
    journey_id, stage_id = visit.read(receipts.place_of, idea_id)
    journey = visit.know(journeys.get, journey_id)
    here = journey.position(stage_id) if stage_id else None
    words = {_STAYS: _("No move")}
    words |= {
        f"to {one.id}": _way(one.position, here).format(stage=one.name.in_(language()))
        for one in journey.stages
        if one.position != here
    }
    words |= {
        f"by {one.id}": _("Leaves: {exit}").format(exit=one.name.in_(language()).lower())
        for one in journey.exits
        if one.kind != "merged"
    }
    chosen = st.selectbox(
        _("The move it decides"), list(words), format_func=words.__getitem__, key=f"{key}-move"
    )
    for field in ("move_to", "exit_id", "idea_id"):
        faults.beside(field)
    way, _space, target = str(chosen or "").partition(" ")
    if not target:
        return {}
    given: dict[str, str | None] = {"move_to" if way == "to" else "exit_id": target}
    if way == "by" or here is None or journey.position(target) < here:
        codes = REASONS[Occasion.EXIT if way == "by" else Occasion.BACK]
        must = _("Reason (must be filled in)")
        given["reason_code"] = st.selectbox(
            must if here is not None or way == "by" else _("Reason, for a move back"),
            list(codes), index=None, key=f"{key}-code-{way}",
            format_func=lambda code: _(codes[code]), placeholder=_("Choose a reason"),
        )  # fmt: skip
        faults.beside("reason_code")
    return given


def _way(position: int, here: int | None) -> str:
    """How a move to a stage is said, from where the idea is (None: not known to the reader)."""
    if here is None:
        return _("To {stage}")
    return _("Forward to {stage}") if position > here else _("Back to {stage}")
