"""The monthly cost as a step chart in SVG: net, the waived part on top of it up to the list price, and labelled
boundaries.

Colours are CSS custom properties with fallbacks that read on light and on dark: --chart-net, --chart-waived,
--chart-mark; text and grid follow the colour of the surrounding text. No style, no script: a strict
Content-Security-Policy holds. Coordinates are whole tenths of a unit, so the bytes are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from fee_service.documents.issued_quote import IssuedQuote, Run, is_waived, runs
from fee_service.documents.words import WORDS, Words
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

WIDE, NARROW = 720, 344  # units, which are CSS pixels where the chart is shown in its own size
PRINTED = {"font-family": "Noto Sans KR", "color": "#16202e"}
BOLD, OUTLINED = 'font-weight="600"', 'stroke="currentColor" stroke-width=".3"'  # the printed font has one weight
MOST_DESCRIBED = 8  # runs of months that the description names

TEXT = 12  # size of the letters
ROW = 19  # height of a row of labels
PLOT = 176  # height of the plot
RIGHT = 6
NET, WAIVED, MARK = "var(--chart-net, #3b6fd8)", "var(--chart-waived, #3b6fd8)", "var(--chart-mark, #d2622a)"
PAPER = "var(--chart-paper, #fff)"
TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60)


class Boundary(NamedTuple):
    """A day that a label points at; `at` is counted in ten-thousandths of a month from the first one."""

    at: int
    day: str
    label: str


class Frame(NamedTuple):
    """Where the plot lies; a point's coordinates are tenths of a unit."""

    width: int
    left: int
    top: int
    months: int
    most: int  # the amount at the upper edge

    @property
    def bottom(self) -> int:
        return self.top + PLOT

    def x(self, at: int) -> int:
        """The place of a moment, in ten-thousandths of a month."""
        return self.left * 10 + (self.width - self.left - RIGHT) * 10 * at // (self.months * 10_000)

    def month(self, index: int) -> int:
        return self.x(index * 10_000)

    def y(self, amount: int) -> int:
        return self.bottom * 10 - PLOT * 10 * amount // self.most


def chart(document: IssuedQuote, language: OneLanguage, width: int = WIDE) -> str:
    """The chart to stand in a page; `NARROW` is laid out for a small screen."""
    return _svg(document.answer, language, width, {"class": "chart"})


def printed_chart(document: IssuedQuote, language: OneLanguage) -> str:
    """The chart for paper: its colours are the fallbacks, its letters those of the document."""
    picture = _svg(document.answer, language, WIDE, PRINTED).replace(BOLD, OUTLINED)
    return re.sub(r"var\([^,]+, ([^)]+)\)", r"\1", picture)


def description(answer: Data, language: OneLanguage) -> str:
    """The chart in words."""
    words = WORDS[language]
    found = list(runs(answer["months"]))
    named = [words.chart_span.format(span=run.span, net=f"{run.net:,}") for run in found[:MOST_DESCRIBED]]
    named += [f"{boundary.day} {boundary.label}" for boundary in _boundaries(answer, words)]
    if len(found) > MOST_DESCRIBED:
        named.append(words.chart_more.format(count=len(found) - MOST_DESCRIBED))
    return ". ".join(named) + "."


def _svg(answer: Data, language: OneLanguage, width: int, attributes: dict[str, str]) -> str:
    words, months = WORDS[language], answer["months"]
    boundaries, found = _boundaries(answer, words), list(runs(months))
    step, most = _scale(max(month["list"] for month in months))
    labels = {amount: _short(amount, language) for amount in range(0, most + 1, step)}
    left = max(map(_text_width, labels.values())) // 10 + 10
    frame = Frame(width, left, ROW * (1 + len(boundaries)) + 18, len(months), most)
    parts = [
        *_legend(words, any(run.waiver for run in found)),
        *_grid(frame, labels),
        *_areas(frame, found),
        *_ticks(frame, months),
        *_mark_lines(frame, boundaries),
        *_levels(frame, found, words),
        *_mark_labels(frame, boundaries),
    ]
    height, title = frame.bottom + 24, escape(words.chart)
    others = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="chart-title-{width} chart-text-{width}" '
        f'font-size="{TEXT}" fill="currentColor"{others}>'
        f'<title id="chart-title-{width}">{title}</title>'
        f'<desc id="chart-text-{width}">{escape(description(answer, language))}</desc>{"".join(parts)}</svg>'
    )


# -- what is drawn -------------------------------------------------------------------------------------


def _legend(words: Words, is_waived: bool) -> Iterator[str]:
    yield f'<rect class="chart-net" x="0" y="4" width="11" height="11" rx="2" fill="{NET}"/>'
    yield _text(170, 140, words.legend_net)
    if not is_waived:
        return
    second = 17 + _text_width(words.legend_net) // 10 + 14
    yield (
        f'<rect class="chart-waived" x="{second}.5" y="4.5" width="10" height="10" rx="2" fill="{WAIVED}" '
        f'fill-opacity=".16" stroke="{WAIVED}" stroke-dasharray="2.5 2"/>'
    )
    yield _text(second * 10 + 170, 140, words.legend_waived)


def _grid(frame: Frame, labels: dict[int, str]) -> Iterator[str]:
    right = frame.width - RIGHT
    for amount, label in labels.items():
        y = frame.y(amount)
        strength = ".55" if amount == 0 else ".14"
        yield (f'<path d="M{frame.left} {_tenths(y)}H{right}" stroke="currentColor" stroke-opacity="{strength}"/>')
        yield _text(frame.left * 10 - 70, y + 42, label, anchor="end", opacity=".72")


def _areas(frame: Frame, found: Sequence[Run]) -> Iterator[str]:
    """The waived part first: its dashed edge lies under the net."""
    waived = [run for run in found if run.waiver]
    for group in _neighbours(waived):
        upper, lower = _steps(frame, group, "list"), _steps(frame, group, "net", backwards=True)
        yield f'<path class="chart-waived" d="M{upper}L{lower}Z" fill="{WAIVED}" fill-opacity=".16"/>'
        yield (
            f'<path class="chart-waived" d="M{upper}" fill="none" stroke="{WAIVED}" stroke-width="1.5" '
            f'stroke-dasharray="5 3"/>'
        )
    base = _tenths(frame.bottom * 10)
    for group in _neighbours([run for run in found if run.net]):
        start, end = (_tenths(frame.month(index)) for index in (group[0].first, _end(group[-1])))
        yield (
            f'<path class="chart-net" d="M{start} {base}L{_steps(frame, group, "net")}L{end} {base}Z" fill="{NET}"/>'
        )


def _levels(frame: Frame, found: Sequence[Run], words: Words) -> Iterator[str]:
    """The amounts of those months that leave room to write them."""
    for run in found:
        start, end = frame.month(run.first), frame.month(_end(run))
        middle, room = (start + end) // 2, end - start - 60
        net, waived = words.won.format(amount=f"{run.net:,}"), f"{-run.waiver:,}"
        height = frame.y(run.net) - frame.y(run.list)
        if _text_width(net, bold=True) <= room:
            yield _text(middle, frame.y(run.net) - 60, net, anchor="middle", weight="600")
        label = words.waived_amount.format(amount=waived)
        if run.waiver and height >= 480 and _text_width(label) <= room:
            yield _text(middle, frame.y(run.list) + 190, label, anchor="middle")


def _mark_lines(frame: Frame, boundaries: Sequence[Boundary]) -> Iterator[str]:
    """A line at each boundary, from its label's row down."""
    for row, boundary in enumerate(boundaries, start=1):
        yield (
            f'<path class="chart-mark" d="M{_tenths(frame.x(boundary.at))} {_tenths(ROW * 10 * row + 50)}'
            f'V{frame.bottom}" stroke="{MARK}" stroke-width="1.5"/>'
        )


def _mark_labels(frame: Frame, boundaries: Sequence[Boundary]) -> Iterator[str]:
    """A label beside each line, in a row of its own and inside the picture; no other line runs through it."""
    for row, boundary in enumerate(boundaries, start=1):
        x, baseline = frame.x(boundary.at), ROW * 10 * row + 160
        label = f"{boundary.day} {boundary.label}"
        width = _text_width(label, bold=True)
        right = x + 60 + width <= frame.width * 10
        place = x + 60 if right else max(0, x - 60 - width)
        yield (
            f'<rect x="{_tenths(place)}" y="{_tenths(baseline - 120)}" width="{_tenths(width)}" height="16" '
            f'fill="{PAPER}"/>'
        )
        if right or not place:
            yield _text(place, baseline, label, weight="600")
        else:
            yield _text(x - 60, baseline, label, anchor="end", weight="600")


def _ticks(frame: Frame, months: Sequence[Data]) -> Iterator[str]:
    """Marks below the axis, with as many names as find room."""
    by, named = _tick_steps(frame)
    for index, month in enumerate(months):
        number = int(month["month"][:4]) * 12 + int(month["month"][5:]) - 1
        if number % by:
            continue
        x, is_named = frame.month(index), number % named == 0
        yield (
            f'<path d="M{_tenths(x)} {frame.bottom}v{6 if is_named else 4}" stroke="currentColor" '
            f'stroke-opacity=".55"/>'
        )
        label = month["month"][:4] if named >= 12 else month["month"]
        half = _text_width(label) // 2
        if is_named and half <= x <= frame.width * 10 - half:
            yield _text(x, frame.bottom * 10 + 190, label, anchor="middle", opacity=".72")


# -- measures ------------------------------------------------------------------------------------------


def _boundaries(answer: Data, words: Words) -> list[Boundary]:
    """The start after a free test, the waiver's last day and each change of the price list, in their order."""
    starts_on, waiver = answer["request"]["starts_on"], answer["waiver"]
    wanted = [(entry["from"], 1, words.list_change) for entry in answer["price_lists"][1:]]
    if answer["months"][0]["test_days"]:
        wanted.append((starts_on, 1, words.paid_start))
    if is_waived(answer):
        wanted.append((waiver["ends_on"], 0, words.waiver_end))
    places = {month["month"]: (index, month["days_in_month"]) for index, month in enumerate(answer["months"])}
    found = []
    for day, before, label in sorted(wanted):
        if day[:7] in places:
            index, length = places[day[:7]]
            at = index * 10_000 + (date.fromisoformat(day).day - before) * 10_000 // length
            found.append(Boundary(at, day, label))
    return found


def _scale(most: int) -> tuple[int, int]:
    """A round step of which up to five reach an amount, and the amount at the upper edge."""
    size = 10 ** (len(str(max(most, 1))) - 1)
    choices = (max(1, size * part // 10) for part in (2, 5, 10, 20))
    step = next(step for step in choices if step * 5 >= most)
    return step, max(step, -(-most // step) * step)


def _short(amount: int, language: OneLanguage) -> str:
    """A round amount in few letters."""
    units: Sequence[tuple[int, str]] = ((10**8, "억"), (10**4, "만"))
    if language == "en":
        units = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))
    for unit, name in units:
        if amount >= unit and amount % (unit // 10) == 0:
            whole, tenth = divmod(amount * 10 // unit, 10)
            return f"{whole:,}.{tenth}{name}" if tenth else f"{whole:,}{name}"
    return f"{amount:,}"


def _tick_steps(frame: Frame) -> tuple[int, int]:
    """After how many months a tick stands, and after how many a name."""
    for months in TICK_MONTHS:
        width = 340 if months >= 12 else 560
        if frame.month(months) - frame.month(0) >= width:
            return min(months, 12), months
    return 12, TICK_MONTHS[-1]


def _neighbours(found: Sequence[Run]) -> list[list[Run]]:
    """Runs that follow each other without a gap, together."""
    groups: list[list[Run]] = []
    for run in found:
        if groups and _end(groups[-1][-1]) == run.first:
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _end(run: Run) -> int:
    return run.first + len(run.months)


def _steps(frame: Frame, group: Sequence[Run], amount: str, backwards: bool = False) -> str:
    """The steps of an amount over months in a row, from the first to the last or back."""
    points = [
        f"{_tenths(frame.month(index))} {_tenths(frame.y(getattr(run, amount)))}"
        for run in group
        for index in (run.first, _end(run))
    ]
    return "L".join(points[::-1] if backwards else points)


def _text(x: int, y: int, text: str, anchor: str = "", weight: str = "", opacity: str = "") -> str:
    wanted = {"text-anchor": anchor, "font-weight": weight, "fill-opacity": opacity}
    others = "".join(f' {name}="{value}"' for name, value in wanted.items() if value)
    return f'<text x="{_tenths(x)}" y="{_tenths(y)}"{others}>{escape(text)}</text>'


def _text_width(text: str, bold: bool = False) -> int:
    """About how wide a text is, in tenths of a unit: a Hangul syllable is as wide as it is high."""
    return sum(TEXT * (10 if ord(letter) > 0x1100 else 7 if bold else 6) for letter in text)


def _tenths(value: int) -> str:
    whole, tenth = divmod(value, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)
