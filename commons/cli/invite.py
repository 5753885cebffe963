"""`flask invite`: how the first administrator of a real installation comes in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from commons import clock
from commons.accounts import addresses, inviting
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Role
from commons.web import absolute_url

STAFF = [role.value for role in Role if role.is_staff]


@click.command("invite")
@click.argument("email")
@click.option("--role", type=click.Choice(STAFF), default=Role.ADMINISTRATOR.value, show_default=True)
@with_appcontext
def invite(email: str, role: str) -> None:
    """Invite EMAIL to the staff side: the link goes there by mail, and is printed here."""
    if not addresses.is_address(email.strip()):
        raise click.BadParameter(f"{email} is not a mail address", param_hint="EMAIL")
    try:
        token = inviting.invite(email, Role(role), None, clock.now())
    except DomainError as refusal:
        raise click.ClickException(refusal.in_full) from refusal
    db.session.commit()
    click.echo(f"Invited {addresses.normal(email)} as {role}. The link works once, for {inviting.LIFETIME.days} days:")
    click.echo(absolute_url("accounts.invitation", token=token))
