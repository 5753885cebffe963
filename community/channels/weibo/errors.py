"""What Weibo's error codes mean for a post (open.weibo.com/wiki/Error_code).

The number is text in the documentation and a number in live answers, and the HTTP status says little: the body is read first.

Only two codes of a busy system are taken to say that nothing was done, because they name the gate: 10002 (service unavailable)
and 10009 (too many tasks pending). The others of that kind (10001 system error, 10003 remote service, 10010 job expired, 10011
RPC error) can come after the post was made and leave it in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.outbound import Answer
from community.channels.outcomes import Ambiguous, Duplicate, NotSent, RateLimited, Rejected, SignIn, Trouble, excerpt

HELD_BACK = frozenset({10002, 10009})
ALREADY_THERE = frozenset({20017, 20019, 20111})
TAKEN_BUT_LATE = 20032
TOO_OFTEN = frozenset({10022, 10023, 10024})
A_LITTLE_TOO_OFTEN = 20016
GONE = frozenset({20101})

_REFUSED = {
    10004: _l("Weibo does not take calls from the address of this server."),
    10005: _l("The application at Weibo lacks a permission that posting needs."),
    10008: _l("Weibo does not understand the request."),
    10012: _l("Weibo does not understand the request."),
    10013: _l("Weibo does not know this account."),
    10014: _l("The application at Weibo lacks a permission that posting needs."),
    10016: _l("Weibo does not understand the request."),
    10017: _l("Weibo found no link on the safe domain of the application."),
    10018: _l("The picture is too large for Weibo."),
    10020: _l("Weibo does not offer this call."),
    10021: _l("Weibo does not offer this call."),
    20003: _l("Weibo does not know this account."),
    20005: _l("Weibo takes JPEG, PNG and GIF pictures only."),
    20006: _l("The picture is too large for Weibo."),
    20008: _l("Weibo found the text empty."),
    20012: _l("The text is too long for Weibo."),
    20013: _l("The text is too long for Weibo."),
    20015: _l("Weibo has restricted the account or the application."),
    20018: _l("Weibo refuses a link in the text."),
    20020: _l("Weibo takes the text for unwanted advertising."),
    20021: _l("Weibo refuses the text because of its content."),
    20022: _l("Weibo does not take calls from the address of this server."),
    20031: _l("Weibo asks for a captcha: a person must post on Weibo once."),
    20049: _l("The text is too long for Weibo."),
    21335: _l("The token belongs to another account of Weibo."),
}


def code_of(body: Any) -> int | None:
    """The error code of an answer, text or number; None when it has none."""
    code = body.get("error_code") if isinstance(body, Mapping) else None
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    return int(code) if isinstance(code, str) and code.isascii() and code.isdecimal() and len(code) < 8 else None


def trouble_of(answer: Answer, body: Any, at: datetime | None = None) -> Trouble:
    """What an answer that is no post means for a request that was to make one."""
    code = code_of(body)
    came = excerpt(answer)
    if code is None:
        return Ambiguous(_("Weibo answered with something that makes no sense."), came)
    said = str(body.get("error") or "")[:120]
    if code in _REFUSED:
        return Rejected(
            _("%(words)s (Weibo: %(code)s %(said)s)", words=str(_REFUSED[code]), code=code, said=said), came
        )
    if code in ALREADY_THERE:
        return Duplicate(_("Weibo says that it has this or something like it already."), came)
    if code == TAKEN_BUT_LATE:
        return Duplicate(_("Weibo has taken it and shows it in a minute or two."), came)
    if code in TOO_OFTEN:
        return RateLimited(_("Weibo takes no more for now."), next_hour(at) if at else None, came)
    if code == A_LITTLE_TOO_OFTEN:
        return RateLimited(_("Weibo takes no more for now."), None, came)
    if code == 10006 or 21300 < code < 21400:
        return SignIn(_("Weibo no longer lets us in (%(code)s %(said)s).", code=code, said=said), came)
    if code in HELD_BACK:
        return NotSent(_("Weibo is too busy to take anything."), came)
    return Ambiguous(_("Weibo answered with an error (%(code)s %(said)s).", code=code, said=said), came)


def next_hour(at: datetime) -> datetime:
    """When the hourly counters begin anew, as far as anybody outside knows."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
