"""What every table and column of an export is. A test holds this to the schema.

Left out are drafts (until it is sent, an idea is its writer's alone), the days that people want to
be reminded of, which nobody else sees, and notices with what became of their mail, which are for
the one they were written to.
"""

LEFT_OUT = ("draft", "mail_event", "migration", "notice", "notice_choice", "own_day")

TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "idea": (
        "One row an idea: what it says, and where it stands now.",
        {
            "idea_id": "the idea's number",
            "ref": "what an imported log calls it",
            "journey_id": "the sandbox's journey",
            "level": "BSc, MSc or PhD",
            "theme": "the theme chosen",
            "title": "the title",
            "problem": "what is difficult today, and for whom",
            "solution": "what the team wants to make or try",
            "audience": "who it is for",
            "needs": "what is needed from agencies",
            "agencies": "ids of the agencies named, separated by spaces",
            "graduation": "expected graduation, a date",
            "submitted_by": "the person who submitted it",
            "created_at": "when it was recorded",
            "public_text": "the text everybody may read once it is published",
            "publication": "private, requested, published or refused",
            "search_text": "the folded text that searches look in",
            "last_seq": "the number of its last ledger row",
            "stage_id": "the stage it is in, or was in when it left",
            "furthest": "position, from 0, of the furthest stage reached",
            "first_at": "when it came in",
            "stage_at": "when its present (or last) visit to the stage began",
            "earlier_days": "days of earlier visits to the same stage",
            "visits": "number of visits to the same stage",
            "exit_id": "how it left; empty while it is open",
            "exit_kind": "completed, declined, withdrawn, closed or merged",
            "exit_at": "when it left",
            "held_at": "on hold since",
            "ball": "who owes the next step",
            "ball_at": "since when",
            "merged_into": "the idea it was merged into",
            "ball_agencies": "ids of the agencies that have the ball, separated by spaces",
            "turn_at": "when the present turn (one stage, one party) began",
        },
    ),
    "ledger": (
        "One row each time something happened to an idea; never changed.",
        {
            "idea_id": "the idea",
            "seq": "the row's number within the idea, from 1",
            "kind": "enter, move, hold, resume, exit, reopen, handover or void",
            "from_stage": "where the idea was, as known when this was recorded",
            "stage_id": "the stage it came to",
            "exit_id": "the exit it left by",
            "ball": "who owes the next step from here on; empty: as before",
            "merged_into": "the idea it was merged into",
            "voids_seq": "the row that a void declares never to have been",
            "reason": "the reason's code",
            "note": "the reason in words",
            "timing": "exact, estimated or imported",
            "occurred_at": "when it happened",
            "recorded_at": "when it was recorded",
            "actor_id": "the person who recorded it",
            "actor_name": "who did it, as an imported log says",
        },
    ),
    "gate_mark": (
        "One row each time a gate was marked; the last of an idea and gate counts.",
        {
            "idea_id": "the idea",
            "seq": "the mark's number within the idea",
            "stage_id": "the gate's stage",
            "gate_id": "the gate",
            "outcome": "met, not_met or waived",
            "note": "why it was waived",
            "actor_id": "who marked it",
            "recorded_at": "when",
        },
    ),
    "mentoring": (
        "One row each time a mentor took or left an idea; the last of a pair counts.",
        {
            "idea_id": "the idea",
            "seq": "the row's number within the idea",
            "mentor_id": "the mentor",
            "active": "true: took it; false: left it",
            "actor_id": "who recorded it",
            "recorded_at": "when",
        },
    ),
    "team_member": (
        "One row a member of a team beside the one who submitted.",
        {
            "idea_id": "the idea",
            "name": "the name or address as written",
            "person_id": "the known person, who sees the idea",
            "added_at": "when added",
            "left_at": "when taken off",
        },
    ),
    "idea_edit": (
        "One row each time a field of an idea was edited.",
        {
            "idea_id": "the idea",
            "version": "the edit's number within the idea",
            "field": "the field",
            "before": "what it said before",
            "after": "what it said after",
            "actor_id": "who edited it",
            "recorded_at": "when",
        },
    ),
    "comment": (
        "One row a comment between team and mentors.",
        {
            "comment_id": "the comment's number",
            "idea_id": "the idea",
            "author_id": "who wrote it",
            "body": "what was written",
            "recorded_at": "when",
        },
    ),
    "person": (
        "One row a person.",
        {
            "person_id": "the person's number",
            "subject": "the identity provider's issuer and subject",
            "name": "the name",
            "email": "the e-mail address",
            "level": "a student's level",
            "agency_id": "a member's agency",
            "language": "the language chosen",
            "created_at": "when first seen",
            "blocked_at": "when a lead closed the access",
        },
    ),
    "role_change": (
        "One row each time somebody was given or lost a role; the last of a pair counts.",
        {
            "person_id": "the person",
            "seq": "the row's number within the person",
            "role": "student, mentor, member or lead",
            "granted": "true: given; false: taken",
            "actor_id": "who did it",
            "recorded_at": "when",
        },
    ),
    "journey": (
        "One row a journey, as it was last loaded.",
        {
            "journey_id": "the journey's id",
            "definition": "the journey as JSON",
            "source": "where it came from",
            "loaded_at": "when it was loaded",
        },
    ),
    "stage": (
        "One row a stage of a journey.",
        {
            "journey_id": "the journey",
            "stage_id": "the stage's id",
            "position": "its place, from 0",
            "expected_days": "how long it is expected to last, in days",
        },
    ),
    "expected_at_level": (
        "One row a stage and level where another length is expected.",
        {
            "journey_id": "the journey",
            "stage_id": "the stage",
            "level": "BSc, MSc or PhD",
            "expected_days": "how long it is expected to last, in days",
        },
    ),
    "exit": (
        "One row a way out of a journey.",
        {
            "journey_id": "the journey",
            "exit_id": "the exit's id",
            "kind": "completed, declined, withdrawn, closed or merged",
        },
    ),
    "agency": (
        "One row an agency.",
        {
            "agency_id": "the agency's id",
            "position": "its place in lists",
            "name_nb": "its name in Bokmål",
            "name_en": "its name in English",
            "orgnr": "its organisation number",
            "active": "false: takes no part any more",
            "about_nb": "what it does for a founder, in Bokmål",
            "about_en": "what it does for a founder, in English",
            "website": "its website",
        },
    ),
    "contact": (
        "One row a contact person of an agency.",
        {
            "contact_id": "the contact person's number",
            "agency_id": "the agency",
            "name": "the name",
            "title": "what the person is there",
            "phone": "the telephone number",
            "email": "the e-mail address",
            "subject": "what to ask this person about",
            "valid_from": "the first day",
            "valid_to": "the last day; empty: still there",
            "created_at": "when it was recorded",
            "search_text": "the folded text that searches look in",
        },
    ),
    "contact_edit": (
        "One row each time a field of a contact person was changed.",
        {
            "contact_id": "the contact person",
            "version": "the change's number, 1 the first writing",
            "field": "the field",
            "before": "what it said before",
            "after": "what it said after",
            "actor_id": "who changed it",
            "recorded_at": "when",
        },
    ),
    "touchpoint": (
        "One row a touchpoint, a matter between an idea and an agency, and where it stands now.",
        {
            "touchpoint_id": "the touchpoint's number",
            "ref": "what an imported log calls it",
            "idea_id": "the idea",
            "agency_id": "the agency",
            "purpose_id": "what it is about, from the catalogue; empty: the title says it",
            "title": "what it is about, in the team's own words",
            "contact_id": "the contact person it is with",
            "barrier_id": "the barrier it meets",
            "follow_up": "the day on which somebody is to ask again",
            "opened_by": "who opened it",
            "created_at": "when it was recorded",
            "last_seq": "the number of its last event",
            "state": "prepared, agency, student, decided or closed",
            "state_at": "since when",
            "opened_at": "when it was opened",
            "sent_at": "when it was first sent",
            "agency_days": "days with the agency before state_at",
            "decided_days": "days with the agency before its first decision",
            "questions": "how often the agency asked",
            "outcome": "what was decided: approved, partly, refused or answered",
        },
    ),
    "touchpoint_event": (
        "One row each time something happened in a touchpoint; never changed.",
        {
            "touchpoint_id": "the touchpoint",
            "seq": "the event's number within the touchpoint, from 1",
            "kind": "prepared, sent, receipt, question, answer, decided, closed, reopened, note "
            "or void",
            "outcome": "what was decided: approved, partly, refused or answered",
            "voids_seq": "the event that a void declares never to have been",
            "note": "what was asked, answered or noted",
            "timing": "exact, estimated or imported",
            "occurred_at": "when it happened",
            "recorded_at": "when it was recorded",
            "actor_id": "the person who recorded it",
            "actor_name": "who did it, as an imported log says",
        },
    ),
    "turn": (
        (
            "One row a time, now over, in which an idea was in one stage and one party owed the next "
            "step."
        ),
        {
            "idea_id": "the idea",
            "stage_id": "the stage it was in",
            "party": "student, mentor, project, agency, or parked while it was on hold",
            "begins_at": "when it began",
            "ends_at": "when it ended",
        },
    ),
    "barrier": (
        "One row an obstacle that ideas meet.",
        {
            "barrier_id": "the barrier's number",
            "agency_id": "the agency it is about",
            "title": "its name",
            "description": "what stands in the way",
            "answer": "the answer that was given",
            "source": "where the answer is from",
            "review_on": "when the answer is to be read again",
            "created_by": "who named it",
            "created_at": "when",
            "search_text": "the folded text that searches look in",
        },
    ),
    "proposal_mark": (
        (
            "One row each time a proposed contact was taken up or set aside; the last of an idea and "
            "rule counts."
        ),
        {
            "idea_id": "the idea",
            "seq": "the mark's number within the idea",
            "rule_id": "the rule that proposes it",
            "outcome": "taken_up, done, set_aside or open",
            "note": "why it was set aside",
            "touchpoint_id": "the touchpoint it was taken up as",
            "actor_id": "who marked it",
            "recorded_at": "when",
        },
    ),
    "need_mark": (
        (
            "One row each time a team said whether a need applies; the last of an idea and need "
            "counts."
        ),
        {
            "idea_id": "the idea",
            "seq": "the mark's number within the idea",
            "need": "the need",
            "applies": "true: it applies; false: it does not",
            "actor_id": "who said so",
            "recorded_at": "when",
        },
    ),
    "idea_day": (
        (
            "One row each time a team gave a day or an amount from which a deadline follows; the last "
            "of an idea, kind and label counts."
        ),
        {
            "idea_id": "the idea",
            "seq": "the row's number within the idea",
            "kind": "what the day is",
            "label": "the team's own name for it",
            "on_day": "the day; empty: taken back",
            "amount": "the amount, in kroner",
            "actor_id": "who gave it",
            "recorded_at": "when",
        },
    ),
    "company": (
        "One row each time an idea was joined to a company, or parted from it; the last counts.",
        {
            "idea_id": "the idea",
            "seq": "the row's number within the idea",
            "orgnr": "the company's organisation number; empty: parted",
            "actor_id": "who did it",
            "recorded_at": "when",
        },
    ),
    "company_reading": (
        "One row each time Enhetsregisteret was read about a company; the last counts.",
        {
            "orgnr": "the organisation number",
            "read_at": "when it was read",
            "outcome": "found, deleted, removed or unknown",
            "name": "the company's name",
            "form": "its form of organisation",
            "registered_on": "when it was registered",
            "in_business_register": "whether it is in the Register of Business Enterprises",
            "in_vat_register": "whether it is in the VAT Register",
            "bankrupt": "whether it is bankrupt",
            "winding_up": "whether it is being wound up",
            "forced_winding_up": "whether it is being wound up or dissolved by force",
            "deleted_on": "when it was deleted",
        },
    ),
    "declared_tie": (
        "One row each time a person declared a tie to an agency; the last of a pair counts.",
        {
            "person_id": "the person",
            "seq": "the row's number within the person",
            "agency_id": "the agency",
            "tie": "job, relation or none",
            "recorded_at": "when",
        },
    ),
    "meeting": (
        "One row a sub-project meeting.",
        {
            "meeting_id": "the meeting's number",
            "title": "its name",
            "starts_at": "when it begins",
            "place": "a room or a link",
            "created_at": "when it was planned",
            "cancelled_at": "when it was cancelled",
        },
    ),
    "audit": (
        "One row a write: who did what to what.",
        {
            "audit_id": "the record's number",
            "recorded_at": "when",
            "actor_id": "who; 0 is the one who runs the server",
            "action": "what was done",
            "subject": "to what",
            "detail": "the particulars as JSON",
        },
    ),
    "fact": (
        "Facts about the database itself.",
        {
            "name": "what the fact is about",
            "value": "what it says",
        },
    ),
}
