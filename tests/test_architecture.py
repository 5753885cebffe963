"""The house rules that a machine can check, over the source as it stands."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from commons.permissions import GRANTS, ROLE_WORDS, SENTENCES, Permission, Role
from commons.web import PUBLIC, SIGNED_IN, guard_of
from tests.servers.applications import make_app

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("commons", "community", "campaigns")
SHARED_TEMPLATES = ("components", "layouts", "errors")
LONGEST_FILE = 350

MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".svg", ".xml"})


@pytest.fixture(scope="module")
def house(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application, on a database that is never opened."""
    app = make_app(environ, f"sqlite:///{tmp_path_factory.mktemp('house') / 'never.sqlite3'}")
    app.jinja_env.bytecode_cache = None  # whether every template parses is asked here
    return app


_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def room_of(path: Path) -> tuple[str, ...]:
    """`community/circle` as a pair; a module that stands in no room has only its layer."""
    parts = path.relative_to(ROOT).parts
    return parts[:2] if len(parts) > 2 else parts[:1]


def markup(path: Path) -> str:
    """What a template writes out itself, without the expressions and statements in it."""
    return _TAGS.sub("", path.read_text())


# Modules


def imported(path: Path) -> Iterator[str]:
    """The packages of ours that a module imports, wherever in it; what only type checkers read counts too."""
    for node in ast.walk(module(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    own = LAYERS.index(room_of(path)[0])
    above = {*LAYERS[own + 1 :], "wsgi", "tests", "tools", "benchmarks"}

    wrong = [name for name in imported(path) if name.split(".")[0] in above]

    assert not wrong, f"{name_of(path)} must not import {wrong}"


@pytest.mark.parametrize("layer", LAYERS)
def test_the_description_of_the_house_names_every_room(layer: str) -> None:
    described = re.search(rf"^\| `{layer}/` \|.*$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    rooms = {folder.name for folder in (ROOT / layer).iterdir() if (folder / "__init__.py").exists()}

    assert described is not None
    assert rooms <= set(re.findall(r"`(\w+)`", described[0]))


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "services", "service", "manager", "common", "misc"}

    assert [name_of(path) for path in MODULES if path.stem in drawers] == []


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert sum(length <= 200 for length in lengths.values()) >= 0.9 * len(lengths)


def test_functions_stay_short() -> None:
    functions = [
        node
        for path in MODULES
        for node in ast.walk(module(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    ]
    short = [node for node in functions if (node.end_lineno or 0) - node.lineno < 25]

    assert len(short) >= 0.9 * len(functions)


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|NotImplementedError|lorem ipsum", re.IGNORECASE)
    said = {
        name_of(path): found.group() for path in [*MODULES, *TEMPLATES] if (found := later.search(path.read_text()))
    }

    assert said == {}


# Routes


def test_every_route_says_who_may_use_it(house: Flask) -> None:
    open_doors = [endpoint for endpoint, view in house.view_functions.items() if guard_of(view) is None]

    assert open_doors == []


def test_a_guard_is_a_permission_or_one_of_two_words(house: Flask) -> None:
    guards = {guard_of(view) for view in house.view_functions.values()}

    assert all(isinstance(guard, Permission) or guard in {PUBLIC, SIGNED_IN} for guard in guards)


def test_what_changes_something_is_never_asked_for_by_get(house: Flask) -> None:
    telling = re.compile(r"\.(?:create|update|delete|remove|join|leave|end|withdraw|retry|cancel|switch)[a-z_]*$")
    wrong = [
        rule.endpoint
        for rule in house.url_map.iter_rules()
        if telling.search(rule.endpoint) and "GET" in (rule.methods or ()) and "POST" not in (rule.methods or ())
    ]

    assert wrong == []


def test_every_permission_has_a_sentence_and_every_role_a_word() -> None:
    assert set(SENTENCES) == set(Permission)
    assert set(ROLE_WORDS) == set(GRANTS) == set(Role)


# Templates


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_parses(house: Flask, path: Path) -> None:
    template = house.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())

    assert template.environment.undefined.__name__ == "StrictUndefined"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_inline(path: Path) -> None:
    text = markup(path)

    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    assert not re.search(r"<style\b", text), "a style element"
    assert not re.search(r"\son[a-z]+\s*=", text), "an event handler"
    assert not re.search(r"\bhx-on\b|javascript:|\bjs:", text), "a script in an attribute"
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text), "a script element"
    assert not re.search(r"""['"]style['"]\s*:""", path.read_text()), "a style attribute by way of a dictionary"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_form_that_posts_carries_the_token(path: Path) -> None:
    forms = re.findall(r"<form\b[^>]*>.*?</form>", path.read_text(), re.DOTALL)
    posting = [form for form in forms if re.search(r"""method\s*=\s*["']?post""", form, re.IGNORECASE)]

    assert [form[:80] for form in posting if "csrf" not in form and 'action="#"' not in form] == []


def filled_in(text: str) -> str:
    """A template with a star for each part that is filled in later."""
    return re.sub(r"\*+", "*", _TAGS.sub("*", text))


def said(pattern: str) -> set[str]:
    """What `pattern` finds: in markup as it stands, in expressions as texts and names joined by `~`."""
    found: set[str] = set()
    for path in TEMPLATES:
        text = path.read_text()
        found.update(re.findall(pattern + r'=\\?"#?([^"\s,\[]+)', filled_in(text)))
        inside = "\n".join(_TAGS.findall(text))
        for joined in re.findall(
            pattern + r"""['"]?\s*[=:]\s*((?:'[^']*'|[\w.]+)(?:\s*~\s*(?:'[^']*'|[\w.]+))*)""", inside
        ):
            found.add(_joined(joined).removeprefix("#"))
    return found - {"*"}


def _joined(expression: str) -> str:
    parts = (part.strip() for part in expression.split("~"))
    return re.sub(r"\*+", "*", "".join(part[1:-1] if part[:1] == "'" else "*" for part in parts))


def test_every_target_of_htmx_stands_in_some_template() -> None:
    ids = said(r"(?<![\w-])id")
    targets = {one for one in said("hx-target") if not re.match(r"this$|closest |find |next |previous |body", one)}

    assert len(targets) > 10
    assert sorted(one for one in targets if not any(_fits(one, other) for other in ids)) == []


def _fits(wanted: str, known: str) -> bool:
    return wanted == known or bool(re.fullmatch(re.escape(known).replace(r"\*", ".+"), wanted))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_shows_only_its_own_templates(path: Path) -> None:
    own = "/".join(room_of(path))
    names = [
        node.value
        for node in ast.walk(module(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w/-]+\.(?:html|txt)", node.value)
    ]

    assert [
        name for name in names if not name.startswith((f"{own}/", *(f"{shared}/" for shared in SHARED_TEMPLATES)))
    ] == []


def test_every_folder_of_templates_belongs_to_a_room() -> None:
    folders = {path.parent.relative_to(ROOT / "templates") for path in TEMPLATES}

    assert [str(folder) for folder in folders if folder.parts[:1] != () and not _belongs(folder)] == []


def _belongs(folder: Path) -> bool:
    return folder.parts[0] in SHARED_TEMPLATES or (ROOT / Path(*folder.parts[:2])).is_dir()


def test_every_icon_is_in_the_sprite(house: Flask) -> None:
    known = set((ROOT / "static" / "icons.txt").read_text().split())
    used = {
        name for path in TEMPLATES for name in re.findall(r"""\bicon(?:_name=|\()\s*'([a-z0-9-]+)'""", path.read_text())
    }
    navigation = {item.icon for items in house.extensions["quanzi_nav"].values() for item in items}

    assert (used | navigation) - known == set()


# Words


def catalogue_tool() -> ModuleType:
    """`tools/messages.py`, which knows where the words stand."""
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_every_word_on_screen_is_translated_and_keeps_its_gaps() -> None:
    tool = catalogue_tool()
    known = {tool.singular(message): message for message in tool.messages(tool.opened())}
    missing, uneven = [], []
    for message in tool.messages(tool.template()):
        msgid = tool.singular(message)
        strings = [text for text in tool.strings(known[msgid]) if text] if msgid in known else []
        if not strings or known[msgid].fuzzy:
            missing.append(msgid)
        gaps = _gaps(msgid if isinstance(message.id, str) else message.id[-1])
        filled = bool(gaps) or any(path.startswith("templates/") for path, _line in message.locations)
        uneven += [
            msgid
            for text in strings
            if not _gaps(text) <= gaps
            or (isinstance(message.id, str) and _gaps(text) != gaps)
            or (filled and not _fills(text, gaps))
        ]

    assert missing == []
    assert uneven == []


def _gaps(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def _fills(text: str, gaps: set[str]) -> bool:
    """Whether a text can be filled, as templates fill every text: a per cent sign in it must stand twice."""
    try:
        return bool(text % dict.fromkeys(gaps | {"num"}, 1))
    except ValueError:
        return False


# What is committed


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_nothing_of_others_is_committed() -> None:
    foreign = re.compile(
        r"(^|/)(node_modules|vendor|\.venv|site-packages|dist|__pycache__)/|\.min\.(js|css)$|\.(whl|tgz|woff2?|ttf|so|exe)$"
    )

    assert [name for name in committed() if foreign.search(name)] == []


def test_nothing_that_is_made_at_run_time_is_committed() -> None:
    made = re.compile(r"(^|/)var/|\.(sqlite3?|db|log|pyc|mo|pid|sock)$|(^|/)\.env$|secret_key")

    assert [name for name in committed() if made.search(name)] == []


def test_lock_files_name_no_addresses_to_fetch_from() -> None:
    named = re.compile(r"\"resolved\"|--(?:extra-)?index-url|--find-links|@ https?://|^registry\s*=", re.MULTILINE)
    locks = [
        name for name in committed() if name == "package-lock.json" or name.startswith(("requirements/", ".npmrc"))
    ]

    assert locks
    assert [name for name in locks if named.search((ROOT / name).read_text())] == []


def test_everything_committed_is_text_or_a_picture_of_ours() -> None:
    most = {"messages.po": 2_000_000}
    large = [
        name
        for name in committed()
        if (path := ROOT / name).exists() and path.stat().st_size > most.get(path.name, 1_000_000)
    ]

    assert large == []
