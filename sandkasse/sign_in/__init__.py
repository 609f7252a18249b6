"""Signing in through OpenID Connect: what providers say of somebody, and what follows from it."""

from sandkasse.sign_in.claims import Claims, Identity
from sandkasse.sign_in.gathering import gather
from sandkasse.sign_in.rules import Provider, Rule, SignInRules, load

__all__ = ["Claims", "Identity", "Provider", "Rule", "SignInRules", "gather", "load"]
