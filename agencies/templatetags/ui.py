"""Component tags and filters of the pages: how a thing looks, never what it means."""

from collections.abc import Mapping
from datetime import date, datetime

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.rules import masking

register = template.Library()

register.filter("mask_phone", masking.phone)

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


@register.inclusion_tag("components/due.html")
def due(days_left: int | None, due_on: date | None) -> Mapping[str, object]:
    """ "due in 2 working days" or "3 working days late"; days_left is negative when late."""
    if days_left is None:
        return {"tone": "none", "days": 0, "due_on": due_on}
    tone = "late" if days_left < 0 else "soon" if days_left <= SOON else "calm"
    return {
        "tone": "today" if days_left == 0 else tone,
        "days": abs(days_left),
        "due_on": due_on,
    }


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
def control(field: BoundField) -> SafeString:
    """The control of a form field in the look of the pages; red when it has errors."""
    widget = field.field.widget
    look = WIDGET_CLASSES.get(getattr(widget, "input_type", ""), "form-control")
    given = widget.attrs.get("class", "")
    wrong = "is-invalid" if field.errors else ""
    classes = " ".join(part for part in (look, given, wrong) if part)
    return field.as_widget(attrs={"class": classes})
