"""One cap over all that goes out: whoever starts to write to people from a new place has to say here to whom."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

UNDER_THE_CAP = {
    "community/notices/letters.py": "what is new, gathered by sending.py, which takes a place first",
    "community/members/strangers/letters.py": "an invitation, for which inviting.py takes a place first",
}
NOT_TO_FANS = {
    "commons/accounts/letters.py": "about the account itself, asked for by whoever reads it, or a warning that somebody else uses it",
    "community/members/profiles/letters.py": "to guardians, at most three a day",
    "community/channels/handover_letters.py": "to the team",
    "campaigns/publishing/warnings_by_mail.py": "to the team",
    "campaigns/approval/letters.py": "to approvers",
    "campaigns/links/checking.py": "to the team",
    "campaigns/planning/reminding.py": "to the team",
}
CAPPING = {"community/notices/sending.py", "community/members/strangers/inviting.py"}


def calling(name: str) -> set[str]:
    """The modules that call something called so."""
    found = set()
    for path in [one for layer in ("commons", "community", "campaigns") for one in (ROOT / layer).rglob("*.py")]:
        calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        if any(isinstance(called, ast.Attribute | ast.Name) and ast.unparse(called) == name for called in calls):
            found.add(path.relative_to(ROOT).as_posix())
    return found


def test_every_place_that_mails_says_to_whom() -> None:
    assert calling("mail.send_later") == {*UNDER_THE_CAP, *NOT_TO_FANS}
    assert calling("send_later") == set()


def test_every_message_to_a_fan_takes_a_place_under_the_cap_first() -> None:
    assert calling("capping.claim") == CAPPING
    assert calling("letters.news") == {"community/notices/sending.py"}
    assert calling("letters.invitation") == {"community/members/strangers/inviting.py", "commons/accounts/inviting.py"}


def test_only_what_has_its_place_is_pushed() -> None:
    assert calling("hand_over") == {"community/notices/sending.py"}
