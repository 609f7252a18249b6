"""What the house keeps about itself: the audit, erasures and facts."""

from sandkasse.exchange.columns.described import Tables

HOUSE: Tables = {
    "audit": (
        "One row a write or a look-up: who did what to what, or looked it up; a chain of hashes.",
        {
            "audit_id": "the record's number",
            "recorded_at": "when",
            "actor_id": "who; 0 is the one who runs the server",
            "action": "what was done",
            "subject": "to what",
            "detail": "the particulars as JSON; empty: none, or erased",
            "salt": "what is hashed with the particulars",
            "digest": "SHA-256 of salt and particulars",
            "hash": "SHA-256 of the hash of the row before and of this row",
            "erasure_id": "the erasure that emptied the particulars",
        },
    ),
    "audit_origin": (
        "One row: the audit's rows from before it was chained.",
        {
            "entries": "how many rows there were",
            "hash": "the hash of them all",
        },
    ),
    "erasure": (
        "One row an erasure: what was about whom is gone, this says how much.",
        {
            "erasure_id": "the erasure's number",
            "kind": "person, idea, application, contact or retention",
            "about_id": "the number of the person, idea, application or contact person",
            "keep_record": "whether what the Archives Act may require was kept, blocked",
            "asked_by": "who asked for it",
            "actor_id": "who did it",
            "recorded_at": "when",
            "counts": "how many rows of each table were scrubbed, as JSON",
        },
    ),
    "erasure_request": (
        "One row each time a person asked to be erased, took it back, or was answered.",
        {
            "person_id": "the person",
            "seq": "the row's number within the person, from 1",
            "kind": "asked, taken_back, refused or erased",
            "reason": "the reason of a refusal",
            "actor_id": "who did it",
            "recorded_at": "when",
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
