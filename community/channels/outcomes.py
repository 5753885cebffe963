"""How sending to a channel can end badly, by what may be done about it. Each holds a sentence for people."""

from __future__ import annotations

from datetime import datetime

from commons.outbound import Answer, Failure


class Trouble(Exception):
    """It did not go as it should. `answer` is what came back, for the receipt; never with a secret in it."""

    word = "trouble"

    def __init__(self, words: str, answer: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.answer = answer


class Rejected(Trouble):
    """The channel has said no, for good: sending the same again would not help."""

    word = "rejected"


class SignIn(Trouble):
    """The credentials no longer hold: a person must connect the account again."""

    word = "sign_in"


class RateLimited(Trouble):
    """Too much at present; nothing was taken. `until` is when it may be tried again, None: not known."""

    word = "rate"

    def __init__(self, words: str, until: datetime | None = None, answer: str = "") -> None:
        super().__init__(words, answer)
        self.until = until


class NotSent(Trouble):
    """It surely never left, or the channel surely took nothing and may later: the same may be sent again."""

    word = "not_sent"


class Ambiguous(Trouble):
    """Nobody knows whether it was taken: a time-out, a broken connection, an error of the far end, nonsense in an answer.

    `until`: not to be asked again before, as the far end may still be at it; None: soon.
    """

    word = "ambiguous"

    def __init__(self, words: str, answer: str = "", until: datetime | None = None) -> None:
        super().__init__(words, answer)
        self.until = until


class Duplicate(Trouble):
    """The channel says that it has this already, or took it and does not show it yet."""

    word = "duplicate"


class MediaPending(Trouble):
    """Media are still being worked on there; nothing was posted. `until` is when to look again, None: soon."""

    word = "media_pending"

    def __init__(self, words: str, until: datetime | None = None, answer: str = "") -> None:
        super().__init__(words, answer)
        self.until = until


class ByPerson(Trouble):
    """It lies with a person, who posts it by hand and says so. `until` is when to look again."""

    word = "by_person"

    def __init__(self, words: str, until: datetime, answer: str = "") -> None:
        super().__init__(words, answer)
        self.until = until


class CannotTell(Trouble):
    """Whether it stands there cannot be found out from here."""

    word = "cannot_tell"


def of_failure(failure: Failure) -> Trouble:
    """What a failed call to the outside means for something that was to be posted."""
    return Ambiguous(failure.message) if failure.may_have_arrived else NotSent(failure.message)


def excerpt(answer: Answer, most: int = 500) -> str:
    """What came back, short enough to keep: the status and the beginning of the body."""
    body = answer.body[:most].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return f"HTTP {answer.status} {body}".strip()
