"""The rules for signing in, and what the providers say of themselves."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandkasse.config import Settings
from sandkasse.doctor.finding import Finding, fine, look, wrong
from sandkasse.errors import SandkasseError
from sandkasse.i18n import _, ngettext_, number_text
from sandkasse.people import Role
from sandkasse.sign_in import SignInRules, discovery
from sandkasse.sign_in.claims import providers, section_of

RULES = "sign_in_rules"


def check_rules(settings: Settings, rules: SignInRules, names: list[str]) -> Iterator[Finding]:
    """Whether somebody gets in at all, and nobody too easily."""
    n = len(rules.rules)
    words = ngettext_("{file} holds {n} rule.", "{file} holds {n} rules.", n)
    yield fine(RULES, words.format(file=settings.sign_in, n=number_text(n)))
    for rule in rules.rules:
        if rule.role is Role.MENTOR:
            yield look(
                RULES,
                _("A rule makes mentors of all who fit it; mentors see every idea."),
                _("Give mentors their role on the people page, one by one."),
            )
        if rule.affiliation is not None and rule.realm is None:
            yield look(
                RULES,
                _("A rule for {what} names no realm, so it is for every institution.").format(
                    what=rule.affiliation
                ),
                _('Write realm = "uit.no", or that of your own institution.'),
            )
    bare = [one for one in settings.leads if "|" not in one and "@" not in one]
    if bare and len(names) > 1:
        yield wrong(
            RULES,
            _("SANDKASSE_LEADS names a subject without its issuer, and there are two providers."),
            _("Write issuer|subject, as the page for those who wait shows it."),
        )
    if not settings.leads:
        yield look(
            RULES,
            _("SANDKASSE_LEADS names nobody."),
            _("Somebody has to be the first lead, who gives the others their roles."),
        )


def check_discovery(auth: Mapping[str, Any], rules: SignInRules) -> Iterator[Finding]:
    """What each provider's discovery document says, asked for now."""
    for name in providers(auth):
        address = str((section_of(auth, name) or {}).get("server_metadata_url", ""))
        if not address or "<" in address:
            continue
        yield from _described(name, address, rules)


def _described(name: str, address: str, rules: SignInRules) -> Iterator[Finding]:
    about = f"provider {name}"
    try:
        found = discovery.asked(address, rules.label(name))
    except SandkasseError as error:
        yield wrong(
            about, error.message, _("Look at {address} from the server.").format(address=address)
        )
        return
    expected = address.removesuffix("/.well-known/openid-configuration").rstrip("/")
    if found.issuer.rstrip("/") != expected:
        yield wrong(
            about,
            _("{name} calls itself {issuer}, and is asked at {address}.").format(
                name=name, issuer=found.issuer, address=address
            ),
            _("Correct server_metadata_url."),
        )
    if not found.has_pkce:
        yield look(
            about,
            _("{name} does not say that it takes PKCE (S256), so it is not used.").format(
                name=name
            ),
        )
    if found.userinfo_endpoint is None and rules.provider(name).userinfo:
        yield look(
            about,
            _("{name} has no userinfo endpoint; names must be in its ID token.").format(name=name),
        )
    if found.end_session_endpoint is None:
        yield look(
            about,
            _("{name} cannot sign people out: they stay signed in there.").format(name=name),
        )
    yield fine(
        about, _("{name} answers, and calls itself {issuer}.").format(
            name=name, issuer=found.issuer
        ),
    )  # fmt: skip
