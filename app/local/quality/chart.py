"""The error rate of one layout over the documents of the demo, as an SVG: a point a document, a step a phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 60, 70
_GREEN, _RED, _INK, _GREY, _BLUE = "#2d7d46", "#b3261e", "#1c1c1c", "#8a8a8a", "#1f4e79"
_SHADES = ("#f5f5f5", "#e9eef4")


@dataclass(frozen=True)
class Phase:
    """Documents of the layout that came while one state of the releases stood: True where one was read wrongly."""

    name: str
    wrong: tuple[bool, ...]

    @property
    def rate(self) -> float:
        """Return the share that was read wrongly; 0 where none came."""
        return sum(self.wrong) / len(self.wrong) if self.wrong else 0.0


def chart(title: str, phases: Sequence[Phase]) -> str:
    """Return the picture. Every document has the same width, so that a phase is as wide as it was busy."""
    total = sum(len(phase.wrong) for phase in phases) or 1
    step = (WIDTH - _LEFT - _RIGHT) / total
    parts, x = [_frame(title)], float(_LEFT)
    for index, phase in enumerate(phases):
        parts.append(_phase(phase, x, step, _SHADES[index % 2]))
        x += step * len(phase.wrong)
    inside = "\n".join([*parts, _axis()])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}">\n{inside}\n</svg>\n'
    )


def _frame(title: str) -> str:
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="26" font-size="16" font-weight="bold">{escape(title)}</text>'
    )


def _phase(phase: Phase, x: float, step: float, shade: str) -> str:
    width, bottom, level = step * len(phase.wrong), HEIGHT - _BOTTOM, f"{_y(phase.rate):.1f}"
    middle, end = x + width / 2, x + step * len(phase.wrong)
    dots = (
        f'<circle cx="{x + (place + 0.5) * step:.1f}" cy="{_y(float(is_wrong)):.1f}" r="4" '
        f'fill="{_RED if is_wrong else _GREEN}"/>'
        for place, is_wrong in enumerate(phase.wrong)
    )
    return "\n".join([
        f'<rect x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{bottom - _TOP}" fill="{shade}"/>',
        f'<line x1="{x:.1f}" y1="{level}" x2="{end:.1f}" y2="{level}" stroke="{_BLUE}" stroke-width="3"/>',
        *dots,
        f'<text x="{middle:.1f}" y="{_TOP - 10}" text-anchor="middle">{phase.rate:.0%}</text>',
        f'<text x="{middle:.1f}" y="{bottom + 22}" text-anchor="middle">{escape(phase.name)}</text>',
    ])  # fmt: skip


def _axis() -> str:
    labels = (
        f'<text x="{_LEFT - 10}" y="{_y(rate) + 4:.1f}" text-anchor="end" fill="{_GREY}">{rate:.0%}</text>'
        for rate in (0.0, 0.5, 1.0)
    )
    foot = "a point: one document of the layout, above where it was read wrongly; the line: the share of the phase"
    return "\n".join([*labels, f'<text x="{_LEFT}" y="{HEIGHT - 16}" fill="{_GREY}">{foot}</text>'])


def _y(rate: float) -> float:
    inner = HEIGHT - _BOTTOM - _TOP - 24
    return HEIGHT - _BOTTOM - 12 - rate * inner
