"""The colours of .streamlit/config.toml: everybody can read them, in light and in dark."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

import sandkasse

CONFIG = Path(sandkasse.__file__).resolve().parent.parent / ".streamlit" / "config.toml"
OPTIONS = tomllib.loads(CONFIG.read_text("utf-8"))
MODES = ["light", "dark"]
HUES = ["red", "orange", "yellow", "green", "blue", "violet", "gray"]
WHITE = "#ffffff"
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    shares = [value / 255 for value in channels(colour)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faded(colour: str, ground: str) -> str:
    """What a caption looks like: the colour at 60 % over its ground."""
    mixed = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(0.6 * over + 0.4 * under):02x}" for over, under in mixed)


def theme(mode: str, place: str) -> dict[str, Any]:
    """The colours of the main area or the sidebar in one mode."""
    main = OPTIONS["theme"][mode]
    return main if place == "main" else {**main, **main["sidebar"]}


@pytest.mark.parametrize("surface", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("place", ["main", "sidebar"])
@pytest.mark.parametrize("mode", MODES)
def test_text_is_readable_on_every_surface(mode: str, place: str, surface: str) -> None:
    colours = theme(mode, place)
    ground = colours[surface]
    assert contrast(colours["textColor"], ground) >= TEXT
    assert contrast(faded(colours["textColor"], ground), ground) >= TEXT
    assert contrast(colours["linkColor"], ground) >= TEXT
    assert contrast(colours["primaryColor"], ground) >= SHAPE


@pytest.mark.parametrize("place", ["main", "sidebar"])
@pytest.mark.parametrize("mode", MODES)
def test_primary_button_is_readable(mode: str, place: str) -> None:
    assert contrast(WHITE, theme(mode, place)["primaryColor"]) >= TEXT


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("mode", MODES)
def test_message_and_badge_are_readable_in_every_hue(mode: str, hue: str) -> None:
    colours = theme(mode, "main")
    text, ground = colours[f"{hue}TextColor"], colours[f"{hue}BackgroundColor"]
    assert contrast(text, ground) >= TEXT
    assert contrast(text, colours["backgroundColor"]) >= TEXT
    assert contrast(text, colours["secondaryBackgroundColor"]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
def test_chart_colours_stand_out_from_the_ground(mode: str) -> None:
    colours = theme(mode, "main")
    ground = colours["backgroundColor"]
    assert min(contrast(each, ground) for each in colours["chartCategoricalColors"]) >= SHAPE
    assert len(colours["chartSequentialColors"]) == len(colours["chartDivergingColors"]) == 10


def test_every_option_is_one_that_streamlit_knows() -> None:
    known = set(config.get_config_options())
    sections = {name: options for name, options in OPTIONS.items() if name != "theme"}
    ours = {f"{section}.{name}" for section, options in sections.items() for name in options}
    ours |= set(theme_options("theme", OPTIONS["theme"]))
    assert ours - known == set()


def theme_options(prefix: str, options: dict[str, Any]) -> list[str]:
    """The dotted names of the theme's options, sections within sections included."""
    names: list[str] = []
    for name, value in options.items():
        dotted = f"{prefix}.{name}"
        names += theme_options(dotted, value) if isinstance(value, dict) else [dotted]
    return names


def test_visitors_see_no_traceback_and_nobody_is_counted() -> None:
    assert OPTIONS["client"]["showErrorDetails"] == "none"
    assert OPTIONS["browser"]["gatherUsageStats"] is False
    assert OPTIONS["server"]["enableAgentApi"] is False
    assert OPTIONS["server"]["maxUploadSize"] == 20
