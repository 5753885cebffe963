"""What every page repeats, and the words it finds in a hurry."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader

from commons.assets import repeated
from commons.i18n import date_words


def test_what_repeats_is_written_once_for_each_language(app: Flask) -> None:
    loader = app.jinja_env.loader
    try:
        app.jinja_env.loader = DictLoader({"said.html": "{{ _('Close') }} {{ now() }}"})
        with app.test_request_context():
            first, again = repeated("said.html"), repeated("said.html")
            with force_locale("en"):
                english = repeated("said.html")
    finally:
        app.jinja_env.loader = loader
        app.extensions["repeated"].clear()

    assert first == again
    assert (first.split()[0], english.split()[0]) == ("关闭", "Close")


def test_while_developing_it_is_written_each_time(app: Flask) -> None:
    loader = app.jinja_env.loader
    app.debug = True
    try:
        with app.test_request_context():
            app.jinja_env.loader = DictLoader({"said.html": "{{ now() }}"})
            assert repeated("said.html") != repeated("said.html")
    finally:
        app.jinja_env.loader = loader
        app.debug = False
        app.extensions["repeated"].clear()


def test_templates_follow_a_language_that_changes_within_a_page(app: Flask) -> None:
    with app.test_request_context():
        said = [render_template_string("{{ _('Close') }}")]
        with force_locale("en"):
            said.append(render_template_string("{{ _('Close') }}"))
        said.append(render_template_string("{{ _('Close') }}"))

    assert said == ["关闭", "Close", "关闭"]


def test_a_day_is_a_day_and_a_moment_falls_on_a_day_of_the_visitor(app: Flask) -> None:
    late = datetime(2026, 3, 1, 20, tzinfo=UTC)
    with app.test_request_context():
        assert (date_words(late.date()), date_words(late)) == ("2026年3月1日", "2026年3月2日")
        assert date_words(date(2026, 3, 1), "d MMM") == "1 3月"
        with force_locale("en"):
            assert date_words(late.date()) == "1 Mar 2026"
