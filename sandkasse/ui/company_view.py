"""The company that an idea became, and how many of them live on."""

import streamlit as st

from sandkasse import config, registry
from sandkasse.access import Action
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures.statistics import ENOUGH
from sandkasse.figures.survival import BASE_RATES_SOURCE, Survival, survival
from sandkasse.i18n import _, date_text, percent_text
from sandkasse.ideas import Idea
from sandkasse.orgnr import shown
from sandkasse.registry import Company, Finding, Reading
from sandkasse.ui import drawing, forms
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Visit
from sandkasse.ui.text import link, plain


def box(visit: Visit, idea: Idea) -> None:
    """The idea's company with what the register said, and joining it."""
    reading = visit.read(registry.of_idea, idea.idea_id)
    may_join = visit.may_for(Action.JOIN_COMPANY, idea.idea_id)
    if reading is None and not may_join:
        return
    with st.container(border=True):
        st.header(_("Company"), anchor=False)
        if reading is None:
            st.caption(
                _("When the idea has become a company, its number joins it to the register.")
            )
            if st.button(_("Join a company"), key="company-join", icon=":material/business:"):
                st.dialog(_("Which company did the idea become?"))(_join)(visit, idea)
            return
        for line in _told(reading):
            st.markdown(plain(line))
        if may_join:
            with st.container(horizontal=True):
                if st.button(_("Read again"), key="company-read"):
                    forms.tell(_asking(visit, registry.read_again, idea.idea_id), _("Read."))
                if st.button(_("Part them"), key="company-part", type="tertiary"):
                    forms.tell(visit.write(registry.part, idea.idea_id), _("Parted."))


def evidence(visit: Visit, idea: Idea) -> str | None:
    """What the register says that a gate about registration can be judged by; None: nothing."""
    reading = visit.read(registry.of_idea, idea.idea_id)
    if reading is None or reading.company is None or reading.read_at is None:
        return None
    return _("The company register: {what} (read {date})").format(
        what=_state(reading.company), date=date_text(reading.read_at)
    )


def _told(reading: Reading) -> list[str]:
    company = reading.company
    if company is None or reading.read_at is None:
        return [
            shown(reading.orgnr),
            _("The register could not be reached, so it has not been read yet."),
        ]
    yes_no = {True: _("yes"), False: _("no"), None: _("not said")}
    lines = [f"{company.name or shown(reading.orgnr)} · {shown(reading.orgnr)}", _state(company)]
    if company.finding is Finding.FOUND:
        lines += [
            _("Form: {form}").format(form=company.form or _("not said")),
            _("In the VAT register: {answer}").format(answer=yes_no[company.in_vat_register]),
            _("In the Register of Business Enterprises: {answer}").format(
                answer=yes_no[company.in_business_register]
            ),
        ]
    lines.append(
        _("Enhetsregisteret (open data, NLOD 2.0), read {date}").format(
            date=date_text(reading.read_at)
        )
    )
    return lines


def _state(company: Company) -> str:
    if company.finding is Finding.DELETED:
        return (
            _("deleted {date}")
            .format(date=date_text(company.deleted_on) if company.deleted_on else "")
            .strip()
        )
    if company.finding is Finding.REMOVED:
        return _("removed from the register for legal reasons")
    if company.bankrupt:
        return _("bankrupt")
    if company.winding_up or company.forced_winding_up:
        return _("being wound up")
    if company.registered_on is None:
        return _("registered")
    return _("registered {date}").format(date=date_text(company.registered_on))


def _join(visit: Visit, idea: Idea) -> None:
    faults = Faults()
    number = st.text_input(
        _("Organisation number (must be filled in)"), key="company-number", max_chars=40
    )
    faults.beside("orgnr")
    st.caption(_("It is looked up in Enhetsregisteret. No names or birth dates are fetched."))
    if st.button(_("Join"), type="primary", key="company-do"):
        answer = _asking(visit, registry.join, idea.idea_id, number or "")
        forms.finish(answer, faults, _("Joined."))


def _asking(visit: Visit, write: object, *args: object) -> object:
    with registry.Client(config.settings().registry) as client:
        return visit.write(write, *args, client)  # type: ignore[arg-type]


def living(visit: Visit) -> None:
    """How many of the companies live 1, 3 and 5 years after they were registered."""
    st.header(_("Do the companies live on?"), anchor=False)
    found = visit.read(survival)
    if not any(one.n or one.too_young or one.unknown for one in found):
        st.caption(_("No idea is joined to a company yet."))
        return
    drawing.table(visit, _living_table, survival, key="living")
    st.caption(
        _(
            "Read in Enhetsregisteret: neither deleted, bankrupt nor being wound up. The rates of "
            "all new firms are Statistics Norway's, which count whoever has employees or turnover: "
            "another definition. Source: {source}"
        ).format(source=link(BASE_RATES_SOURCE))
    )


def _living_table(found: list[Survival]) -> Table:
    return Table(
        (
            Column(_("Years after registration"), tuple(one.years for one in found)),
            Column(_("Live"), tuple(map(_share, found)), "words"),
            Column(_("Too young to say"), tuple(one.too_young for one in found)),
            Column(_("Not known"), tuple(one.unknown for one in found)),
            Column(
                _("All new firms"),
                tuple(
                    "–" if one.base_rate is None else percent_text(one.base_rate, 1)
                    for one in found
                ),
                "words",
            ),
        ),
        _("How many companies live on"),
    )


def _share(one: Survival) -> str:
    if not one.n:
        return "–"
    told = f"{one.living}/{one.n}"
    if one.n < ENOUGH or one.interval is None:
        return told
    low, high = one.interval
    return f"{told} ({percent_text(low)}–{percent_text(high)})"
