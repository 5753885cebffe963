"""The demo brand's pictures, drawn when they are needed: a few shapes, soft light, paper grain. Nothing is shipped."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 1200, 900
PAPER: Colour = (243, 236, 224)
LINEN: Colour = (226, 214, 194)
WOOD: Colour = (182, 140, 102)
INK: Colour = (58, 48, 40)
PORCELAIN: Colour = (252, 250, 246)
LEAF: Colour = (96, 122, 78)
LAMP: Colour = (244, 190, 104)
AMBER: Colour = (192, 112, 44)
DARK: Colour = (96, 48, 28)
GOLD: Colour = (226, 184, 96)
MILK: Colour = (206, 164, 122)


def draw(name: str) -> io.BytesIO:
    """The drawing called `name` as a JPEG file, always the same. KeyError for a name that is not drawn here."""
    picture = SCENES[name]()
    file = io.BytesIO()
    _grain(picture).save(file, "JPEG", quality=92)
    file.seek(0)
    return file


def cup(tea: Colour, *, saucer: Colour = LINEN, garnish: str = "") -> Image.Image:
    """A cup from above."""
    picture = _ground(PAPER, LINEN)
    _cup_at(picture, 600, 460, 250, tea, saucer)
    pencil = ImageDraw.Draw(picture)
    if garnish == "jasmine":
        _flower(pencil, 660, 420, 34)
    if garnish == "peel":
        for x, y in ((980, 640), (1030, 690)):
            pencil.pieslice((x - 70, y - 50, x + 70, y + 50), 20, 250, fill=(204, 106, 42))
    return picture


def three_cups() -> Image.Image:
    picture = _ground(PAPER, WOOD)
    for x, tea in ((270, GOLD), (600, AMBER), (930, DARK)):
        _cup_at(picture, x, 470, 108, tea, LINEN)
    return picture


def hills(sky: Colour, low: Colour, *, figure: bool = False) -> Image.Image:
    """Ridges behind ridges, each paler the farther it is."""
    picture = _gradient(sky, PAPER)
    pencil = ImageDraw.Draw(picture)
    chance = random.Random(7)
    for layer in range(6):
        top = 300 + layer * 95
        share = layer / 5
        colour = _mix(_mix(sky, PAPER, 0.3), low, share)
        ridge = [(step * 100.0, top + chance.uniform(-45, 45) + 18 * ((step + layer) % 3)) for step in range(13)]
        pencil.polygon([(0.0, float(HEIGHT)), *ridge, (float(WIDTH), float(HEIGHT))], fill=colour)
        if layer > 3:
            _rows_of_tea(pencil, top + 60, _mix(colour, INK, 0.18))
    if figure:
        pencil.ellipse((842, 566, 862, 586), fill=INK)
        pencil.polygon([(838, 640), (852, 584), (868, 640)], fill=INK)
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def tables() -> Image.Image:
    """Six round tables under a lamp each."""
    picture = _gradient((86, 66, 54), (150, 108, 76))
    for row in range(2):
        for column in range(3):
            x, y = 220 + column * 380, 320 + row * 330
            _glow(picture, x, y, 190, LAMP)
            _disc(picture, x, y, 108, WOOD)
            _cup_at(picture, x - 22, y - 10, 26, AMBER, PORCELAIN, shadow=False)
            _cup_at(picture, x + 40, y + 26, 20, AMBER, PORCELAIN, shadow=False)
    return picture


def cakes() -> Image.Image:
    picture = _ground(LINEN, PAPER)
    for x, y, size in ((360, 420, 165), (690, 350, 165), (760, 620, 150)):
        _disc(picture, x, y, size, PORCELAIN)
        pencil = ImageDraw.Draw(picture)
        for turn in range(0, 360, 24):
            pencil.arc((x - size, y - size, x + size, y + size), turn, turn + 4, fill=LINEN, width=size // 2)
        pencil.ellipse((x - 34, y - 34, x + 34, y + 34), fill=(200, 64, 47))
    return picture


def solo() -> Image.Image:
    """A tray by the window: a lidded bowl, a cup, a twig."""
    picture = _gradient((232, 226, 212), (206, 190, 164))
    pencil = ImageDraw.Draw(picture)
    pencil.polygon([(0, 0), (520, 0), (230, 900), (0, 900)], fill=(246, 240, 226))
    pencil.rounded_rectangle((260, 360, 1000, 720), 40, fill=_mix(WOOD, INK, 0.15))
    _cup_at(picture, 500, 540, 120, GOLD, PORCELAIN)
    _cup_at(picture, 790, 580, 72, AMBER, PORCELAIN)
    pencil = ImageDraw.Draw(picture)
    pencil.line([(880, 420), (960, 250), (1010, 160)], fill=INK, width=7)
    for x, y in ((930, 330), (960, 250), (985, 215), (1010, 160)):
        pencil.ellipse((x, y - 22, x + 74, y + 16), fill=LEAF)
    return picture


def rain() -> Image.Image:
    picture = _gradient((108, 118, 124), (70, 76, 82))
    _glow(picture, 760, 420, 260, LAMP)
    pencil = ImageDraw.Draw(picture)
    chance = random.Random(3)
    for _drop in range(160):
        x, y, length = chance.randrange(WIDTH), chance.randrange(HEIGHT), chance.randrange(20, 110)
        pencil.line((x, y, x, y + length), fill=(188, 198, 204), width=2)
    pencil.rectangle((580, 0, 600, HEIGHT), fill=(52, 46, 42))
    pencil.rectangle((0, 440, WIDTH, 458), fill=(52, 46, 42))
    return picture


def kettles(*teas: Colour) -> Image.Image:
    """Glass bottles side by side, filled with tea."""
    picture = _ground(PAPER, LINEN)
    step = WIDTH / (len(teas) + 1)
    for number, tea in enumerate(teas, 1):
        x = step * number
        _shadow(picture, (x - 120, 730, x + 120, 790))
        pencil = ImageDraw.Draw(picture)
        pencil.rounded_rectangle((x - 112, 230, x + 112, 760), 60, fill=PORCELAIN, outline=LINEN, width=6)
        pencil.rounded_rectangle((x - 92, 350, x + 92, 738), 46, fill=tea)
        pencil.rounded_rectangle((x - 74, 130, x + 74, 240), 22, fill=INK)
        for leaf in range(7):
            y = 640 + (leaf % 3) * 24
            pencil.ellipse((x - 70 + leaf * 18, y, x - 38 + leaf * 18, y + 12), fill=LEAF)
        pencil.ellipse((x + 8, 400, x + 76, 468), fill=(240, 214, 96), outline=PORCELAIN, width=6)
    return picture


def milk_tea() -> Image.Image:
    picture = _ground(LINEN, PAPER)
    _shadow(picture, (440, 720, 780, 780))
    pencil = ImageDraw.Draw(picture)
    pencil.polygon([(430, 220), (770, 220), (720, 750), (480, 750)], fill=PORCELAIN)
    pencil.polygon([(446, 320), (754, 320), (708, 730), (492, 730)], fill=MILK)
    pencil.rectangle((446, 312, 754, 330), fill=_mix(MILK, DARK, 0.5))
    return picture


def cat() -> Image.Image:
    """A lane, a bowl, a cat that leaves."""
    picture = _gradient((214, 202, 184), (166, 150, 130))
    pencil = ImageDraw.Draw(picture)
    pencil.polygon([(0, 900), (0, 250), (380, 420), (380, 900)], fill=(150, 128, 106))
    pencil.polygon([(1200, 900), (1200, 200), (840, 420), (840, 900)], fill=(132, 112, 94))
    _cup_at(picture, 520, 760, 70, AMBER, PORCELAIN)
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse((690, 560, 830, 660), fill=INK)
    pencil.ellipse((800, 520, 872, 590), fill=INK)
    pencil.polygon([(806, 540), (814, 496), (836, 530)], fill=INK)
    pencil.polygon([(842, 528), (866, 496), (868, 544)], fill=INK)
    pencil.arc((600, 470, 730, 640), 60, 220, fill=INK, width=15)
    for x in (712, 742, 788, 812):
        pencil.line((x, 640, x, 700), fill=INK, width=14)
    return picture


SCENES: dict[str, Callable[[], Image.Image]] = {
    "cup-amber": lambda: cup(AMBER),
    "cup-dark": lambda: cup(DARK, saucer=WOOD, garnish="peel"),
    "cup-light": lambda: cup(GOLD, garnish="jasmine"),
    "three-cups": three_cups,
    "hills": lambda: hills((214, 224, 214), LEAF),
    "hills-dusk": lambda: hills((226, 176, 140), (84, 72, 78), figure=True),
    "tables": tables,
    "cakes": cakes,
    "solo": solo,
    "rain": rain,
    "kettle": lambda: kettles((196, 206, 130)),
    "kettle-two": lambda: kettles((196, 206, 130), AMBER),
    "milk-tea": milk_tea,
    "cat": cat,
}


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", (WIDTH, HEIGHT), bottom), Image.new("RGB", (WIDTH, HEIGHT), top), mask)


def _ground(wall: Colour, table: Colour) -> Image.Image:
    """A table seen from above with light from the upper left."""
    picture = _gradient(_mix(table, wall, 0.5), table)
    _glow(picture, 260, 160, 620, wall)
    return picture


def _glow(picture: Image.Image, x: float, y: float, radius: float, colour: Colour) -> None:
    mask = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
    ImageDraw.Draw(mask).ellipse(_box(x / 4, y / 4, radius / 5), fill=190)
    mask = mask.filter(ImageFilter.GaussianBlur(radius / 10)).resize((WIDTH, HEIGHT))
    picture.paste(Image.new("RGB", (WIDTH, HEIGHT), colour), (0, 0), mask)


def _shadow(picture: Image.Image, box: Box) -> None:
    mask = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
    ImageDraw.Draw(mask).ellipse(tuple(edge / 4 for edge in box), fill=120)
    mask = mask.filter(ImageFilter.GaussianBlur(6)).resize((WIDTH, HEIGHT))
    picture.paste(Image.new("RGB", (WIDTH, HEIGHT), INK), (0, 0), mask)


def _cup_at(
    picture: Image.Image, x: float, y: float, radius: float, tea: Colour, saucer: Colour, *, shadow: bool = True
) -> None:
    if shadow:
        _shadow(picture, _box(x + radius * 0.22, y + radius * 0.3, radius * 1.4))
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse(_box(x, y, radius * 1.42), fill=saucer)
    pencil.ellipse(_box(x, y, radius), fill=PORCELAIN)
    pencil.ellipse(_box(x, y, radius * 0.86), fill=_mix(tea, INK, 0.25))
    pencil.ellipse(_box(x, y + radius * 0.03, radius * 0.82), fill=tea)
    pencil.arc(_box(x, y, radius * 0.66), 200, 262, fill=_mix(tea, PORCELAIN, 0.6), width=max(int(radius * 0.05), 2))


def _disc(picture: Image.Image, x: float, y: float, radius: float, colour: Colour) -> None:
    _shadow(picture, _box(x + 14, y + 20, radius))
    ImageDraw.Draw(picture).ellipse(_box(x, y, radius), fill=colour)


def _flower(pencil: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    for across, down in ((0, -1), (0.95, -0.3), (0.6, 0.8), (-0.6, 0.8), (-0.95, -0.3)):
        pencil.ellipse(_box(x + across * size, y + down * size, size * 0.72), fill=PORCELAIN)
    pencil.ellipse(_box(x, y, size * 0.4), fill=LAMP)


def _rows_of_tea(pencil: ImageDraw.ImageDraw, top: float, colour: Colour) -> None:
    for row in range(4):
        y = top + row * 26
        for bush in range(-1, 32):
            pencil.ellipse((bush * 40 + row * 13, y, bush * 40 + 36 + row * 13, y + 15), fill=colour)


def _box(x: float, y: float, radius: float) -> Box:
    return x - radius, y - radius, x + radius, y + radius


def _grain(picture: Image.Image) -> Image.Image:
    noise = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 14).resize((WIDTH, HEIGHT)).convert("RGB")
    return ImageChops.overlay(picture, Image.blend(Image.new("RGB", picture.size, (128, 128, 128)), noise, 0.35))
