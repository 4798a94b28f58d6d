"""How staff prove who they are without a link: passkeys."""

from bedside.care.credentials.actions import REVOKES, add_passkey, come_in, remove_passkey
from bedside.care.credentials.model import (
    CredentialAdded,
    CredentialRemoved,
    PasskeyRefused,
    PasskeyView,
    SignInTooOld,
    Site,
    TooManyPasskeys,
)
from bedside.care.credentials.views import my_passkeys, to_enrol, to_sign_in

__all__ = [
    "REVOKES",
    "CredentialAdded",
    "CredentialRemoved",
    "PasskeyRefused",
    "PasskeyView",
    "SignInTooOld",
    "Site",
    "TooManyPasskeys",
    "add_passkey",
    "come_in",
    "my_passkeys",
    "remove_passkey",
    "to_enrol",
    "to_sign_in",
]
