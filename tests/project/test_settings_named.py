"""Every setting is told to those who must set it."""

import re
from dataclasses import fields

from app.settings import PREFIX, Settings
from tests.project.tree import ROOT

NAMES = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}


def named_in(file: str) -> set[str]:
    return set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", (ROOT / file).read_text(encoding="utf-8")))


def test_the_readme_explains_every_setting() -> None:
    table = re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(table) == NAMES


def test_the_image_and_the_example_set_only_settings_that_exist() -> None:
    for file in ("docker/Dockerfile", "docker/compose.yml", "docker/settings.example"):
        assert named_in(file) <= NAMES, file
