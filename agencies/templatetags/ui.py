"""Component tags and filters of the pages: how a thing looks, never what it means."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.rules import masking
from agencies.rules.calendar import DAY
from agencies.rules.clauses import citation

register = template.Library()

register.filter("mask_phone", masking.phone)
register.filter("mask_text", masking.free_text)
register.filter("clause", citation)

SOON = 3  # working days; from here on the badge is orange
WIDGET_CLASSES = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "file": "form-control",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from the sprite; decoration only, the words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#tabler-{}"/></svg>',
        static("dist/sprite.svg"),
        name,
    )


@register.simple_tag
def state_badge(state: str, label: str) -> SafeString:
    """The state of a case: one colour per state, in static/css/app.css."""
    return format_html('<span class="badge kc-state kc-state-{}">{}</span>', state, label)


@register.simple_tag
def due(days_left: int | None, due_on: date | None, provisional: bool | None = False) -> SafeString:
    """ "due in 2 working days" or "3 working days late"; days_left is negative when late.

    provisional: the official calendar of that year is not loaded, the day may still move.
    """
    tone, words = _clock(days_left)
    if provisional:
        words = f"{words} ({_('provisional')})"
    time = (
        format_html('<time class="kc-due-on" datetime="{0}">{0}</time>', due_on) if due_on else ""
    )
    return format_html('<span class="kc-due kc-due-{}">{}{}</span>', tone, words, time)


def _clock(days_left: int | None) -> tuple[str, str]:
    """The colour and the words of a due day."""
    if days_left is None:
        return "none", _("no time limit")
    if days_left == 0:
        return "today", _("due today")
    if days_left < 0:
        text = ngettext("%(days)s working day late", "%(days)s working days late", -days_left)
        return "late", text % {"days": -days_left}
    text = ngettext("due in %(days)s working day", "due in %(days)s working days", days_left)
    return "soon" if days_left <= SOON else "calm", text % {"days": days_left}


@register.simple_tag
def amount(value: float, unit: str) -> str:
    """A measured value in words: 45 seconds, 12 minutes, 30 hours, 8 %, a count."""
    if unit == "percent":
        return f"{value:g} %"
    if unit != "seconds":
        return f"{value:g}"
    hours, minutes, seconds = (round(value / size) for size in (3600, 60, 1))
    if hours >= 2:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    if minutes >= 2:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


@register.simple_tag
def mark_buttons() -> SafeString:
    """The buttons of a roll for any pupil; for_pupil makes them those of one."""
    return mark_safe(render_to_string("components/marks.html").strip())  # noqa: S308 a template


@register.filter
def for_pupil(buttons: str, pupil: Any) -> SafeString:
    """Replaces text in safe markup: only what already stands in it, and the pupil's own id."""
    chosen = f'value="{pupil.mark}"'
    html = buttons.replace(chosen, f"{chosen} checked").replace("PUPIL", escape(pupil.id))
    return mark_safe(html)  # noqa: S308 the id is escaped, the mark is only looked for


@register.filter
def moment(value: date | datetime | None) -> str:
    """A day, or a day with its time in China: 2026-10-12 08:10."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return value.isoformat()
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M")


@register.filter
def yuan(value: Decimal) -> str:
    """An amount of money: 1,500.50 yuan, whole yuan without decimals."""
    return _("%(amount)s yuan") % {"amount": f"{value:,.2f}".removesuffix(".00")}


@register.filter
def ending(value: datetime | None) -> str:
    """The last moment of a period: midnight is 24:00 of the day that it ends, as the law says."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if local.time() == time.min:
        return f"{local.date() - DAY} 24:00"
    return moment(value)


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field in the look of the pages; red when it has errors."""
    widget = field.field.widget
    look = WIDGET_CLASSES.get(getattr(widget, "input_type", ""), "form-control")
    given = widget.attrs.get("class", "")
    wrong = "is-invalid" if field.errors else ""
    classes = " ".join(part for part in (look, given, wrong) if part)
    return field.as_widget(attrs={"class": classes})
