"""What do templates need beyond Django's own: icons, dates, links, state tags?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from lingyan.common.money import show_money
from lingyan.common.periods import ONE_DAY
from lingyan.platform.ui.panels import panels_of
from lingyan.platform.ui.written import sentences_of

register = template.Library()


@register.inclusion_tag("ui/_panels.html", takes_context=True)
def panels(context: RequestContext, kind: str, thing: Any) -> dict[str, Any]:
    """What the modules show on the page of this village, person or unit, as at its day."""
    request: Any = context["request"]
    return {"panels": panels_of(kind, thing, request.actor, context["as_at"].on)}


# Our own paths in the style of the sample page: 24 by 24, drawn with a 1.75 stroke.
ICONS = {
    "home": "M3 11 12 4l9 7M5.5 9.5V20h13V9.5",
    "pin": "M12 21s7-6.2 7-11.4A7 7 0 0 0 5 9.6C5 14.8 12 21 12 21Z"
    "M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0"
    "M16 4.4a3.5 3.5 0 0 1 0 6.4"
    "M18 14.4a6.5 6.5 0 0 1 3.5 5.6",
    "check": "M4 12.5 9.5 18 20 6.5",
    "list": "M9 5h10M9 12h10M9 19h10M4 5l1 1 2-2M4 12l1 1 2-2M4 19l1 1 2-2",
    "file": "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
    "download": "M12 4v11M7.5 11 12 15.500 16.500 11M5 20h14",
    "upload": "M12 16V5M7.500 9 12 4.500 16.500 9M5 20h14",
    "plus": "M12 5v14M5 12h14",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.500 4.500",
    "flag": "M6 21V4M6 5h11l-2.500 4L17 13H6",
    "heart": "M12 20S4 15 4 9.500A4.300 4.300 0 0 1 12 7.300 4.300 4.300 0 0 1 20"
    " 9.500C20 15 12 20 12 20Z",
    "scale": "M12 4v16M6 20h12M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.500 2",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.500 20.500a7.500 7.500 0 0 1 15 0",
    "building": "M5 21V4h9v17M14 9h5v12M8 8h3M8 12h3M8 16h3M3 21h18",
    "lock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    "unlock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 6.800-1.200",
    "swap": "M7 4 3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7",
    "ban": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.700 5.700l12.600 12.600",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "warning": "M12 4 2.500 20h19zM12 10v4.500M12 17v.5",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "more": "M4 6h16M4 12h16M4 18h16",
    "gear": "M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM12 3v3M12 18v3M3 12h3M18 12h3"
    "M5.600 5.600l2.100 2.100"
    "M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawn sign; a word always stands beside it, so screen readers pass it over."""
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.filter
def money(value: Decimal | None) -> str:
    """Sums as 12,000.00; a dash where there is none."""
    return "—" if value is None else show_money(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """Dates as 2026-11-21; a dash where there is none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d")
    return value.strftime("%Y-%m-%d")


@register.filter
def last_day(value: date | None) -> str:
    """The last day of a period, which ends before `value`."""
    return day(value - ONE_DAY if value else None)


@register.filter
def moment(value: datetime | None) -> str:
    return localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing; templates cannot index by a variable."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The page's query string with some values changed; an empty value leaves the field out."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value not in (None, ""):
            values[name] = str(value)
    values.pop("export", None) if "export" not in changes else None
    return f"?{values.urlencode()}"


@register.inclusion_tag("ui/_written.html", takes_context=True)
def written(context: RequestContext) -> dict[str, Any]:
    """What stood in the form that this answer did not take."""
    return {"texts": sentences_of(context["request"])}


@register.simple_tag(takes_context=True)
def sort_link(context: RequestContext, listing: Any, name: str, label: str) -> SafeString:
    """A column head that sorts, and turns round on the second press."""
    current, descending = listing.sort_name, listing.sort_descending
    turned = f"-{name}" if current == name and not descending else name
    href = query(context, sort=turned, page="")
    if current != name:
        return format_html('<a href="{}">{}</a>', href, label)
    arrow = "▼" if descending else "▲"
    spoken = "降序" if descending else "升序"
    return format_html(
        '<a href="{}">{} <span aria-hidden="true">{}</span><span class="sr">{}</span></a>',
        href,
        label,
        arrow,
        spoken,
    )


# Colour means something: red = act or overdue, green = done, gold = attention, blue = under way.
TONE_OF_STATE = {
    "preparing": "",
    "reorganizing": "y",
    "merged": "",
    "dissolved": "",
    "training": "b",
    "used": "g",
    "assessing": "b",
    "reviewing": "b",
    "elected": "g",
    "published": "g",
    "filed": "g",
    "handed_over": "g",
    "looked_back": "g",
    "mended": "b",
    "exempted": "",
    "draft": "",
    "submitted": "b",
    "joint_review": "b",
    "confirmed": "g",
    "need_list_issued": "g",
    "issued": "g",
    "superseded": "",
    "returned": "y",
    "recommended": "b",
    "reviewed": "b",
    "in_pool": "g",
    "selected": "g",
    "removed": "",
    "cancelled": "",
    "announced": "y",
    "open": "b",
    "demand_closed": "b",
    "candidate_ranking": "b",
    "village_ranking": "b",
    "computed": "b",
    "adjusted": "b",
    "deliberated": "b",
    "appointed": "b",
    "trained": "b",
    "active": "g",
    "on_leave": "y",
    "suspended": "y",
    "extended": "g",
    "term_appraised": "b",
    "recall_pending": "r",
    "recalled": "r",
    "asked": "b",
    "proposed": "b",
    "unit_agreed": "b",
    "village_agreed": "b",
    "approved": "g",
    "found": "y",
    "handled": "b",
    "solved": "g",
    "upheld": "r",
    "signalled": "y",
    "told": "y",
    "heard": "b",
    "verified": "b",
    "warned": "y",
    "decided": "r",
    "replaced": "b",
    "locked": "g",
    "waiting": "b",
    "running": "b",
    "done": "g",
    "applied": "g",
    "failed": "r",
    "refused": "r",
    "checked": "y",
    "undone": "",
    "made": "b",
    "paid": "g",
    "raised": "b",
    "accepted": "b",
    "handling": "b",
    "answered": "y",
    "declined": "y",
    "nominated": "b",
    "planned": "b",
    "held": "g",
    "granted": "g",
    "screened": "y",
    "consulted": "b",
    "rectifying": "y",
    "self_checked": "b",
    "town_checked": "b",
    "accepting": "b",
    "cleared": "g",
    "following": "b",
    "reopened": "r",
    "doing": "y",
    "self_done": "b",
}


@register.simple_tag
def state_tag(thing: Any, field: str = "state") -> SafeString:
    """The state in words with the colour that belongs to it."""
    value = getattr(thing, field)
    label = getattr(thing, f"get_{field}_display")()
    return format_html('<span class="tag {}">{}</span>', TONE_OF_STATE.get(value, ""), label)


@register.simple_tag
def meter(value: int, most: int, tone: str = "") -> SafeString:
    """A bar for a share; the number always stands beside it."""
    share = 0 if not most else min(max(round(100 * value / most), 0), 100)
    return format_html(
        '<span class="meter" aria-hidden="true"><i class="{}" style="width:{}%"></i></span>',
        tone,
        mark_safe(str(share)),  # noqa: S308 - an integer
    )
