"""Texts with `{{ ... }}` in them, rendered in a sandbox: the one place that knows Jinja2.

Whoever writes a rule may not be able to stop the hub with it. So a template is a small part of Jinja2: values,
filters and tests of a list, `if`, `for` and `set`. Calls, methods, macros and files are refused when the rule is
read, with a text for the operator; what is left is held by limits while it is rendered (docs/automations.md).
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from irzhub.automation.template_filters import (
    FILTERS,
    LONGEST_TEXT,
    TESTS,
    TemplateFailed,
    as_list,
    duration,
    join_texts,
    local_time,
    short,
    written,
)
from irzhub.core.printable import whole

__all__ = [
    "LONGEST_SOURCE",
    "LONGEST_TEXT",
    "TemplateFailed",
    "TemplateRefused",
    "Templates",
    "check_template",
    "names_used",
]

LONGEST_SOURCE: Final = 8_000
MOST_TURNS: Final = 5_000
"""Turns of all loops of one rendering together."""
MOST_TIME_S: Final = 0.1
_WIDEST_BITS: Final = 256
_DEEPEST: Final = 60
_OF_LOOPS: Final = ("index", "index0", "first", "last")

_ALLOWED: Final = frozenset(
    {
        *("Template", "Output", "TemplateData", "Name", "Const", "Getattr", "Getitem", "Filter", "Test", "If"),
        *("CondExpr", "Compare", "Operand", "And", "Or", "Not", "Add", "Sub", "Mul", "Div", "FloorDiv", "Mod"),
        *("Neg", "Pos", "Concat", "For", "Assign", "List", "Tuple", "Dict", "Pair", "Keyword"),
    }
)
_WHAT_IT_IS: Final = {
    "Call": "a call; write a filter such as `| upper` in its place",
    "Pow": "a power",
    "Macro": "a macro",
    "CallBlock": "a macro",
    "Import": "an import",
    "FromImport": "an import",
    "Include": "an include",
    "Extends": "an extends",
    "Block": "a block",
    "Slice": "a slice",
    "AssignBlock": "a block `set`",
    "FilterBlock": "a block `filter`",
    "NSRef": "a namespace",
}


class TemplateRefused(ValueError):
    """A text that is no template as rules may have it; says what is wrong, ready for the operator."""


class _Budget:
    """What one rendering may use."""

    def __init__(self) -> None:
        self.turns = 0
        self.until = time.monotonic() + MOST_TIME_S

    def turn(self) -> None:
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise TemplateFailed(f"its loops take more than {MOST_TURNS} turns")
        self.check()

    def check(self) -> None:
        if time.monotonic() > self.until:
            raise TemplateFailed(f"it takes longer than {MOST_TIME_S * 1000:g} ms")


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2 without its globals, with the filters and tests of the list, and with bounded operators."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers and (operator != "+" or not isinstance(left, str) or not isinstance(right, str)):
            raise TemplateFailed(f"`{operator}` takes two numbers, or `+` two texts")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > _WIDEST_BITS:
            raise TemplateFailed("a number grows too large")
        return short(result)

    def is_safe_attribute(self, _obj: Any, _attr: str, _value: Any) -> bool:
        return False  # values are plain data: what is in them is found by key, never by attribute

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Undefined):
            return obj[argument]  # says which name is missing
        if isinstance(obj, Mapping) and isinstance(argument, str | int):
            if argument in obj:
                return obj[argument]
            if str(argument) in obj:
                return obj[str(argument)]
        elif isinstance(obj, LoopContext):
            if argument in _OF_LOOPS:
                return getattr(obj, argument)
        elif isinstance(obj, list | tuple) and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def _bounded(value: Any, budget: _Budget) -> Iterator[Any]:
    budget.check()
    for each in as_list(value):
        budget.turn()
        yield each


class Templates:
    """Renders the templates of one hub: in its zone and its language."""

    def __init__(self, zone: tzinfo, language: str = "ru") -> None:
        self._environment = environment = _Environment(
            undefined=StrictUndefined, optimized=False, autoescape=False, finalize=_finalize, keep_trailing_newline=True
        )
        environment.globals.clear()
        environment.filters.clear()
        environment.filters.update(FILTERS)
        environment.filters["local"] = lambda value, pattern="%d.%m.%Y %H:%M:%S": local_time(value, pattern, zone=zone)
        environment.filters["duration"] = lambda value: duration(value, language=language)
        environment.filters["bounded_"] = _bounded
        environment.filters["joined_"] = lambda parts: join_texts([written(part) for part in parts], "")
        environment.tests = {name: environment.tests[name] for name in TESTS}
        self._compiled = lru_cache(maxsize=4096)(self._compile)

    def render(self, source: str, values: Mapping[str, Any]) -> str:
        """Return the text that a template gives with `values`, which are plain data.

        Raises:
            TemplateFailed: a value is missing or of another kind, or a limit was met.
        """
        if "{" not in source:
            return source
        try:
            parts, total = [], 0
            for part in self._compiled(source).generate({**values, "budget_": _Budget()}):
                parts.append(part)
                total += len(part)
                if total > LONGEST_TEXT:
                    raise TemplateFailed(f"the text grows longer than {LONGEST_TEXT} characters")
            # Half an emoji, from some program's JSON, can neither be stored nor sent.
            return whole("".join(parts))
        except TemplateRefused as error:
            raise TemplateFailed(str(error)) from error
        except (TemplateError, SecurityError, ArithmeticError, TypeError, ValueError, LookupError) as error:
            raise TemplateFailed(_in_words(error)) from error
        except (RecursionError, MemoryError) as error:
            raise TemplateFailed("it is nested too deep") from error

    def is_true(self, source: str, values: Mapping[str, Any]) -> bool:
        """Say whether a template gives a word for yes: `true`, `yes`, `on` or a number that is not 0.

        Raises:
            TemplateFailed: as for `render`.
        """
        return self.render(source, values).strip().lower() in ("true", "yes", "on", "1")

    def _compile(self, source: str) -> Any:
        tree = _parse(self._environment, source)
        return self._environment.from_string(_bound(tree, self._environment))

    def uses(self, source: str) -> frozenset[str]:
        """Return the names that a checked template takes values from."""
        return names_used(source) if "{" in source else frozenset()


def _finalize(value: Any) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises, with the name that is missing
    return written(value)


_CHECKER: Final = _Environment(undefined=StrictUndefined, optimized=False)


def check_template(source: str) -> str:
    """Return a text when it is a template as rules may have it.

    Raises:
        TemplateRefused: it is none; the text says what is wrong.
    """
    if "{" in source or len(source) > LONGEST_SOURCE:
        _parse(_CHECKER, source)
    return source


@lru_cache(maxsize=4096)
def names_used(source: str) -> frozenset[str]:
    """Return the names that a checked template takes values from."""
    return frozenset(find_undeclared_variables(_parse(_CHECKER, source)))


def _parse(environment: _Environment, source: str) -> nodes.Template:
    if len(source) > LONGEST_SOURCE:
        raise TemplateRefused(f"expected a text of at most {LONGEST_SOURCE} characters")
    try:
        tree = environment.parse(source)
        _check(tree)
    except TemplateRefused:
        raise
    except TemplateSyntaxError as error:
        raise TemplateRefused(f"expected a template: {_first_line(error.message or 'it is broken')}") from error
    except RecursionError as error:
        raise TemplateRefused("expected a template that is not nested so deep") from error
    except ValueError as error:  # a number that Python itself does not read, it is so long
        raise TemplateRefused(f"expected a template: {_first_line(str(error))}") from error
    return tree


def _check(tree: nodes.Template) -> None:
    """Refuse what rules may not have; without recursion, so that no nesting can hurt."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        kind = type(node).__name__
        if kind not in _ALLOWED:
            raise TemplateRefused(f"expected values, filters, if, for and set, came {_WHAT_IT_IS.get(kind, kind)}")
        if depth > _DEEPEST:
            raise TemplateRefused("expected a template that is not nested so deep")
        _check_names(node)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _check_names(node: nodes.Node) -> None:
    names: Iterable[Any] = ()
    if isinstance(node, nodes.Name):
        names = (node.name,)
    elif isinstance(node, nodes.Getattr):
        names = (node.attr,)
    elif isinstance(node, nodes.Const):
        if isinstance(node.value, int) and node.value.bit_length() > _WIDEST_BITS:
            raise TemplateRefused("expected a smaller number")
    elif isinstance(node, nodes.Filter) and node.name not in (*FILTERS, "local", "duration"):
        known = ", ".join(sorted({*FILTERS, "local", "duration"}))
        raise TemplateRefused(f"unknown filter `{node.name}`; known: {known}")
    elif isinstance(node, nodes.Test) and node.name not in TESTS:
        raise TemplateRefused(f"unknown test `{node.name}`; known: {', '.join(TESTS)}")
    elif isinstance(node, nodes.For) and node.recursive:
        raise TemplateRefused("expected values, filters, if, for and set, came a recursive loop")
    for name in names:
        if name.startswith("_") or (isinstance(node, nodes.Name) and (name.endswith("_") or name == "self")):
            raise TemplateRefused(f"expected the name of a value, came `{name[:40]}`")


def _bound(tree: nodes.Template, environment: _Environment) -> nodes.Template:
    """Put the limits into a checked template: around what each loop runs over, and around each `~`."""
    for loop in list(tree.find_all(nodes.For)):
        budget = nodes.Name("budget_", "load", lineno=loop.lineno)
        loop.iter = nodes.Filter(loop.iter, "bounded_", [budget], [], None, None, lineno=loop.lineno)
    for concat in list(tree.find_all(nodes.Concat)):
        parts = nodes.List(concat.nodes, lineno=concat.lineno)
        concat.nodes = [nodes.Filter(parts, "joined_", [], [], None, None, lineno=concat.lineno)]
    return tree.set_environment(environment)  # type: ignore[return-value]  # what it returns is the tree itself


def _in_words(error: Exception) -> str:
    text = _first_line(str(error))
    return text if isinstance(error, TemplateError | ArithmeticError) else f"{type(error).__name__}: {text}"


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:200]
