"""What the pages of other rooms show of seed users."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.seed_users import accepting, codes, naming, reading
from community.seed_users.models import CodeState


def status(member: Member, at: datetime) -> Panel | None:
    """On the fan's status page: a seed user's free codes, or the way to enter a code for who is new."""
    seed = naming.running(member)
    can_enter = seed is None and accepting.in_time(member, at) and accepting.acceptance_of(member) is None
    if seed is None and not can_enter:
        return None
    free = [code for code in codes.of_seed_user(seed) if code.state(at) is CodeState.OPEN] if seed else []
    context = {"seed": seed, "left": sum(code.most - code.used for code in free)}
    context["came"] = reading.came_by({member.id}).get(member.id, 0) if seed else 0
    return Panel("community/seed_users/_status.html", context, order=85)


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: whether the member is a seed user, and by whom the member came."""
    seed, acceptance = naming.running(member), accepting.acceptance_of(member)
    may_name = current_user.can(Permission.SEED_USER_MANAGE)
    if seed is None and acceptance is None and not may_name:
        return None
    context = {"member": member, "seed": seed, "acceptance": acceptance, "may_name": may_name}
    return Panel("community/seed_users/_profile.html", context, order=46)
