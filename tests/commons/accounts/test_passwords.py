from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from commons.accounts import passwords
from commons.accounts.models import User
from commons.accounts.passwords import complaint, hash_password, password_fits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "x" * 201,
        "aaaaaaaaaaaa",
        "abababababab",
        "abc123abc123",
        "1234567890",
        "qwertyuiop",
        "qwerty12345",
        "abcdefghijk",
        "password123",
        "iloveyou99!",
        "xiaoman2024",
        "xiaoman@example.org",
        "xiaomanxiaoman1",
    ],
)
def test_what_anyone_would_try_is_refused(app: Flask, text: str) -> None:
    assert complaint(text, "小满", "xiaoman@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "a good long passphrase",
        "春天的第一泡茶最香了",
        "correct horse battery",
        "gT7#kq!pZ2",
        "x" * 5 + "yz1!" * 40 + "q",
    ],
)
def test_what_is_hard_to_guess_is_taken(app: Flask, text: str) -> None:
    assert complaint(text, "小满", "xiaoman@example.org") is None


def test_the_limits_count_characters_and_not_bytes(app: Flask) -> None:
    assert complaint("一二三四五六七八九") is not None
    assert complaint("春眠不觉晓处处闻啼鸟") is None


def test_the_same_password_fits_however_the_keyboard_composes_it(app: Flask) -> None:
    user = User(password_hash=hash_password("café au lait ﬁn"))

    assert password_fits(user, "cafe\u0301 au lait fin")
    assert not password_fits(user, "cafe au lait fin")


def test_a_password_is_never_cut_short(app: Flask) -> None:
    user = User(password_hash=hash_password("p" * 200))

    assert not password_fits(user, "p" * 199)
    assert not password_fits(user, "p" * 201)
    assert not password_fits(user, "p" * 5000)


@pytest.mark.parametrize("known", [None, "", "nonsense", "$argon2id$broken"])
def test_without_a_usable_hash_nothing_fits(app: Flask, known: str | None) -> None:
    assert not password_fits(User(password_hash=known), "nobody's password")


def test_an_unknown_account_costs_as_much_work_as_a_known_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(passwords, "_verify", lambda known, text: checked.append(known) or False)

    password_fits(None, "anything")
    password_fits(User(password_hash=None), "anything")
    password_fits(User(password_hash=hash_password("another one")), "anything")

    assert len(checked) == 3
    assert all(known.startswith("$argon2id$") for known in checked)
    assert len({known.split("$")[3] for known in checked}) == 1


@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gets_an_answer(shared_app: Flask, text: str, name: str, email: str) -> None:
    with shared_app.app_context():
        answer = complaint(text, name, email)

    assert answer is None or answer


def test_the_hash_says_nothing_of_the_password(app: Flask, at: datetime) -> None:
    first, second = hash_password("a good long passphrase"), hash_password("a good long passphrase")

    assert first != second
    assert first.startswith("$argon2id$")
    assert "passphrase" not in first
