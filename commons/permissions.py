"""Who may do what: one table, from role to permissions, each with the sentence that a person reads."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l


class Role(enum.StrEnum):
    """What an account is for. Everybody has exactly one role."""

    FAN = "fan"
    ADMINISTRATOR = "administrator"
    SOCIAL_MANAGER = "social_manager"
    APPROVER = "approver"
    CAMPAIGN_LEAD = "campaign_lead"
    SERVICE_AGENT = "service_agent"
    EXECUTIVE = "executive"

    @property
    def label(self) -> str:
        return str(ROLE_WORDS[self])

    @property
    def is_staff(self) -> bool:
        return self is not Role.FAN


class Permission(enum.StrEnum):
    """One thing that can be allowed."""

    TAKE_PART = "take_part"
    STAFF_HOME = "staff_home"
    POST_READ = "post_read"
    POST_WRITE = "post_write"
    POST_SCHEDULE = "post_schedule"
    POST_APPROVE = "post_approve"
    HOLD_MANAGE = "hold_manage"
    CHANNEL_MANAGE = "channel_manage"
    CAMPAIGN_READ = "campaign_read"
    CAMPAIGN_WRITE = "campaign_write"
    PAGE_WRITE = "page_write"
    PAGE_PUBLISH = "page_publish"
    EXPERIMENT_RUN = "experiment_run"
    GROUP_BUY_WRITE = "group_buy_write"
    PAYMENT_READ = "payment_read"
    PAYMENT_WRITE = "payment_write"
    DRAW_WRITE = "draw_write"
    PRIZE_SEND = "prize_send"
    INSIGHTS_READ = "insights_read"
    LINK_READ = "link_read"
    LINK_WRITE = "link_write"
    INBOX_READ = "inbox_read"
    BRAND_COMMENT = "brand_comment"
    MEMBER_READ = "member_read"
    MEMBER_WRITE = "member_write"
    REWARD_WRITE = "reward_write"
    SEED_USER_MANAGE = "seed_user_manage"
    CIRCLE_MANAGE = "circle_manage"
    CONTENT_REVIEW = "content_review"
    STANDARD_WRITE = "standard_write"
    LOYALTY_READ = "loyalty_read"
    LOYALTY_WRITE = "loyalty_write"
    STAFF_MANAGE = "staff_manage"
    AUDIT_READ = "audit_read"
    JOBS_MANAGE = "jobs_manage"
    BRAND_MANAGE = "brand_manage"

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self])


ROLE_WORDS = {
    Role.FAN: _l("Fan"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.SOCIAL_MANAGER: _l("Social manager"),
    Role.APPROVER: _l("Approver"),
    Role.CAMPAIGN_LEAD: _l("Campaign lead"),
    Role.SERVICE_AGENT: _l("Service agent"),
    Role.EXECUTIVE: _l("Executive"),
}

SENTENCES = {
    Permission.TAKE_PART: _l("Comment, share, check in and join group buys as a fan"),
    Permission.STAFF_HOME: _l("Open the staff side"),
    Permission.POST_READ: _l("See posts that are planned"),
    Permission.POST_WRITE: _l("Write and change posts"),
    Permission.POST_SCHEDULE: _l("Schedule, move and cancel posts"),
    Permission.POST_APPROVE: _l("Approve posts of others"),
    Permission.HOLD_MANAGE: _l("Hold everything that is planned, and let it go on"),
    Permission.CHANNEL_MANAGE: _l("Connect and disconnect channels"),
    Permission.CAMPAIGN_READ: _l("See campaigns and who takes part"),
    Permission.CAMPAIGN_WRITE: _l("Set up and run campaigns"),
    Permission.PAGE_WRITE: _l("Write the pages of campaigns, preview them and let others look at a draft"),
    Permission.PAGE_PUBLISH: _l("Publish and schedule the pages of campaigns"),
    Permission.EXPERIMENT_RUN: _l("Run A/B tests of pages and posts, and choose what wins"),
    Permission.GROUP_BUY_WRITE: _l("Set up and run group buys"),
    Permission.PAYMENT_READ: _l("See payments of fans and what became of them"),
    Permission.PAYMENT_WRITE: _l("Mark payments as paid with a proof, send money back, and settle what does not fit"),
    Permission.DRAW_WRITE: _l("Set up and launch draws, and keep people off their lists with a reason"),
    Permission.PRIZE_SEND: _l("See where prizes of draws go, and send them"),
    Permission.INSIGHTS_READ: _l("See what orders, campaigns and people come to, and the rows behind each number"),
    Permission.LINK_READ: _l("See tracked links and their visits"),
    Permission.LINK_WRITE: _l("Make tracked links"),
    Permission.INBOX_READ: _l("Read what people wrote"),
    Permission.BRAND_COMMENT: _l("Comment in the circle as the brand"),
    Permission.MEMBER_READ: _l("See fan profiles"),
    Permission.MEMBER_WRITE: _l("Tag fans, import them, enter what is known of them, make and change segments"),
    Permission.REWARD_WRITE: _l("Run the points shop and penalties"),
    Permission.SEED_USER_MANAGE: _l("Name seed users and give them invitation codes"),
    Permission.CIRCLE_MANAGE: _l("Set up interest circles and mediate in them"),
    Permission.CONTENT_REVIEW: _l("Review what fans submit, and fill the featured slots"),
    Permission.STANDARD_WRITE: _l("Change the content standard and the thresholds of the checks"),
    Permission.LOYALTY_READ: _l("See points, levels and their reasons"),
    Permission.LOYALTY_WRITE: _l("Change earning rules and adjust points"),
    Permission.STAFF_MANAGE: _l("Invite staff, change roles, end access"),
    Permission.AUDIT_READ: _l("Read the audit log"),
    Permission.JOBS_MANAGE: _l("See and retry background work"),
    Permission.BRAND_MANAGE: _l("Change the brand's name, colour and logo"),
}

_READING = {
    Permission.STAFF_HOME,
    Permission.POST_READ,
    Permission.CAMPAIGN_READ,
    Permission.LINK_READ,
    Permission.INBOX_READ,
    Permission.MEMBER_READ,
    Permission.LOYALTY_READ,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.FAN: frozenset({Permission.TAKE_PART}),
    Role.ADMINISTRATOR: frozenset(set(Permission) - {Permission.TAKE_PART}),
    Role.SOCIAL_MANAGER: frozenset(
        _READING
        | {
            Permission.POST_WRITE,
            Permission.POST_SCHEDULE,
            Permission.HOLD_MANAGE,
            Permission.CHANNEL_MANAGE,
            Permission.PAGE_WRITE,
            Permission.LINK_WRITE,
            Permission.BRAND_COMMENT,
            Permission.SEED_USER_MANAGE,
            Permission.CIRCLE_MANAGE,
            Permission.CONTENT_REVIEW,
            Permission.STANDARD_WRITE,
        }
    ),
    Role.APPROVER: frozenset(_READING | {Permission.POST_APPROVE, Permission.HOLD_MANAGE, Permission.BRAND_COMMENT}),
    Role.CAMPAIGN_LEAD: frozenset(
        _READING
        | {
            Permission.POST_WRITE,
            Permission.POST_APPROVE,
            Permission.CAMPAIGN_WRITE,
            Permission.INSIGHTS_READ,
            Permission.PAGE_WRITE,
            Permission.PAGE_PUBLISH,
            Permission.EXPERIMENT_RUN,
            Permission.GROUP_BUY_WRITE,
            Permission.PAYMENT_READ,
            Permission.PAYMENT_WRITE,
            Permission.DRAW_WRITE,
            Permission.PRIZE_SEND,
            Permission.LINK_WRITE,
            Permission.LOYALTY_WRITE,
            Permission.MEMBER_WRITE,
            Permission.SEED_USER_MANAGE,
            Permission.REWARD_WRITE,
            Permission.CONTENT_REVIEW,
        }
    ),
    Role.SERVICE_AGENT: frozenset(
        _READING
        | {Permission.PAYMENT_READ, Permission.BRAND_COMMENT, Permission.MEMBER_WRITE, Permission.CONTENT_REVIEW}
    ),
    Role.EXECUTIVE: frozenset(_READING | {Permission.INSIGHTS_READ, Permission.PAYMENT_READ}),
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether the table gives `permission` to `role`."""
    return permission in GRANTS[role]
