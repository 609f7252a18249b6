"""The names under which a session keeps what is not in the database or the address.

Only choices that are lost without harm live here.
"""

DRAFT = "draft"
LANGUAGE = "language"
LANGUAGE_GUESSED = "language_guessed"
PERSON = "person_id"
SIGN_IN_FAULT = "sign_in_fault"
TOAST = "toast"
UNDO = "undo"
