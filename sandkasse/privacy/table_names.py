"""What the rows of the tables are called that erasure and retention scrub."""

from collections.abc import Mapping

from sandkasse.i18n import N_, _, number_text

_NAMES: Mapping[str, str] = {
    "idea": N_("ideas"),
    "idea_edit": N_("earlier versions of ideas"),
    "team_member": N_("names in teams"),
    "comment": N_("comments"),
    "proposal_mark": N_("notes of checklists"),
    "need_mark": N_("what ideas involve"),
    "idea_day": N_("days given for ideas"),
    "agenda_item": N_("items of agendas"),
    "ledger": N_("reasons for moves"),
    "gate_mark": N_("reasons at gates"),
    "touchpoint": N_("matters with agencies"),
    "touchpoint_event": N_("notes in matters"),
    "resolution": N_("results of meetings"),
    "resolution_event": N_("notes on results"),
    "application": N_("applications"),
    "application_event": N_("notes on applications"),
    "application_paper": N_("PDFs"),
    "assessment": N_("assessments"),
    "draft": N_("drafts"),
    "own_day": N_("own days"),
    "notice": N_("news"),
    "notice_choice": N_("choices of mail"),
    "mail_event": N_("mails"),
    "weekly_hours": N_("hours a week"),
    "declared_tie": N_("ties to agencies"),
    "attendance": N_("names on lists of meetings"),
    "erasure_request": N_("requests"),
    "sign_in": N_("sign-ins"),
    "person": N_("people"),
    "contact": N_("contact people"),
    "contact_edit": N_("changes of contact people"),
    "audit": N_("particulars of the audit"),
}


def counted(counts: Mapping[str, int]) -> str:
    """Rows by table in words; empty when there are none."""
    return ", ".join(
        f"{_(_NAMES[table]) if table in _NAMES else table}: {number_text(n)}"
        for table, n in counts.items()
    )
