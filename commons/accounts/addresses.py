"""Mail addresses: one form for each, and how much of one may be shown."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def normal(text: str) -> str:
    """The form in which an address is kept and looked up: without spaces around it, in lower case."""
    return text.strip().lower()


def is_address(text: str) -> bool:
    """Whether mail could be sent to `text`. Only ASCII before the @: look-alike letters are how accounts are stolen."""
    if len(text) > LONGEST:
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False, strict=True)
    except EmailNotValidError:
        return False
    domain = text.rpartition("@")[2]
    return text.isascii() and "." in domain


def masked(email: str) -> str:
    """An address as the audit log keeps it: `l…i@example.org`, enough to recognise and too little to write to."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}…{local[-1:]}@{domain}" if len(local) > 2 else f"…@{domain}"
