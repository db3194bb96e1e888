"""Templates give texts, and nothing that is written in one can stop the hub or look where it must not."""

import time
from typing import Any

import pytest

from irzhub.automation.templates import (
    LONGEST_SOURCE,
    LONGEST_TEXT,
    TemplateFailed,
    TemplateRefused,
    Templates,
    check_template,
    names_used,
)
from tests.automation.rig import ZONE

VALUES: dict[str, Any] = {
    "modem": {"name": "Котельная", "csq": 17, "gpi": {"1": "ON"}, "comment": None},
    "trigger": {"ts": "2026-11-20T18:00:00.000Z", "pin": 1, "for_s": 3900.0},
    "names": ["б", "а"],
    "half": "\ud83d",
    "items": "a value that is called as a method of a dict",
}


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(ZONE, "ru")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("без значений: 50 %", "без значений: 50 %"),
        ("{{ modem.name }}: {{ modem['csq'] }}", "Котельная: 17"),
        ("{{ modem.gpi['1'] }} {{ modem.gpi[1] }} {{ modem.gpi.1 }}", "ON ON ON"),
        ("{{ modem.comment }}|{{ modem.comment | default('нет') }}|{{ nothing | default('-') }}", "|нет|-"),
        ("{{ trigger.ts | local }} {{ trigger.ts | local('%H:%M') }}", "20.11.2026 21:00:00 21:00"),
        ("{{ trigger.for_s | duration }}", "1 ч 5 мин"),
        ("{{ names | sort | join(' и ') }} {{ names | length }} {{ names | first }}{{ names[-1] }}", "а и б 2 ба"),
        ("{% if modem.csq > 10 and not modem.comment %}да{% else %}нет{% endif %}", "да"),
        ("{% for name in names %}{{ loop.index }}{{ name }}{% if not loop.last %},{% endif %}{% endfor %}", "1б,2а"),
        ("{% set x = modem.csq * 2 - 113 %}{{ x }} дБм", "-79 дБм"),
        ("{{ 'вход ' ~ trigger.pin }}{{ ' открыт' | upper | trim }}", "вход 1ОТКРЫТ"),
        ("{{ '3.7' | float | round(0) }} {{ 7 // 2 }} {{ 7 % 2 }} {{ -3 | abs }} {{ 2.5 | int }}", "4 3 1 3 2"),
        ("{{ modem.name | truncate(5) }} {{ modem.name | replace('К', 'к') }}", "Коте… котельная"),
        ("{{ true }} {{ none }} {{ 1 is odd }} {{ modem.csq is number }} {{ x is defined }}", "true  true true false"),
        ("{{ items }}", VALUES["items"]),
        ("{{ half }} дверь", "? дверь"),
        ("{{ '<b>' }} {# a comment #}.", "<b> ."),
    ],
)
def test_what_a_template_gives(templates: Templates, source: str, text: str) -> None:
    assert templates.render(check_template(source), VALUES) == text


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ modem.name", "expected a template"),
        ("{{ ''.__class__ }}", "expected the name of a value, came `__class__`"),
        ("{{ _x }}", "came `_x`"),
        ("{{ self }}", "came `self`"),
        ("{{ x_ }}", "came `x_`"),
        ("{{ modem.items() }}", "came a call; write a filter"),
        ("{{ range(10) }}", "came a call"),
        ("{{ 9 ** 9 ** 9 }}", "came a power"),
        ("{{ names[1:2] }}", "came a slice"),
        ("{% macro a() %}{% endmacro %}", "came a macro"),
        ("{% include 'x' %}", "came an include"),
        ("{% import 'x' as x %}", "came an import"),
        ("{% extends 'x' %}", "came an extends"),
        ("{% block x %}{% endblock %}", "came a block"),
        ("{% set x %}1{% endset %}", "came a block `set`"),
        ("{% filter upper %}1{% endfilter %}", "came a block `filter`"),
        ("{% for x in names recursive %}{% endfor %}", "came a recursive loop"),
        ("{{ names | map('x') }}", "unknown filter `map`"),
        ("{{ names | attr('__class__') }}", "unknown filter `attr`"),
        ("{{ names | tojson }}", "unknown filter `tojson`"),
        ("{{ 1 is callable }}", "unknown test `callable`"),
        ("{{ " + "9" * 200 + " }}", "expected a smaller number"),
        ("{{ " + "9" * 7000 + " }}", "expected"),
        ("{{ " + "(" * 90 + "1" + ")" * 90 + " }}", "not nested so deep"),
        ("{{ " + "not " * 1500 + "1 }}", "expected a template that is not nested so deep"),
        ("{" + "x" * LONGEST_SOURCE, "at most 8000 characters"),
    ],
)
def test_what_is_refused_when_the_rule_is_read(source: str, says: str) -> None:
    with pytest.raises(TemplateRefused) as refused:
        check_template(source)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ modem.nothing }}", "has no attribute 'nothing'"),
        ("{{ modem.nothing.more }}", "nothing"),
        ("{{ modem }}", "came several"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'a' * 3 }}", "takes two numbers"),
        ("{{ '%d' % 3 }}", "takes two numbers"),
        ("{{ 'a' + 1 }}", "takes two numbers"),
        ("{{ modem.name | local }}", "Invalid isoformat"),
        ("{{ trigger.pin | local }}", "`local` takes a time"),
        ("{{ modem.name | int }}", "expected a number"),
        ("{{ '1_000' | int }}", "expected a number"),
        ("{{ modem.csq | join }}", "expected a list"),
        ("{% for x in modem.csq %}{% endfor %}", "expected a list"),
        ("{{ modem.name < 5 }}", "not supported"),
    ],
)
def test_what_fails_says_why(templates: Templates, source: str, says: str) -> None:
    with pytest.raises(TemplateFailed) as failed:
        templates.render(check_template(source), VALUES)
    assert says in str(failed.value)


NUMBERS = {"many": list(range(200)), "long": "x" * 15_000}


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in many %}{% for b in many %}{% for c in many %}.{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in many %}{{ long }}{% endfor %}",
        "{{ long ~ long }}",
        "{{ long + long }}",
        "{{ long | replace('x', long) }}",
        "{% set x = long %}{% for a in many %}{% set x = x ~ x %}{% endfor %}{{ x }}{{ x }}",
        "{% for a in many %}{% for b in many %}{% if long == long %}{% endif %}{% endfor %}{% endfor %}",
    ],
)
def test_what_grows_without_end_is_stopped_soon(templates: Templates, source: str) -> None:
    began = time.monotonic()
    with pytest.raises(TemplateFailed):
        templates.render(check_template(source), NUMBERS)
    assert time.monotonic() - began < 1.0


def test_a_number_cannot_grow_without_end(templates: Templates) -> None:
    product = "{{ " + " * ".join(["many"] * 5) + " }}"
    with pytest.raises(TemplateFailed, match="a number grows too large"):
        templates.render(check_template(product), {"many": 2**200})


def test_a_text_may_be_long_but_no_longer(templates: Templates) -> None:
    assert len(templates.render("{{ long }}", {"long": "x" * LONGEST_TEXT})) == LONGEST_TEXT
    with pytest.raises(TemplateFailed, match="longer than 20000"):
        templates.render("{{ long }}", {"long": "x" * (LONGEST_TEXT + 1)})


@pytest.mark.parametrize("value", [object(), test_what_grows_without_end_is_stopped_soon, Templates])
def test_of_an_object_nothing_can_be_reached(templates: Templates, value: Any) -> None:
    for name in ("doc", "render", "func_globals"):
        with pytest.raises(TemplateFailed):
            templates.render("{{ value." + name + " }}", {"value": value})


@pytest.mark.parametrize(
    ("source", "is_true"),
    [("{{ modem.csq > 5 }}", True), ("{{ modem.csq > 50 }}", False), ("yes", True), (" ON ", True), ("0", False)],
)
def test_words_for_yes(templates: Templates, source: str, is_true: bool) -> None:
    assert templates.is_true(source, VALUES) is is_true


def test_the_names_that_a_template_uses() -> None:
    assert names_used("{{ modem.name }}{% for a in fleet.names %}{{ a }}{% endfor %}") == {"modem", "fleet"}
