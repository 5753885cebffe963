"""The two names of a post: its number, and the short form in the address of its page."""

from __future__ import annotations

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS, DIGITS = 4, 7


def short_of(number: str) -> str:
    """`3489035978933121` as `yBmepBtUB`: from the right, seven digits are four letters of base 62."""
    groups = _groups(number, DIGITS)
    letters = [_to_letters(int(group)) for group in groups]
    return letters[0] + "".join(group.rjust(LETTERS, "0") for group in letters[1:])


def number_of(short: str) -> str:
    """The other way round. ValueError for what is no such name."""
    digits = [str(_to_number(group)) for group in _groups(short, LETTERS)]
    return digits[0] + "".join(group.rjust(DIGITS, "0") for group in digits[1:])


def _groups(name: str, size: int) -> list[str]:
    """`name` cut from the right; the first group may be shorter."""
    first = len(name) % size or size
    return [name[:first], *(name[start : start + size] for start in range(first, len(name), size))]


def _to_letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters or "0"


def _to_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number
