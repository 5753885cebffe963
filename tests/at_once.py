"""Several people, or one with two thumbs, in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask

from commons.db import db


def at_once(app: Flask, *acts: Callable[[], object]) -> list[Exception]:
    """Each act in a thread with a transaction of its own, all let go at the same moment; what went wrong with them."""
    start, wrong = threading.Barrier(len(acts)), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(10)
            try:
                act()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 (told to the test)
                db.session.rollback()
                wrong.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    return wrong


def overtaking(
    app: Flask, patch: pytest.MonkeyPatch, place: ModuleType, name: str, act: Callable[[], object]
) -> Callable[[], list[Exception]]:
    """Somebody else is done with `act` in the moment before `place.name` is used for the first time.

    SQLite lets them begin and then wait until our transaction is over. To be called after that: what went wrong with them.
    """
    used, wrong = getattr(place, name), list[Exception]()

    def other() -> None:
        with app.app_context():
            wrong.extend(at_once(app, act))

    thread = threading.Thread(target=other)

    def use_after_the_other(*given: object) -> object:
        if thread.ident is None:
            thread.start()
            if db.engine.dialect.name == "postgresql":
                thread.join(60)
        return used(*given)

    def outcome() -> list[Exception]:
        thread.join(60)
        return wrong

    patch.setattr(place, name, use_after_the_other)
    return outcome
