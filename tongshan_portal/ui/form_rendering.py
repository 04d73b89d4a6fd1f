"""The renderer of forms: Django's, with its commonest widgets written in Python, because a select of thirty options is seventy templates.

What they write is what Django's templates write, but for white space between tags: a test renders both.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


def _attributes(widget: Widget) -> SafeString:
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{conditional_escape(str(value))}"')
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else format_html(' value="{}"', str(value))
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], shown, _attributes(widget))


def _options(options: list[Widget]) -> str:
    return "".join(
        f'\n  <option value="{conditional_escape(str(one["value"]))}"{_attributes(one)}>{conditional_escape(one["label"])}</option>'
        for one in options
    )


def _select(widget: Widget) -> SafeString:
    parts = [format_html('<select name="{}"{}>', widget["name"], _attributes(widget))]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(format_html('\n  <optgroup label="{}">', group))
        parts.append(_options(options))
        if group:
            parts.append("\n  </optgroup>")
    return mark_safe("".join([*parts, "\n</select>"]))  # noqa: S308 - every part is escaped above


_INPUTS = ("text", "date", "number", "search", "hidden", "checkbox", "email", "password")
_WRITERS: dict[str, Callable[[Widget], SafeString]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _INPUTS},
    "django/forms/widgets/select.html": _select,
}


class FormRenderer(TemplatesSetting):
    """As `TemplatesSetting`, faster."""

    def render(self, template_name, context, request=None):
        """The template, or what it would have written."""
        writer = _WRITERS.get(template_name)
        return writer(context["widget"]) if writer else super().render(template_name, context, request)
