"""The secrets file: who can read it, and whether its ``[auth]`` section is whole."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandkasse import config
from sandkasse.config import Settings
from sandkasse.doctor.finding import Finding, fine, look, wrong
from sandkasse.i18n import _
from sandkasse.sign_in.claims import providers, section_of
from sandkasse.sign_in.rules import LOOPBACK, SignInRules, is_safe_address

FILE, AUTH = "secrets_file", "auth"
_LEAST_LETTERS = 32
_NEEDED = ("client_id", "client_secret", "server_metadata_url")


def check(settings: Settings) -> Iterator[Finding]:
    """The file and the settings that all providers share."""
    path = settings.secrets
    if not path.exists():
        yield look(
            FILE,
            _("There is no {file}: the app runs as a demonstration.").format(file=path),
            _("To let people sign in, copy {file}.example there and fill it in.").format(
                file=path.name
            ),
        )
        return
    yield _readers(path)
    auth = config.auth_section(path)
    if auth is None:
        yield look(
            FILE, _("{file} has no [auth] section: the app runs as a demonstration.")
            .format(file=path),
        )  # fmt: skip
        return
    yield from _redirect(auth)
    yield from _cookie_secret(auth)


def _readers(path: Path) -> Finding:
    others = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
    if os.name == "posix" and path.stat().st_mode & others:
        return wrong(
            FILE,
            _("Others than its owner can read or change {file}.").format(file=path),
            _("Run: {command}").format(command=f"chmod 600 {path}"),
        )
    return fine(FILE, _("{file} is there, for its owner alone.").format(file=path))


def _redirect(auth: Mapping[str, Any]) -> Iterator[Finding]:
    address = str(auth.get("redirect_uri", ""))
    advice = _('Write redirect_uri = "https://YOUR-HOST/oauth2callback".')
    if "<" in address or not address:
        yield wrong(AUTH, _("redirect_uri is not filled in."), advice)
    elif not address.endswith("/oauth2callback"):
        yield wrong(AUTH, _("redirect_uri does not end in /oauth2callback."), advice)
    elif not is_safe_address(address):
        yield wrong(
            AUTH, _("redirect_uri begins with http://, and is not on this machine."), advice
        )
    else:
        yield fine(AUTH, _("People come back to {address}.").format(address=address))


def _cookie_secret(auth: Mapping[str, Any]) -> Iterator[Finding]:
    secret = str(auth.get("cookie_secret", ""))
    if "<" in secret or len(secret) < _LEAST_LETTERS or len(set(secret)) < 10:
        yield wrong(
            AUTH,
            _("cookie_secret is missing, is too short, or can be guessed."),
            _("Make one: {command}").format(
                command="python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            ),
        )
    else:
        yield fine(AUTH, _("cookie_secret is long enough."))


def check_providers(auth: Mapping[str, Any], rules: SignInRules) -> Iterator[Finding]:
    """Each provider's section. What it says of itself is looked at by another check."""
    names = providers(auth)
    tokens = auth.get("expose_tokens", [])
    has_access = "access" in ([tokens] if isinstance(tokens, str) else list(tokens))
    for name in names:
        found = list(_provider(name, section_of(auth, name) or {}))
        if rules.provider(name).extended_userinfo and not has_access:
            found.append(
                wrong(
                    _about(name),
                    _("The affiliation of people from {name} cannot be asked for.").format(
                        name=name
                    ),
                    _('Write expose_tokens = ["access"] in [auth].'),
                )
            )
        if rules.provider(name).extended_userinfo:
            found += _feide_scopes(name, section_of(auth, name) or {})
        yield from found or [
            fine(_about(name), _("The section of {name} is whole.").format(name=name))
        ]
    for name in sorted(rules.providers.keys() - set(names)):
        if any(rule.provider == name for rule in rules.rules):
            yield look(
                _about(name),
                _("Rules are about {name}, which has no section in [auth].").format(name=name),
            )


def _about(name: str) -> str:
    return f"provider {name}"


def _provider(name: str, section: Mapping[str, Any]) -> Iterator[Finding]:
    about = _about(name)
    if "_" in name:
        yield wrong(
            about,
            _("The name {name} has an underscore, which Streamlit cannot use.").format(name=name),
            _("Use a hyphen, and change it in the rules too."),
        )
    missing = [key for key in _NEEDED if not str(section.get(key, "")) or _is_open(section, key)]
    if missing:
        yield wrong(
            about,
            _("{name} lacks {what}.").format(name=name, what=", ".join(missing)),
            _("Fill in what the provider gave you."),
        )
    kwargs = section.get("client_kwargs", {})
    kwargs = kwargs if isinstance(kwargs, Mapping) else {}
    if "acr_values" in kwargs:
        yield wrong(
            about,
            _("acr_values in client_kwargs of {name} is dropped without a word.").format(name=name),
            _("Move it: {line}").format(line='authorize_params = { acr_values = "…" }'),
        )
    if "scope" in kwargs and "openid" not in str(kwargs["scope"]).split():
        yield wrong(
            about,
            _("The scope of {name} lacks openid.").format(name=name),
            _("Without it, it is not a sign-in."),
        )
    address = str(section.get("server_metadata_url", ""))
    parts = urlsplit(address).path.split("/")
    if "login.microsoftonline.com" in address and {"common", "organizations"} & set(parts):
        yield wrong(
            about,
            _("{name} is for all organisations there are.").format(name=name),
            _("Name your own tenant in server_metadata_url, and one provider for each."),
        )


def _is_open(section: Mapping[str, Any], key: str) -> bool:
    return "<" in str(section.get(key, ""))


def _feide_scopes(name: str, section: Mapping[str, Any]) -> Iterator[Finding]:
    kwargs = section.get("client_kwargs", {})
    scope = kwargs.get("scope", "openid email profile") if isinstance(kwargs, Mapping) else ""
    lacking = [one for one in ("userid-feide", "groups-org") if one not in str(scope).split()]
    if lacking:
        yield wrong(
            _about(name),
            _("The scope of {name} lacks {what}, without which no affiliation is told.").format(
                name=name, what=", ".join(lacking)
            ),
            _("Add it here, and the attribute group in Feide's customer portal."),
        )


def check_web_address(settings: Settings, auth: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Whether links in mail, and the address listened on, fit with how people come."""
    web = urlsplit(settings.web_address)
    if auth is None:
        if settings.address not in LOOPBACK:
            yield wrong(
                "web_address",
                _("The demonstration can be reached from other machines, by anybody."),
                _("Take SANDKASSE_ADDRESS away, or let people sign in."),
            )
        return
    back = urlsplit(str(auth.get("redirect_uri", "")))
    if (web.scheme, web.netloc) != (back.scheme, back.netloc):
        yield wrong(
            "web_address",
            _("Links in mail go to {web}, and people sign in at {back}.").format(
                web=settings.web_address, back=f"{back.scheme}://{back.netloc}"
            ),
            _("Give SANDKASSE_WEB_ADDRESS the address that people use."),
        )
    else:
        yield fine("web_address", _("Links in mail go to {web}.").format(web=settings.web_address))
