"""People and their roles."""

from sandkasse.exchange.columns.described import Tables

PEOPLE: Tables = {
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
            "erased_at": "when name and address were erased",
        },
    ),
    "access_extension": (
        "One row each time a lead said how long somebody keeps the access; the last counts.",
        {
            "person_id": "the person",
            "seq": "the row's number within the person, from 1",
            "until": "the last day; empty: an earlier one is taken back",
            "actor_id": "who said so",
            "recorded_at": "when",
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
}
