"""A believable brand to try things on: a tea house with its people, a month behind it and a month ahead."""

from __future__ import annotations

from collections.abc import Sequence

import click
from flask import Flask
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select

from campaigns.demo import story
from commons import clock
from commons.accounts.models import User
from commons.accounts.slots import DemoName, demo_names
from commons.db import db
from commons.permissions import Role


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)
    if app.extensions["settings"].demo:
        demo_names.plug(names)


def names() -> Sequence[DemoName]:
    """Who can sign in to the demo brand, staff first, then a fan."""
    staff = [
        DemoName(f"{one.login}@{story.DOMAIN}", story.PASSWORD, f"{one.name} · {one.role.label}") for one in story.STAFF
    ]
    fan = DemoName(f"xiaoman@{story.DOMAIN}", story.PASSWORD, f"{story.FANS[0]} · {Role.FAN.label}")
    return [*staff, fan]


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Seed the demo brand into an empty database."""
    from campaigns.demo.seeding import seed

    if db.session.scalar(select(func.count()).select_from(User)):
        raise click.ClickException("There are accounts in this database already; the demo brand needs an empty one.")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Seeding the demo brand", total=1.0)
        seed(clock.now(), lambda share: bar.update(task, completed=share))
    click.echo(f"The demo brand {story.NAME.en} is ready. Everybody's password is {story.PASSWORD}:")
    for name in names():
        click.echo(f"  {name.email:<28} {name.words}")
