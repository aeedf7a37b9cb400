"""The response rates as bars: drawn on the server, in the colors of the page, without a script or a style in it."""

from django import template

register = template.Library()

LINE = 36
LEFT, WIDE = 300, 560


@register.inclusion_tag("programs/_rate_chart.html")
def rate_chart(lines):
    """One bar a line. The table below says the same, so a screen reader passes over the picture."""
    bars = [
        {
            "name": line.name if len(line.name) < 36 else f"{line.name[:34]}…",
            "percent": line.percent,
            "y": number * LINE,
            "text_y": number * LINE + 21,
            "width": WIDE * line.percent // 100,
            "end": LEFT + WIDE * line.percent // 100 + 8,
        }
        for number, line in enumerate(lines)
    ]
    return {"bars": bars, "height": LINE * len(bars) + 4, "left": LEFT, "wide": WIDE, "label": LEFT - 12}
