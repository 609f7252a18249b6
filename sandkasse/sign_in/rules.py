"""The settings for signing in (``data/sign_in.toml``): what each provider is trusted for, how long
a sign-in and an ended affiliation last, and which role a new person gets.

That access lasts 90 days after somebody was last seen as a student or an employee is an assumption,
and is a setting for that reason.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sandkasse.i18n import _
from sandkasse.people import Role
from sandkasse.reference_file import faulty, reading
from sandkasse.sign_in.claims import Claims

#: Addresses on this machine, where http will do.
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Provider(_Section):
    """What is known of a provider, beside what the secrets file says."""

    label: str | None = Field(default=None, min_length=1)
    #: Whether its addresses may give roles though it does not call them verified.
    trust_addresses: bool = False
    #: Whether its userinfo endpoint is asked for what the ID token lacks.
    userinfo: bool = True
    #: Feide's extended userinfo endpoint, which alone tells the affiliation.
    extended_userinfo: str | None = None
    #: One of these affiliations, or an address in one of these domains, keeps the access.
    affiliations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @field_validator("extended_userinfo")
    @classmethod
    def _encrypted(cls, value: str | None) -> str | None:
        if value is not None and not is_safe_address(value):
            raise ValueError("must begin with https://")
        return value

    @field_validator("domains")
    @classmethod
    def _folded(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_domain, value))

    def trusted_address(self, claims: Claims) -> str | None:
        """The address in lower case, if it may decide anything."""
        if claims.email and (claims.email_verified or self.trust_addresses):
            return claims.email.lower()
        return None

    def belongs(self, claims: Claims) -> bool | None:
        """Whether somebody still belongs where the access comes from; None where nothing is asked
        for, so that it does not end by itself."""
        if not self.affiliations and not self.domains:
            return None
        if not set(self.affiliations).isdisjoint(claims.affiliations or ()):
            return True
        address = self.trusted_address(claims) or ""
        return address.rpartition("@")[2] in self.domains if address else False


class Rule(_Section):
    """Which role somebody new gets: who comes from ``provider`` and fits all that is said here."""

    provider: str
    affiliation: str | None = None
    realm: str | None = None
    email_domain: str | None = None
    role: Role
    agency: str | None = None

    @field_validator("email_domain", "realm")
    @classmethod
    def _folded(cls, value: str | None) -> str | None:
        return None if value is None else _domain(value)

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        if self.affiliation is None and self.email_domain is None:
            raise ValueError("needs an affiliation or an email_domain")
        if self.role is Role.LEAD:
            raise ValueError("no rule makes leads: name them in SANDKASSE_LEADS")
        if (self.role is Role.MEMBER) != (self.agency is not None):
            raise ValueError("a member has an agency, and nobody else has")
        return self

    def fits(self, claims: Claims, provider: Provider) -> bool:
        """Whether the rule is for this person. An address counts only where it is verified, or its
        provider is trusted for it."""
        if claims.provider != self.provider:
            return False
        if self.affiliation is not None and self.affiliation not in (claims.affiliations or ()):
            return False
        if self.realm is not None and claims.realm != self.realm:
            return False
        if self.email_domain is None:
            return True
        address = provider.trusted_address(claims) or ""
        return address.rpartition("@")[2] == self.email_domain


class SignInRules(_Section):
    """All of the file."""

    session_hours: float = Field(default=12, gt=0, le=24 * 30)
    idle_minutes: float = Field(default=60, ge=1, le=24 * 60)
    grace_days: int = Field(default=90, ge=0, le=3660)
    providers: Mapping[str, Provider] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def provider(self, name: str) -> Provider:
        """What is known of the provider called ``name`` in the secrets file."""
        return self.providers.get(name, Provider())

    def label(self, name: str) -> str:
        """What to call a provider on a screen."""
        return self.provider(name).label or name.replace("-", " ").capitalize()

    def rule_for(self, claims: Claims) -> Rule | None:
        """The first rule that fits; None: a lead decides."""
        known = self.provider(claims.provider)
        return next((rule for rule in self.rules if rule.fits(claims, known)), None)


def load(path: Path, agencies: Collection[str]) -> SignInRules:
    """The settings in a file.

    :param agencies: the ids that a rule may name.
    :raises NotConfigured: naming the file and what is wrong with it.
    """
    with reading(path) as content:
        found = SignInRules.model_validate(content)
    for number, rule in enumerate(found.rules):
        if rule.provider not in found.providers:
            reason = _("rules.{n}: there is no section for the provider {name}")
            raise faulty(path, reason.format(n=number, name=rule.provider))
        if rule.agency is not None and rule.agency not in agencies:
            reason = _("rules.{n}: there is no agency {name}")
            raise faulty(path, reason.format(n=number, name=rule.agency))
    return found


def is_safe_address(address: str) -> bool:
    """Whether a secret may be sent to a web address: https, or this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


def _domain(value: str) -> str:
    folded = value.strip().lower().removeprefix("@")
    if not folded or "@" in folded or " " in folded or "." not in folded.strip("."):
        raise ValueError("must be a domain such as uit.no")
    return folded
