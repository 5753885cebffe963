"""Campaign pages: blocks edited in place, versions that go out at a time, A/B tests. See docs/campaign-pages.md."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.pages import (
        blocks,
        fan_pages,
        panels,
        preview_views,
        publishing,
        slots,
        version_views,
        views,
        wording,
    )
    from campaigns.pages.experiments import assigning, moving
    from campaigns.pages.experiments import views as experiment_views
    from campaigns.pages.kinds import ours
    from campaigns.pages.kinds.living import featured_shares
    from campaigns.planning import slots as of_planning
    from commons import events
    from commons.accounts import slots as of_accounts
    from commons.admin import audit
    from community.circle import slots as of_circle
    from community.members.merging.moving import moving as of_merging

    assert all((preview_views, version_views, experiment_views))  # their views hang on the same blueprint
    blocks.kinds.plug(ours)
    slots.galleries.plug(featured_shares)
    app.register_blueprint(views.bp)
    publishing.register()
    of_planning.fan_pages.plug(fan_pages.page_of)
    of_planning.board_panels.plug(panels.on_board)
    of_circle.wordings.plug(fan_pages.words_of)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(moving.export)
    events.readers.plug(assigning.recognise)
    audit.sentences.plug(wording.acts)
