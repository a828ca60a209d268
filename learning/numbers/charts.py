"""Pictures of figures for mails: drawn by vl-convert from a description in Vega-Lite, each with its words beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learning.numbers.figure_words import word

# Told apart by people with colour-blindness, by how dark they are, and 4.5:1 or more on white.
NOW, BEFORE, INK = "#1d3557", "#6c7a89", "#0b0c0c"
WIDTH, STEP, LONGEST_NAME = 270, 56, 230  # CSS pixels: of bars that lie, of a bar that stands with its gap, of names
SCALE = 1.5  # sharper than that makes mails heavy

AMOUNT: Mapping[str, Any] = {"field": "n", "type": "quantitative", "axis": {"title": None, "tickMinStep": 1}}
IN_TWO_LINES = "split(replace(datum.label, ' to ', '–'), ' ')"  # Apr to Jun 2026: its months above its year
NUMBER: Mapping[str, Any] = {"encoding": {"text": {"field": "n", "type": "quantitative", "format": ","}}}
LOOK: Mapping[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "background": "white",
    "config": {
        "font": "Arial, sans-serif",
        "axis": {"labelFontSize": 13, "labelColor": INK},
        "text": {"fontSize": 13, "color": INK},
        "legend": {"labelFontSize": 13, "labelColor": INK},
        "view": {"stroke": None},
    },
}


@dataclass(frozen=True)
class Picture:
    """A PNG with the words that stand for it; `name` is unique in its mail."""

    name: str
    png: bytes
    title: str
    words: str
    width: int
    height: int


def received_over_time(counts: Sequence[tuple[str, int]]) -> Picture:
    """Bars of how many complaints were received in each period, the last one darker."""
    values = [{"period": name, "n": number, "now": at == len(counts) - 1} for at, (name, number) in enumerate(counts)]
    shade = {"condition": {"test": "datum.now", "value": NOW}, "value": BEFORE}
    spec = {
        "width": {"step": STEP},
        "height": 170,
        "data": {"values": values},
        "encoding": {"x": _names("period", labelAngle=0, labelExpr=IN_TWO_LINES), "y": AMOUNT},
        "layer": [{"mark": "bar", "encoding": {"color": shade}}, {"mark": {"type": "text", "dy": -7}, **NUMBER}],
    }
    said = "; ".join(f"{name}: {number:,}" for name, number in counts)
    return _drawn("received", spec, word("picture", "received", counts=said))


def subjects(rows: Sequence[tuple[str, int, int]]) -> Picture:
    """Bars side by side for each subject: its number in this period, and in the one before."""
    order = [word("picture", "now"), word("picture", "before")]
    values = [
        {"row": row, "when": when, "n": n} for row, *counts in rows for when, n in zip(order, counts, strict=True)
    ]
    shade = {"field": "when", "type": "nominal", "sort": order, "scale": {"domain": order, "range": [NOW, BEFORE]},
             "legend": {"title": None, "orient": "top"}}  # fmt: skip
    beside = {"yOffset": {"field": "when", "sort": order}}
    spec = {
        "width": WIDTH,
        "height": 44 * len(rows),
        "data": {"values": values},
        "encoding": {"y": _names("row", labelLimit=LONGEST_NAME), "x": {**AMOUNT, "axis": None}},
        "layer": [
            {"mark": "bar", "encoding": {"color": shade, **beside}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {**NUMBER["encoding"], **beside}},
        ],
    }
    said = "; ".join(word("picture", "one", name=row, now=now, before=before) for row, now, before in rows)
    return _drawn("subjects", spec, word("picture", "subjects", counts=said))


def _names(field: str, **axis: object) -> dict[str, Any]:
    return {"field": field, "type": "ordinal", "sort": None, "axis": {"title": None, **axis}}


def _drawn(name: str, spec: Mapping[str, Any], words: str) -> Picture:
    import vl_convert  # starts an engine of its own: only where a picture is drawn

    png = vl_convert.vegalite_to_png({**LOOK, **spec}, scale=SCALE)
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))  # where a PNG keeps its size
    return Picture(name, png, word("picture", f"{name}_title"), words, round(width / SCALE), round(height / SCALE))
