"""What was tested, what is known to be wrong, and whom to tell: from the tests' own record."""

import streamlit as st

from sandkasse import accessibility, config
from sandkasse.accessibility import Record
from sandkasse.errors import SandkasseError
from sandkasse.i18n import N_, _, date_text, ngettext_, number_text
from sandkasse.ui import frame, page
from sandkasse.ui.text import link, plain

#: What tests do with the keyboard alone, in both languages or one.
BY_KEYBOARD = (
    N_("Write and submit an idea"),
    N_("Move an idea on the board, and take it back"),
    N_("Open the ideas behind a number"),
    N_("Follow a matter with an agency to its decision"),
    N_("Write down a contact person, and find them"),
    N_("Prepare, hold and close a meeting"),
    N_("Offer a position, apply for it, and fill its seat"),
)
KNOWN = (
    N_(
        "Until a page is drawn, the browser takes it to be in English; only then is it told that "
        "the page is in Norwegian (WCAG 3.1.1)."
    ),
    N_(
        "A chart is a picture. What it shows is said in a sentence beside it, and its numbers "
        "stand in a table or a list, from which they open without a mouse."
    ),
    N_("Dragging a card on the board takes a mouse. The button «Move» does the same."),
)
NOT_TESTED = (
    N_("Nobody who uses a screen reader daily has tested it yet."),
    N_("A machine finds some kinds of faults only."),
    N_("The documents for Word, PowerPoint and Excel have not been tested."),
)


def draw() -> None:
    """The whole statement."""
    st.markdown(
        _(
            "Sandkasse is to be usable by everybody. This page tells what its tests found. It is "
            "not the accessibility statement that public bodies must publish: that one is made in "
            "uustatus.no."
        )
    )
    _statement()
    try:
        found = accessibility.record()
    except SandkasseError as error:
        page.refuse(error)
    _tested(found)
    _listed(_("What can be done with the keyboard alone"), BY_KEYBOARD)
    _listed(_("What is known to be wrong"), KNOWN)
    _listed(_("What has not been tested"), NOT_TESTED)
    _whom_to_tell()


def _statement() -> None:
    address = config.settings().statement
    if address:
        st.markdown(
            _("The statement of this installation: {address}").format(address=link(address))
        )
    else:
        st.caption(_("This installation has not said where its statement is."))


def _tested(found: Record) -> None:
    st.header(_("What was tested"), anchor=False)
    faults = ngettext_("It found {n} fault.", "It found {n} faults.", found.faults)
    st.markdown(
        _(
            "On {date} axe (version {axe}) looked {looks} times at {pages} pages in Chromium "
            "(version {chromium}): in Norwegian and English, light and dark, {narrow} and {wide} "
            "pixels wide."
        ).format(
            date=date_text(found.date),
            axe=plain(found.axe),
            looks=number_text(found.looks),
            pages=number_text(len(found.pages)),
            chromium=plain(found.chromium),
            narrow=number_text(min(found.widths)),
            wide=number_text(max(found.widths)),
        )
        + " "
        + faults.format(n=number_text(found.faults))
    )
    titles = {"welcome": _("Before signing in"), **frame.titles()}
    pages = {title: found.pages[name] for name, title in titles.items() if name in found.pages}
    st.table(
        {
            _("Page"): list(pages),
            _("Times looked at"): [number_text(one.looks) for one in pages.values()],
            _("Faults found"): [number_text(one.faults) for one in pages.values()],
        },
        hide_index=True,
        width="content",
    )


def _listed(heading: str, entries: tuple[str, ...]) -> None:
    st.header(heading, anchor=False)
    st.markdown("\n".join(f"- {_(entry)}" for entry in entries))


def _whom_to_tell() -> None:
    st.header(_("Have you met something that does not work for you?"), anchor=False)
    contact = config.settings().contact
    if contact:
        st.markdown(_("Write to {contact}.").format(contact=plain(contact)))
        st.markdown(_("Tell us which page it was on, what you wanted to do, and what happened."))
    else:
        st.info(
            _("This installation has not said whom to tell."), icon=":material/contact_support:"
        )
