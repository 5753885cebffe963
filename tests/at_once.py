"""Several people, or one with two thumbs, in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

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
