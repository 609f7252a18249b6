"""The privacy notice: what is kept, why, how long, who sees it, and one's rights.

It says of the law only what the project's notes say, and tells what was read in a source from what
is general knowledge.
"""

import streamlit as st

from sandkasse.i18n import _, language, list_text, ngettext_, number_text
from sandkasse.people import ROLE_NAMES
from sandkasse.privacy import body, retention
from sandkasse.privacy.processing import roles_that_see
from sandkasse.privacy.retention import RecordClass
from sandkasse.ui.text import link, plain

_DATATILSYNET = "https://www.datatilsynet.no/"
_ARCHIVES = (
    "https://www.arkivverket.no/forvaltning-og-utvikling/"
    "arkiv-personvern-og-gdpr-arkivere-eller-slette"
)
_ACT = "https://www.nkrf.no/nyheter/2025/06/20/ny-arkivlov-trer-i-kraft-1-januar-2026"
_OPENNESS = (
    "https://pvv.org/~thomassk/jus/trygderett/rundskriv/2016/hovednummer/"
    "hovednummer-82-offentleglova/"
    "rundskriv-til-h.nr.82-kap-4-hovudprinsippa-om-innsyn-etter-offentleglova.html"
)


def notice(*, for_operator: bool = False) -> None:
    """The whole notice, for anybody; with what there is to do, for whoever can see to it."""
    _who(for_operator=for_operator)
    _what()
    _rights(for_operator=for_operator)
    _openness()
    _not_here()


def _who(*, for_operator: bool) -> None:
    st.header(_("Who answers for the data"), anchor=False)
    told = body.body()
    not_set = _("not set yet")
    lines = {
        _("Controller"): told.controller,
        _("Questions about privacy"): told.contact,
        _("Data protection officer"): told.officer,
        _("Who runs the server"): told.host,
        _("Legal basis"): told.basis,
    }
    st.markdown("\n".join(f"- {name}: {plain(value or not_set)}" for name, value in lines.items()))
    if not told.controller or not told.contact:
        st.warning(
            _("Whoever runs Sandkasse here has not said yet who they are."),
            icon=":material/warning:",
        )
    if for_operator:
        st.caption(
            _(
                "For project leads: who it is, is set in data/privacy.toml, and has to be before "
                "real people use Sandkasse. A public body usually relies on a task in the public "
                "interest (GDPR article 6(1)(e)) with a basis in national law beside it. Consent "
                "is weak where a student depends on the university. This is general knowledge, "
                "not read in a source."
            )
        )


def _what() -> None:
    st.header(_("What is kept, why, how long, and who sees it"), anchor=False)
    for one in retention.classes():
        st.markdown(f"**{plain(one.name.text().in_(language()))}.** {plain(_told(one))}")
    st.caption(
        _(
            "The times are the project's own proposals and assumptions, not law. Who looks up "
            "your ideas, applications or details is kept, and you can see it under My data."
        )
    )


def _told(one: RecordClass) -> str:
    why = one.why.text().in_(language())
    return f"{why} {how_long(one)} {_seen(one)}"


def how_long(one: RecordClass) -> str:
    """How long a class is kept, and what happens then."""
    if one.months is None or one.after is None:
        return _("It is kept until you ask for erasure or the controller decides.")
    months = ngettext_("{n} month", "{n} months", one.months).format(n=number_text(one.months))
    since = one.after.text().in_(language())
    sentences = {
        "delete": _("It is deleted {months} after {since}."),
        "scrub": _("Its texts are deleted {months} after {since}."),
        "block": _("It is hidden from all but project leads {months} after {since}."),
    }
    return sentences[one.action].format(months=months, since=since)


def _seen(one: RecordClass) -> str:
    roles = [_(ROLE_NAMES[role]) for role in roles_that_see(one)]
    if not roles:
        return _("Only you yourself see it.")
    who = [*([_("you yourself")] if retention.OWN in one.sees else []), *roles]
    return _("Seen by: {who}, each within their rights.").format(who=list_text(who).lower())


def _rights(*, for_operator: bool) -> None:
    st.header(_("Your rights"), anchor=False)
    st.markdown(
        _(
            "You can be told what is kept, get it, have it corrected, have it erased, have its use "
            "restricted, and object. An answer is due within one month (GDPR articles 12–21). "
            "Under My data you can fetch everything and ask for erasure."
        )
    )
    if for_operator:
        st.caption(
            _(
                "For project leads: what is said of these rights is general knowledge, not read in "
                "a source."
            )
        )
    told = _(
        "Where a body has a duty to archive, keeping goes before erasing; then what is kept is "
        "blocked instead. The new Archives Act is in force from 1 January 2026. Sources: {one}, "
        "{other}."
    )
    st.markdown(told.format(one=link(_ARCHIVES), other=link(_ACT)))
    complaint = _("You can complain to Datatilsynet: {address}.")
    st.markdown(complaint.format(address=link(_DATATILSYNET)))


def _openness() -> None:
    st.header(_("Ideas and business secrets"), anchor=False)
    told = _(
        "An idea is hidden from all but its team, the mentors and the project leads. It may hold "
        "business secrets. But a public body can be asked for access to what it holds: case "
        "documents are open unless a statute excepts them, and a promise of secrecy does not bind "
        "({source}). Business secrets can be excepted. That this holds for an idea bank is our "
        "reading of the rule. Do not write more than is needed."
    )
    st.markdown(told.format(source=link(_OPENNESS)))


def _not_here() -> None:
    st.header(_("What is never asked for"), anchor=False)
    st.markdown(
        _(
            "National identity number, citizenship, health, religion and union membership. Do not "
            "write them in free texts either."
        )
    )
