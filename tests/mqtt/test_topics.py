"""Topics: built and read in one place, and nothing hostile gets into one."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import irzhub
from irzhub.core.exceptions import ConfigError
from irzhub.mqtt.topics import Topic, Topics, is_modem_id, pin_name

TOPICS = Topics("irzhub")
IMEI = "868441036775234"
HOSTILE = [
    "+",
    "#",
    "a/b",
    "..",
    "../x",
    "a\x00",
    "a\n",
    "",
    "x" * 33,
    "$SYS",
    "８６８４４１０３６７７５２３４",
    "é",
    "1_1",
    f"{IMEI}_6",
]


@pytest.mark.parametrize("modem", [IMEI, "8" * 14, "8" * 17, f"{IMEI}_2", f"{IMEI}_5", "Pump-17", "a", "x" * 32])
def test_these_are_modem_ids(modem: str) -> None:
    assert is_modem_id(modem)
    assert TOPICS.parse(TOPICS.state(modem)) == Topic("state", modem)


@pytest.mark.parametrize("modem", HOSTILE)
def test_these_reach_no_topic(modem: str) -> None:
    assert not is_modem_id(modem)
    with pytest.raises(ValueError, match="expected a modem id"):
        TOPICS.state(modem)
    assert TOPICS.parse(f"irzhub/modem/{modem}/state") is None


@pytest.mark.parametrize(
    ("topic", "meaning"),
    [
        ("irzhub/bridge/state", Topic("bridge_state")),
        ("irzhub/bridge/info", Topic("bridge_info")),
        ("irzhub/bridge/event", Topic("bridge_event")),
        ("irzhub/bridge/request/events", Topic("request", verb="events")),
        ("irzhub/notify/scada", Topic("notice", verb="scada")),
        (TOPICS.alert(1742), Topic("alert", verb="1742")),
        ("irzhub/bridge/response/events", Topic("request_response", verb="events")),
        (f"irzhub/modem/{IMEI}/availability", Topic("availability", IMEI)),
        (f"irzhub/modem/{IMEI}/state", Topic("state", IMEI)),
        (f"irzhub/modem/{IMEI}/event", Topic("event", IMEI)),
        (f"irzhub/modem/{IMEI}/command", Topic("command", IMEI)),
        (f"irzhub/modem/{IMEI}/response", Topic("command_response", IMEI)),
        (f"irzhub/modem/{IMEI}/gpi/3", Topic("gpi", IMEI, 3)),
        (f"irzhub/modem/{IMEI}/gpo/5", Topic("gpo", IMEI, 5)),
        (f"irzhub/modem/{IMEI}/gpo/5/set", Topic("set_output", IMEI, 5)),
    ],
)
def test_a_topic_is_read_as_it_was_built(topic: str, meaning: Topic) -> None:
    assert TOPICS.parse(topic) == meaning


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "irzhub",
        "other/bridge/state",
        "irzhub/bridge/",
        "irzhub/bridge/request/",
        "irzhub/bridge/request/Events",
        "irzhub/bridge/request/a/b",
        "irzhub/bridge/state/x",
        "irzhub/alert/",
        "irzhub/alert/0",
        "irzhub/alert/17/x",
        f"irzhub/modem/{IMEI}",
        f"irzhub/modem/{IMEI}/",
        f"irzhub/modem/{IMEI}/gpi/0",
        f"irzhub/modem/{IMEI}/gpi/10",
        f"irzhub/modem/{IMEI}/gpi/٣",
        f"irzhub/modem/{IMEI}/gpi/3/set",
        f"irzhub/modem/{IMEI}/gpo/3/set/x",
        f"irzhub/modem/{IMEI}/other",
    ],
)
def test_what_is_not_ours_means_nothing(topic: str) -> None:
    assert TOPICS.parse(topic) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert TOPICS.parse(text) is None
    found = TOPICS.parse(f"irzhub/modem/{text}/state")
    assert found is None or is_modem_id(text)


def test_words_that_are_no_verb_or_pin_are_refused() -> None:
    for verb in ("", "Info", "a/b", "+", "x" * 33):
        with pytest.raises(ValueError, match="verb"):
            TOPICS.request_response(verb)
    for pin in (0, 10, -1):
        with pytest.raises(ValueError, match="pin"):
            pin_name("gpi", pin)


@pytest.mark.parametrize("base", ["irzhub", "a", "site/north", "Котельные", "x" * 128])
def test_these_bases_are_taken(base: str) -> None:
    Topics(base).check()
    assert Topics(base).parse(f"{base}/bridge/state") == Topic("bridge_state")


@pytest.mark.parametrize("base", ["", "+", "a/#", "/a", "a/", "$SYS", "a\x00", "x" * 129])
def test_these_bases_are_refused(base: str) -> None:
    with pytest.raises(ConfigError, match=r"mqtt\.base_topic"):
        Topics(base).check()


@pytest.mark.parametrize("topic", ["me/7", "answers", f"irzhub/modem/{IMEI}/response", "irzhub/bridge/response/info"])
def test_an_answer_may_go_here(topic: str) -> None:
    assert TOPICS.may_answer_to(topic)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "#",
        "a/+",
        "$SYS/x",
        "a\x00",
        "a\n",
        "x" * 513,
        "irzhub/bridge/state",
        f"irzhub/modem/{IMEI}/gpi/1",
        "\ud800",
    ],
)
def test_an_answer_may_not_go_here(topic: str) -> None:
    assert not TOPICS.may_answer_to(topic)


@pytest.mark.parametrize(
    ("to", "topic"),
    [
        ("scada", "irzhub/notify/scada"),
        ("irzhub", "irzhub/notify/irzhub"),
        ("plant/alarms", "plant/alarms"),
        ("irzhub2/alarms", "irzhub2/alarms"),
        ("irzhub/bridge/state", None),
        (f"irzhub/modem/{IMEI}/response", None),
        (f"irzhub/modem/{IMEI}/gpo/1/set", None),
        ("plant/+", None),
        ("$SYS/x", None),
        ("a\n/b", None),
        ("дежурный", None),
        ("", None),
    ],
)
def test_where_messages_of_rules_go(to: str, topic: str | None) -> None:
    assert TOPICS.notice(to) == topic


def test_topics_are_spelled_in_one_file_only() -> None:
    """A literal such as `bridge/state` or `gpi/` anywhere else would be a second truth."""
    words = ("bridge/", "modem/", "gpi/", "gpo/", "/availability", "/command", "/response")
    found: list[str] = []
    for path in sorted(Path(irzhub.__file__).parent.joinpath("mqtt").glob("*.py")):
        if path.name in ("topics.py", "document.py"):
            continue
        tree = ast.parse(path.read_text())
        comments = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments:
                found += [f"{path.name}: {node.value!r}" for word in words if word in node.value]
    assert found == []


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)
