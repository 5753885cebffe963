"""The pages of Quanzi as somebody comes to them: on each line an address, and indented below it what is opened from there.

- `/posts/new` is opened as it stands; indented, `/posts/<public_id>` is the first link of that kind on the page above it.
- `/i/<code> (a code)` is an address that `staging` knows, and so is any other one with a name behind it.
- `press form.rule button` presses that button on the page above, and looks at the answer.
"""

from __future__ import annotations

from campaigns.demo.tags import NEW

EVERYBODYS = """
/draws
    /draws/<public_id>
/draws?past=1
    /draws/<public_id>
/draws/check
"""

VISITOR = f"""{EVERYBODYS}
/circle
    /circle/posts/<public_id>
/circle/people/<public_id> (somebody else)
/circle/interests
    /circle/interests/<public_id>
        /circle/interests/posts/<public_id>
/circle/shares
    /circle/shares/<public_id>
/circle/standard
    /circle/standard/<int:number>
/circle/cards/<public_id> (a card)
/groupbuys
    /groupbuys/<public_id>
/offline
/participation
    /participation/<public_id>
/participation/missions/<public_id> (a mission to hand in works)
/participation/<public_id>/gallery (a gallery)
/participation/<public_id>/rules (rules who may take part)
/accounts/sign-in
/accounts/sign-up
/accounts/check-mail
/accounts/forgot
/accounts/gone
/accounts/with/mastodon
/accounts/with/weibo
/accounts/confirm/<token> (a mail that confirms)
/accounts/confirm/<token> (a mail that is too old)
/accounts/reset/<token> (a mail about a password)
/accounts/address/<token> (a mail about an address)
/accounts/invitation/<token> (a mail to a colleague)
/me/notices/stop/<token> (a mail with news)
/guardians/<token> (a mail to a guardian)
/review/<token> (a mail to a reviewer)
/pages/shared/<secret> (a draft that was shared)
/i/<code> (a code)
/i/<code> (a code that is over)
/l/内测
/staff
"""

FAN = f"""{EVERYBODYS}
/circle
    /circle/posts/<public_id>
/circle/me
/circle/me/profile
    /circle/people/<public_id>
/circle/people/<public_id> (somebody else)
    /circle/people/<public_id>/report
/circle/me/levels
/circle/me/badges
/circle/submit
    press main form button[type=submit]
/circle/board
/circle/board?period=week&back=1
/circle/board?among=company
/circle/interests
    /circle/interests/<public_id>
        /circle/interests/posts/<public_id>
        /circle/interests/posts/<public_id>/report
        /circle/interests/posts/<public_id>/dispute
        /circle/interests/posts/<public_id>/taking-back
/circle/interests/<public_id> (a circle where the fan is muted)
/circle/interests/measures/<public_id> (a mute)
/circle/interests/mediations
/groupbuys
    /groupbuys/<public_id>
/groupbuys/mine
    /groupbuys/teams/<public_id>
/participation
    /participation/<public_id>
/participation/missions/<public_id> (a mission to hand in works)
/participation/missions/<public_id> (a mission to answer)
/participation/missions/<public_id> (a mission to scan)
/participation/missions/<public_id> (a mission to share)
/participation/missions/<public_id> (a mission to invite)
/participation/at/<place_id>/<code> (a place with its code)
/me/submissions
/me/notices
/me/notices/preferences
/me/selves
/me/shop
    /me/shop/<public_id>
/me/shop/mine
    /me/shop/mine/<public_id>
/me/penalties
/me/held
/me/profile
/me/handles
/me/invitations
/me/points
/chains/mine
/payments
    /payments/<public_id>
/payments/<public_id> (a seat to pay for)
    /payments/<public_id>/sandbox
/accounts
/accounts/delete
"""

# Fans to whom something happened, by their sign-in.
OTHERS = {
    "fan06": """
/participation/missions/<public_id> (a mission to hand in works)
/participation/missions/<public_id> (a mission to share)
""",
    "fan22": """
/participation/exclusions/<public_id> (being kept out)
/participation/missions/<public_id> (a mission to share)
""",
    "fan09": """
/circle/interests/mediations
    /circle/interests/mediations/<public_id>
/circle/interests/<public_id>/order (a circle whose host the fan is)
""",
    "fan56": """
/circle/me
/me/penalties
    /me/penalties/<public_id>
""",
    "fan58": """
/me/held
    /me/held/<public_id>
""",
}

PLANNERS = f"""{EVERYBODYS}
/draws/<public_id> (a draft of a draw)
    /draws/<public_id>/edit
/draws/<public_id> (a draw that is over)
    /draws/<public_id>/entrants
    /draws/<public_id>/prizes
/staff
/posts
    /posts/<public_id>
/posts/<public_id>/versions (a post that was changed)
    /posts/<public_id>/versions/<version_id>
/posts/new
/posts/<public_id>/library (a draft that wants a picture)
/posts/<public_id>/next-slot (a draft that wants a time)
/posts/calendar
/posts/calendar?view=week
/posts/calendar?view=day
/posts/calendar?view=list
/posts/calendar/entry (a planned post)
/posts/slots
/posts/series
    /posts/series/<public_id>
        /posts/series/<public_id>/change
/posts/series/new
/posts/import
/posts/import/<public_id> (a table of posts)
/posts/export
/posts/feeds
/posts/library
/posts/templates
    /posts/templates/<public_id>
/approval
    /approval/<public_id>
/approval/routes
    /approval/routes/<public_id>
/approval/routes/<public_id>/planned (a route)
/approval/routes/new
/lane
    /lane/<public_id>
/publishing/<public_id> (a planned post that is out)
    /publishing/<public_id>/receipt
/publishing/findings
/publishing/holds
    /publishing/holds/<public_id>
/channels
    /channels/<public_id>
/channels/<public_id>/reconnect (an account elsewhere)
/channels/new
/channels/new/bluesky
/channels/handoffs
/groupbuys
    /groupbuys/<public_id>
/groupbuys?past=1
    /groupbuys/<public_id>
        /groupbuys/<public_id>/seats
/groupbuys/<public_id> (a draft of a group buy)
    /groupbuys/<public_id>/edit
/groupbuys/new
/links
    /links/<public_id>
        /links/<public_id>/edit
        /links/<public_id>/targets
/links?owner=dead
/links/new
/links/domains
/links/keys
/links/orders
/links/orders/import
    /links/orders/import/<public_id>
/parcels
/parcels/import
    /parcels/import/<public_id>
/inbox
/inbox/threads
    /inbox/threads/<public_id>
/admin/staff
    /admin/staff/<public_id>
/admin/staff/invite
/admin/audit
/admin/brand
/admin/jobs
/admin/health
/admin/components
/accounts
"""

PART = "/planning/<public_id>/<any(goals, phases, tasks, budget, risks):name>"
LEADS = f"""
/planning
    /control/<public_id>
/planning?part=drafts
    /planning/<public_id>
/planning?part=past
    /planning/<public_id>
/planning/new
/planning/new?template=photo_call
/planning/now
/planning/<public_id>/edit (the edit of a plan)
/planning/<public_id>/launch (the launch of a plan)
{PART} (the goals of a plan)
{PART} (the phases of a plan)
{PART} (the tasks of a plan)
{PART} (the budget of a plan)
{PART} (the risks of a plan)
    {PART}/<part_id>
/planning/<campaign_id>/missions (the missions of a campaign)
    /planning/missions/<public_id>
    /planning/<campaign_id>/missions/new/<kind>
    /participation/missions/<public_id>/answers
    /participation/missions/<public_id>/places
        /participation/places/<public_id>/sheet
        /participation/places/<public_id>/screen
    /participation/<public_id>/entries
    /participation/<public_id>/proofs
/participation/<public_id>/eligibility (a form of rules)
/participation/<public_id>/exclusions (who is kept out)
    /participation/exclusions/<public_id>/for-the-team
/participation/<public_id>/accounts (accounts of one person)
/control/<public_id> (a campaign under way)
    /control/<public_id>/acts
    /control/<public_id>/counted/<name>
    /participation/<public_id>/participants
    /debrief/<public_id>
    /draws/new/<campaign_id>
/pages/<public_id> (the page of a campaign)
    /pages/<public_id>/versions
    /pages/<public_id>/preview
    /pages/<public_id>/tests
        /pages/<public_id>/tests/<experiment_id>
        /pages/<public_id>/tests/new
/groupbuys?past=1
    /groupbuys/<public_id>
        /groupbuys/<public_id>/seats
/compliance/<public_id> (what the rules say of a campaign)
/compliance/rules
/chains
    /chains/steps
/chains/of/<public_id> (whom a fan brought)
/insights
/insights?by=campaign
/insights/funnel
/insights/funnel?channel=weibo
/insights/cohorts
    /insights/cohorts/rows
/insights/cohorts?unit=week
/insights/holdouts
    /insights/holdouts/<public_id>
        /insights/holdouts/<public_id>/people
/insights/holdouts/new
/insights/definitions
/insights/report
/insights/rows/new_customers
/insights/rows/repeat_rate
/insights/rows/after_complaint
/payments/desk
    /payments/desk/<public_id>
/payments/desk/<public_id> (money that came)
    /payments/desk/receipts/<public_id>/refund
/payments/mismatches
/payments/mismatches?settled=1
/payments/refunds
/payments/refunds?all=1
/payments/books
/payments/terms
/payments/keys
/payments/orders/import
    /payments/orders/import/<public_id>
"""

KEEPERS = f"""
/members
    /members/<public_id>
/members?name={NEW}
    /members/<public_id>
        /members/<public_id>/erase
/members/<public_id> (the fan)
    /members/<public_id>/profile
    /members/<public_id>/merge
    /members/<public_id>/handles/join
    /members/<public_id>/merges
        /members/merges/<merge_id>/split
        /members/handles/<handle_id>/split
    /loyalty/members/<public_id>
    /penalties/new/<public_id>
/members/<public_id>/merge (a search for another self)
/members/<public_id>/merge/<other_id> (two seed users)
/members/<public_id>/handles/join (a search for a handle)
    /members/<public_id>/handles/join/<handle_id>
/members/numbers
/members/tags
    /members/tags/<public_id>
/members/tags/runs/<public_id> (a tag put on many)
/members/import
    /members/import/<public_id>
/members/segments
    /members/segments/<public_id>
        /members/segments/<public_id>/edit
/members/segments/new
/loyalty
    /loyalty/rules/<public_id>
        press button[name=preview]
/loyalty/rules/new
/loyalty/rules/new/interaction.comment
/loyalty/levels
/loyalty/levels/in-danger
/loyalty/levels/in-danger?part=by_hand
/loyalty/badges
    /loyalty/badges/<public_id>
/loyalty/badges/new
/loyalty/held
    /loyalty/held/<public_id>
/loyalty/reconciliation
    /loyalty/entries/<public_id>
/loyalty/reconciliation (an earlier night)
/loyalty/liability
/reviews
    /reviews/<public_id>
/reviews/<public_id> (a review that is published)
    /reviews/<public_id>/feature
/reviews/decided
/reviews/thresholds
/reviews/featured
/reviews/standard
    /reviews/standard/clauses/<public_id>
    /reviews/standard/clauses/new
/interests
    /interests/<public_id>
/interests/new
/circle/interests
    /circle/interests/<public_id>
        /circle/interests/posts/<public_id>/remove
        /circle/interests/<public_id>/mute/<member_id>
/circle/interests/<public_id>/order (a circle where somebody appeals)
    /circle/interests/measures/<public_id>
/circle/interests/<public_id>/order (a circle whose host the fan is)
    /circle/interests/mediations/<public_id>
/people
    /people/<public_id>
/rewards
    /rewards/<public_id>
        /rewards/<public_id>/edit
/rewards/new
/rewards/redemptions
    /rewards/redemptions/<public_id>
/penalties
    /penalties/<public_id>
/penalties?part=running
/seed-users
    /seed-users/<public_id>
        /seed-users/<public_id>/edit
/seed-users/name/<public_id> (somebody to be named)
/seed-users/tree
/seed-users/retention
/seed-users/retention?by=week&who=invited
"""

WALKS = {
    "visitor": ("", VISITOR),
    "fan": ("xiaoman", FAN),
    **{login: (login, text) for login, text in OTHERS.items()},
    "planners": ("zhouyan", PLANNERS),
    "leads": ("zhouyan", LEADS),
    "keepers": ("zhouyan", KEEPERS),
}

# What is asked for by GET and is no page that a walk could open, or is opened elsewhere.
NO_PAGES = {
    "leads elsewhere": """
/
/accounts/with/<name>/back
/channels/callback
/circle/comments/<public_id>
/circle/comments/<public_id>/earlier
/circle/interests/said/<public_id>
/participation/<public_id>/board
""",
    "a part of a page, asked for by the page": """
/admin/jobs/health
/circle/arrivals
/circle/me/live
/circle/posts/<public_id>/comments/arrivals
/control/<public_id>/aside
/control/<public_id>/live
/control/<public_id>/top
/groupbuys/<public_id>/progress
/groupbuys/teams/<public_id>/progress
/inbox/newer
/inbox/threads/<public_id>/curve
/insights/holdouts/<public_id>/progress
/lane/<public_id>/run
/links/orders/import/<public_id>/progress
/parcels/import/<public_id>/progress
/members/import/<public_id>/progress
/members/segments/<public_id>/state
/payments/orders/import/<public_id>/progress
/pages/<public_id>/frame
/posts/handles
/posts/import/<public_id>/progress
/publishing/<public_id>/progress
/publishing/<public_id>/state
""",
    "asked by machines": """
/.well-known/quanzi-links/<token>
/healthz
/circle/shares/<public_id>/pictures/<int:position>/<int:width>
/media/<public_id>/<int:width>
/participation/proofs/<public_id>/picture/<int:width>
/payments/desk/receipts/<public_id>/slip
/payments/receipts/<public_id>/slip
/media/videos/<public_id>
/static/<path:filename>
""",
    "opened by a test of its own, for it takes two accounts in one browser": """
/accounts/with/known
/me/selves/confirm
""",
}
