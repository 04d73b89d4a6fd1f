"""The template lint: clean on the product, and able to fail."""

import pytest
from django.conf import settings

from tongshan_portal.ui.template_lint import faults, faults_in


def test_templates_of_the_product_are_clean():
    assert [str(fault) for fault in faults(settings.BASE_DIR / "templates")] == []


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('<p style="color:red">{{ x }}</p>', "inline style attribute"),
        ("<script>alert(1)</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ('<button onclick="go()">{{ x }}</button>', "inline handler onclick"),
        ('<a href="https://example.com/">{{ x }}</a>', "outside address https://example.com/"),
        ('<img src="//example.com/a.png" alt="">', "outside address //example.com/a.png"),
        ("<p>Hello</p>", "words without translation: Hello"),
        ("<p>您好</p>", "words without translation: 您好"),
        ('<img src="/a.png" alt="A map">', "words without translation in alt: A map"),
        ('{% include "no/such.html" %}', "include of no/such.html, which does not exist"),
    ],
)
def test_what_must_not_be_is_found(tmp_path, markup, words):
    path = tmp_path / "page.html"
    path.write_text("{# Comment #}\n" + markup, encoding="utf-8")
    assert [(fault.line, fault.words) for fault in faults_in(path, tmp_path)] == [(2, words)]


@pytest.mark.parametrize(
    "markup",
    [
        '<p>{% translate "Hello" %}</p>',
        "<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>",
        '<a href="{% url "home" %}" aria-label="{% translate \'Home\' %}">{{ x }}</a>',
        "<p>{{ count }} · 12:30</p>",
        '<script src="{% static "js/a.js" %}" defer></script>',
        "{% comment %}Takes: field.{% endcomment %}",
    ],
)
def test_what_may_be_is_let_through(tmp_path, markup):
    path = tmp_path / "page.html"
    path.write_text(markup, encoding="utf-8")
    assert faults_in(path, tmp_path) == []
