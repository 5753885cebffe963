"""With whom people may sign in, as the environment says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commons.config import Settings
from commons.setting_error import SettingError

HOUSE = {
    "OIDC_PROVIDERS": "house",
    "OIDC_HOUSE_ISSUER": "https://login.example",
    "OIDC_HOUSE_CLIENT_ID": "quanzi",
    "OIDC_HOUSE_CLIENT_SECRET": "what-only-the-two-know",
}
WEIBO = {"WEIBO_APP_KEY": "1352222456", "WEIBO_APP_SECRET": "the-secret-of-the-app"}


def settings(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environ({"QUANZI_VAR": str(tmp_path), **environ})


def test_nobody_is_offered_unless_named(tmp_path: Path) -> None:
    found = settings(tmp_path).sign_in

    assert (found.openid, found.weibo, found.mastodon) == ((), None, False)


def test_several_providers_stand_in_order_with_their_words(tmp_path: Path) -> None:
    guild = {name.replace("HOUSE", "GUILD"): value for name, value in HOUSE.items() if name != "OIDC_PROVIDERS"}
    found = settings(tmp_path, **{**HOUSE, **guild, "OIDC_PROVIDERS": "guild, House", "OIDC_GUILD_LABEL": "茶会"})

    assert [(one.name, one.label) for one in found.sign_in.openid] == [("guild", "茶会"), ("house", "House")]


@pytest.mark.parametrize(("said", "asks"), [("1", True), ("", False), ("0", False)])
def test_only_a_provider_that_is_named_so_is_asked_for_the_region(tmp_path: Path, said: str, asks: bool) -> None:
    (house,) = settings(tmp_path, **HOUSE, OIDC_HOUSE_REGION=said).sign_in.openid

    assert house.asks_region is asks


def test_weibo_and_mastodon_are_read(tmp_path: Path) -> None:
    found = settings(tmp_path, **WEIBO, MASTODON_SIGN_IN="1").sign_in

    assert found.weibo is not None
    assert (found.weibo.app_key, found.weibo.base, found.mastodon) == ("1352222456", "https://api.weibo.com", True)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    found = settings(tmp_path, **HOUSE, **WEIBO)

    assert found.sign_in.secrets == ["what-only-the-two-know", "the-secret-of-the-app"]
    assert not [secret for secret in found.sign_in.secrets if secret in repr(found)]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"OIDC_HOUSE_ISSUER": ""}, "OIDC_HOUSE_ISSUER"),
        ({"OIDC_HOUSE_ISSUER": "login.example"}, "OIDC_HOUSE_ISSUER"),
        ({"OIDC_HOUSE_CLIENT_ID": ""}, "OIDC_HOUSE_CLIENT_ID"),
        ({"OIDC_PROVIDERS": "house,house"}, "OIDC_PROVIDERS"),
        ({"OIDC_PROVIDERS": "Ho use"}, "OIDC_PROVIDERS"),
        ({"OIDC_PROVIDERS": "weibo"}, "OIDC_PROVIDERS"),
        ({"WEIBO_APP_KEY": "1352222456"}, "WEIBO_APP_SECRET"),
        ({"WEIBO_APP_KEY": "a key", "WEIBO_APP_SECRET": "x"}, "WEIBO_APP_KEY"),
        ({"MASTODON_SIGN_IN": "all"}, "MASTODON_SIGN_IN"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        settings(tmp_path, **{**HOUSE, **changes})
