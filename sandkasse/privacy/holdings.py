"""What is kept about a person: every table that names one, and which of its rows are about whom.

A test finds each column of the schema that can name a person, and fails when it is neither in a
section here nor among :data:`LEFT_OUT` with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandkasse.i18n import N_

_IDEAS = "(SELECT idea_id FROM team_of WHERE person_id = $me)"
_MATTERS = f"(SELECT touchpoint_id FROM touchpoint WHERE idea_id IN {_IDEAS})"  # noqa: S608
_MINE = "(SELECT application_id FROM application WHERE person_id = $me)"
_PUBLISHED = "(SELECT resolution_id FROM resolution_event WHERE kind = 'published')"
_OF_IDEA = f"idea_id IN {_IDEAS} OR actor_id = $me"


@dataclass(frozen=True)
class Section:
    """Rows of a table that are about somebody (``$me``): what they are called, which they are, by
    which columns they name the person, and the columns that are not handed out."""

    table: str
    title: str
    where: str
    persons: tuple[str, ...]
    without: frozenset[str] = frozenset()


SECTIONS = (
    Section("person", N_("Who you are"), "person_id = $me", ("person_id",)),
    Section("role_change", N_("Your roles"), "person_id = $me", ("person_id",)),
    Section("sign_in", N_("When you signed in, and what was told of you"), "person_id = $me",
            ("person_id",), frozenset({"session"})),
    Section("access_extension", N_("How long you keep the access"), "person_id = $me",
            ("person_id",)),
    Section("idea", N_("Your ideas"), f"idea_id IN {_IDEAS}", ("submitted_by",),
            frozenset({"search_text", "earlier_days"})),
    Section("team_member", N_("The teams you are in"), f"person_id = $me OR idea_id IN {_IDEAS}",
            ("person_id",)),
    Section("idea_edit", N_("Earlier versions of your ideas"), _OF_IDEA, ("actor_id",)),
    Section("draft", N_("Your draft"), "person_id = $me", ("person_id",)),
    Section("ledger", N_("What happened to your ideas, and what you recorded"), _OF_IDEA,
            ("actor_id",)),
    Section("gate_mark", N_("Gates"), _OF_IDEA, ("actor_id",)),
    Section("mentoring", N_("Mentoring"),
            f"idea_id IN {_IDEAS} OR mentor_id = $me OR actor_id = $me",
            ("mentor_id", "actor_id")),
    Section("comment", N_("Conversations"), f"idea_id IN {_IDEAS} OR author_id = $me",
            ("author_id",)),
    Section("touchpoint", N_("Matters with agencies"),
            f"idea_id IN {_IDEAS} OR opened_by = $me", ("opened_by",)),
    Section("touchpoint_event", N_("What happened in matters, and what you recorded"),
            f"touchpoint_id IN {_MATTERS} OR actor_id = $me", ("actor_id",)),
    Section("barrier", N_("Barriers you named"), "created_by = $me", ("created_by",),
            frozenset({"search_text"})),
    Section("proposal_mark", N_("Checklists"), _OF_IDEA, ("actor_id",)),
    Section("need_mark", N_("What ideas involve"), _OF_IDEA, ("actor_id",)),
    Section("idea_day", N_("Days given for ideas"), _OF_IDEA, ("actor_id",)),
    Section("company", N_("Companies that ideas became"), _OF_IDEA, ("actor_id",)),
    Section("own_day", N_("Days of your own"), "person_id = $me", ("person_id",)),
    Section("weekly_hours", N_("Your hours a week"), "person_id = $me", ("person_id",)),
    Section("declared_tie", N_("Your ties to agencies"), "person_id = $me", ("person_id",)),
    Section("notice", N_("News that was told to you"), "person_id = $me", ("person_id",)),
    Section("notice_choice", N_("How you want news by mail"), "person_id = $me", ("person_id",)),
    Section("attendance", N_("Meetings you were invited to"), "person_id = $me",
            ("person_id",)),
    Section("agenda_item", N_("What you put on agendas"), "created_by = $me", ("created_by",)),
    Section("resolution", N_("Results of meetings about your ideas, or by or for you"),
            f"owner_id = $me OR actor_id = $me OR (idea_id IN {_IDEAS} AND resolution_id IN "
            f"{_PUBLISHED})", ("owner_id", "actor_id")),
    Section("resolution_event", N_("What you recorded of results"), "actor_id = $me",
            ("actor_id",)),
    Section("frozen_figure", N_("Figures you froze"), "actor_id = $me", ("actor_id",)),
    Section("number_receipt", N_("Number receipts you made"), "actor_id = $me", ("actor_id",)),
    Section("position", N_("Positions you advertised"), "created_by = $me", ("created_by",),
            frozenset({"search_text"})),
    Section("position_event", N_("What you decided about positions"), "actor_id = $me",
            ("actor_id",)),
    Section("application", N_("Your applications"), "person_id = $me", ("person_id",)),
    Section("application_event", N_("What happened to your applications"),
            f"application_id IN {_MINE} AND kind <> 'note'", (),
            frozenset({"note", "actor_id", "actor_name"})),
    Section("erasure_request", N_("Your requests to be erased"), "person_id = $me",
            ("person_id",)),
    Section("audit", N_("The audit: what you did, and what was done with your details"),
            "actor_id = $me OR subject = 'person:' || $me", ("actor_id",),
            frozenset({"salt", "digest", "hash"})),
)  # fmt: skip

#: Columns that name a person and are not handed out with "my data", and why.
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("role_change", "actor_id"): "who changed somebody's roles: the row is about that person, and "
    "the one who did it has it in the audit",
    ("access_extension", "actor_id"): "the row is about who keeps the access; the audit says who "
    "said so",
    ("contact_edit", "actor_id"): "what was written is about a contact person; the audit says who",
    ("attendance", "actor_id"): "the row is about who was invited; the audit says who wrote it",
    ("application_event", "actor_id"): "the row is about the applicant; the audit says who wrote "
    "it. The agency's own words are not shown to the applicant: ask the agency for access",
    (
        "assessment",
        "assessor_id",
    ): "an agency's own assessment of an applicant, which the applicant "
    "is told to ask the agency for; the audit says who assessed",
    ("erasure_request", "actor_id"): "the row is about who asked; the audit says who answered",
    ("erasure", "asked_by"): "the request itself is handed out",
    ("erasure", "actor_id"): "the audit says who erased",
    ("erasure", "about_id"): "whoever was erased has nothing here any more",
}

#: Columns, in any table or in one, that only a program needs: numbers of rows and places, what
#: others of its row say too, and what is kept as JSON. They are in the JSON alone.
INNER: frozenset[str | tuple[str, str]] = frozenset({
    "person_id", "seq", "last_seq", "ledger_seq", "voids_seq", "supersedes", "version", "ref",
    "furthest", "visits", "exit_kind", "turn_at", "position", "proposed", "choice", "definition",
    "comment_id", "notice_id", "item_id", "resolution_id", "freeze_id", "audit_id", "erasure_id",
    "contact_id", "barrier_id", "agreement_id", "rule_id", "about", "figure",
    ("person", "subject"), ("frozen_figure", "content"), ("number_receipt", "content"),
})  # fmt: skip

#: What the columns are called that people read.
LABELS: Mapping[str, str] = {
    "name": N_("Name"), "email": N_("E-mail"), "level": N_("Level"), "language": N_("Language"),
    "agency_id": N_("Agency"), "subject": N_("About"), "created_at": N_("Recorded"),
    "recorded_at": N_("Recorded"), "occurred_at": N_("When"), "role": N_("Role"),
    "granted": N_("Given"), "idea_id": N_("Idea"), "title": N_("Title"),
    "problem": N_("Problem"), "solution": N_("Solution"), "audience": N_("For whom"),
    "needs": N_("Needs from agencies"), "theme": N_("Theme"), "public_text": N_("Public text"),
    "publication": N_("Publication"), "graduation": N_("Expected graduation"),
    "stage_id": N_("Stage"), "note": N_("Note"), "reason": N_("Reason"), "kind": N_("Kind"),
    "body": N_("Text"), "content": N_("Content"), "saved_at": N_("Saved"),
    "before": N_("Before"), "after": N_("After"), "field": N_("Field"), "label": N_("Name"),
    "on_day": N_("Day"), "amount": N_("Amount"), "action": N_("What"),
    "detail": N_("Particulars"), "words": N_("Words"), "source": N_("Heard of it"),
    "state": N_("Step"), "application_id": N_("Application"), "touchpoint_id": N_("Matter"),
    "meeting_id": N_("Meeting"), "position_id": N_("Position"), "due": N_("Due"),
    "next_step": N_("Next step"), "place": N_("Where"), "read_at": N_("Read"),
    "mail": N_("Mail"), "tie": N_("Tie"), "standing": N_("Attendance"), "most": N_("At most"),
    "outcome": N_("Outcome"), "orgnr": N_("Organisation number"), "need": N_("Need"),
    "blocked_at": N_("Access closed"), "actor_id": N_("By"), "author_id": N_("By"),
    "opened_by": N_("By"), "submitted_by": N_("By"), "created_by": N_("By"),
    "actor_name": N_("By, as imported"), "mentor_id": N_("Mentor"),
    "owner_id": N_("Who does it"), "active": N_("Mentors it"), "erased_at": N_("Erased"),
    "provider": N_("Sign-in"), "issued_at": N_("Signed in"),
    "affiliations": N_("What the sign-in service said you are"),
    "belongs": N_("Belongs to the place of study or work"), "until": N_("Until"),
    "journey_id": N_("Sandbox"), "agencies": N_("Agencies"), "first_at": N_("Came in"),
    "stage_at": N_("In the stage since"), "exit_id": N_("Way out"), "exit_at": N_("Left"),
    "held_at": N_("On hold since"), "ball": N_("Whose turn it is"),
    "ball_agencies": N_("Agencies whose turn it is"), "ball_at": N_("Whose turn, since"),
    "merged_into": N_("Merged into the idea"), "added_at": N_("Added"), "left_at": N_("Left"),
    "from_stage": N_("From the stage"), "timing": N_("How sure the time is"),
    "gate_id": N_("Gate"), "purpose_id": N_("What it is about"), "follow_up": N_("Follow up"),
    "state_at": N_("Since"), "opened_at": N_("Opened"), "sent_at": N_("Sent"),
    "agency_days": N_("Days with the agency"), "decided_days": N_("Days until it decided"),
    "questions": N_("Questions"), "description": N_("Description"), "answer": N_("Answer"),
    "review_on": N_("Look at it again"), "applies": N_("Applies"),
    "idea": N_("Hours a week with the idea"), "removed_at": N_("Removed"),
    "move_to": N_("To the stage"), "reason_code": N_("Reason"), "as_of": N_("As of"),
    "known_at": N_("As known on"), "code": N_("Number receipt"),
    "title_nb": N_("Title in Norwegian"), "title_en": N_("Title in English"),
    "text_nb": N_("Text in Norwegian"), "text_en": N_("Text in English"),
    "hours": N_("Hours a week"), "programmes": N_("Wanted studies"), "status": N_("Status"),
    "status_at": N_("Since"), "deadline": N_("Deadline"), "seats": N_("Seats"),
    "begins_on": N_("First day"), "ends_on": N_("Last day"), "received_at": N_("Received"),
    "seat_no": N_("Seat"), "started_on": N_("First day"), "until_on": N_("Last day agreed"),
    "ended_on": N_("Last day"),
}  # fmt: skip
