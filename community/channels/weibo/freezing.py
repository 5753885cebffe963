"""A post as the one request that Weibo takes, checked before anything is sent, because what it refuses is hard to read."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from flask_babel import gettext as _

from community.channels.models import ChannelAccount
from community.channels.outcomes import Rejected
from community.channels.protocol import Outgoing
from community.channels.weibo import text as texts
from community.channels.weibo.pictures import picture_request
from community.channels.wording import text_sent


def request_of(account: ChannelAccount, outgoing: Outgoing) -> dict[str, Any]:
    """`rip` is the public address of whoever released the post, which Weibo asks for; it leaves this house."""
    _check_form(outgoing)
    text = text_sent(outgoing.text, outgoing.link_url, True)
    _check_text(text, safe_domains(account.facts))
    picture = picture_request(outgoing.pictures[0]) if outgoing.pictures else None
    return {"text": text, "rip": _rip(outgoing.sender_ip, account.facts), "picture": picture}


def lacks(account: ChannelAccount, outgoing: Outgoing) -> list[str]:
    """What can be said before it is planned: that none of its links is on a safe domain."""
    text = text_sent(outgoing.text, outgoing.link_url, True)
    domains = safe_domains(account.facts)
    if not texts.has_link(text) or texts.has_link_on(text, domains):
        return []
    return [_("No link is on a safe domain of the application (%(domains)s).", domains=", ".join(domains) or "–")]


def safe_domains(facts: Mapping[str, Any]) -> list[str]:
    return [str(domain) for domain in facts.get("safe_domains", [])]


def is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _check_form(outgoing: Outgoing) -> None:
    if outgoing.more or outgoing.first_comment or outgoing.content_warning:
        raise Rejected(_("Weibo takes one post by this way: no thread, no first comment, no content warning."))
    if outgoing.video is not None:
        raise Rejected(_("Weibo takes no video by this way."))
    if len(outgoing.pictures) > 1:
        raise Rejected(_("Weibo takes one picture by this way."))


def _check_text(text: str, domains: list[str]) -> None:
    if (length := texts.length(text)) > texts.MOST:
        words = _("The text is too long for Weibo: %(length)s of %(most)s characters.", length=length, most=texts.MOST)
        raise Rejected(words)
    if texts.has_topic(text):
        raise Rejected(_("Weibo does not take #topics# by this way. Take the marks out."))
    if not texts.has_link_on(text, domains):
        listed = ", ".join(domains) or "–"
        raise Rejected(_("Weibo wants a link on a safe domain of the application (%(domains)s).", domains=listed))


def _rip(sender_ip: str, facts: Mapping[str, Any]) -> str:
    """The sender's public address, else the one that was set for such cases when the account was connected."""
    for address in (sender_ip, str(facts.get("sender_ip") or "")):
        if is_public(address):
            return address
    raise Rejected(
        _(
            "Weibo asks for the public address of whoever posts, and none is known. Set one for the account: connect it again."
        )
    )
