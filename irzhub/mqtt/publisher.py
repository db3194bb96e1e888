"""Puts modems and events onto one connection, in the order that docs/contract.md 2 promises."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from irzhub.core.clock import Clock
from irzhub.core.events import Event, ModemRegistered
from irzhub.core.state import Levels, ModemState, StateStore
from irzhub.mqtt.feed import EventFeed
from irzhub.mqtt.ledger import TopicLedger
from irzhub.mqtt.outbox import StateOutbox
from irzhub.mqtt.payloads import CLEARED, encode_availability, encode_event, encode_level, encode_state
from irzhub.mqtt.session import MqttSession
from irzhub.mqtt.topics import AVAILABILITY, STATE, Topics, is_modem_id, pin_name
from irzhub.mqtt.wire import Message

_REGISTRATION_S: Final = 0.3
_LOOK_S: Final = 0.01
Due = Sequence[tuple[str, bool]]
_PINS: Final[tuple[Literal["gpi", "gpo"], ...]] = ("gpi", "gpo")


def turned_pins(state: ModemState) -> set[str]:
    """Return the topic names that pins of a modem had if they were of the other direction before."""
    return {pin_name("gpo", pin) for pin in state.gpi} | {pin_name("gpi", pin) for pin in state.gpo}


def retained_payloads(state: ModemState) -> dict[str, bytes]:
    """Return all retained payloads of a modem by topic name, in the order of publishing, `state` left to the caller.

    A pin of unknown level has no topic.
    """
    payloads = {AVAILABILITY: encode_availability(state)}
    for kind in _PINS:
        levels: Levels = getattr(state, kind)
        payloads |= {pin_name(kind, pin): encode_level(level) for pin, level in levels.items() if level is not None}
    return payloads


class Publisher:
    """Publishes what outbox and feed hand out; remembers what this connection has been given.

    The state of a modem goes out before its event, new topics are in the ledger before they are on the
    wire, and topics that a modem has no more are cleared.
    """

    def __init__(
        self,
        topics: Topics,
        states: StateStore,
        ledger: TopicLedger,
        outbox: StateOutbox,
        feed: EventFeed,
        clock: Clock,
    ) -> None:
        self._topics = topics
        self._states = states
        self._ledger = ledger
        self._outbox = outbox
        self._feed = feed
        self._clock = clock
        self._sent: dict[str, dict[str, bytes]] = {}
        self._clearing: set[str] = set()
        self._cleared: dict[str, str] = {}

    def begin(self) -> None:
        """Start a new connection: the broker may have forgotten everything, so everything is due."""
        self._sent.clear()
        self._clearing.clear()
        self._outbox.note_all(self._states)

    def note_missing(self) -> None:
        """Plan the clearing of modems that were deleted while nobody could tell the broker.

        Only once the whole fleet is known: before, every modem would be missing.
        """
        for modem in tuple(self._ledger.modems()):
            if modem not in self._states:
                self._outbox.note_gone(modem)

    async def publish_due(self, session: MqttSession, limit: int) -> int:
        """Publish the modems that are due, at most `limit`; return how many there were."""
        due = self._outbox.take(self._clock.monotonic(), limit)
        await self._publish_modems(session, due)
        return len(due)

    async def publish_events(self, session: MqttSession, limit: int) -> int:
        """Publish the next events, each after its modem's state; return how many there were."""
        events = await self._feed.take(limit)
        await self._await_online([event.modem for event in events if isinstance(event, ModemRegistered)])
        for event in events:
            if event.modem is not None:
                await self._publish_modems(
                    session, self._outbox.take_before_event(event.modem, self._clock.monotonic())
                )
            message = Message(self._event_topic(event), encode_event(event))
            await session.publish(message, partial(self._feed.acknowledge, event.seq))
        return len(events)

    async def _await_online(self, registered: Sequence[str | None]) -> None:
        """Wait until modems that dialled in for the first time have their sessions, milliseconds later.

        So a new modem's state and availability go out once, online, before both events (docs/contract.md 2). It is
        not waited for long: newcomers that hang up at once must not hold up what others tell. What is told again
        after an outage is no newcomer any more.
        """
        until = self._clock.monotonic() + _REGISTRATION_S
        while (now := self._clock.monotonic()) < until:
            if not any(modem is not None and self._outbox.is_held(modem, now) for modem in registered):
                return
            await asyncio.sleep(_LOOK_S)

    async def clear_strays(self, session: MqttSession) -> None:
        """Clear what was published under another base topic."""
        for topic, modem in self._ledger.strays.items():
            await session.publish(Message(topic, CLEARED, retain=True), partial(self._note_cleared, topic, modem))

    async def forget_cleared(self) -> None:
        """Take the topics off the ledger whose clearing was acknowledged, unless they are in use again."""
        if self._cleared:
            cleared, self._cleared = self._cleared, {}
            await self._ledger.forget(
                {topic: modem for topic, modem in cleared.items() if topic not in self._used(modem)}
            )

    async def _publish_modems(self, session: MqttSession, due: Due) -> None:
        wanted = [(modem, self._payloads(modem, with_state=with_state)) for modem, with_state in due]
        await self._ledger.note((modem, payloads.keys()) for modem, payloads in wanted if payloads)
        for modem, payloads in wanted:
            sent = self._sent.setdefault(modem, {})
            for name, payload in payloads.items():
                if name == STATE or sent.get(name) != payload:
                    topic = self._topics.of_modem(modem, name)
                    self._clearing.discard(topic)
                    sent[name] = CLEARED if name == STATE else payload  # a state is never compared: not kept
                    await session.publish(Message(topic, payload, retain=True))
            await self._clear_stale(session, modem, is_gone=not payloads)

    async def _clear_stale(self, session: MqttSession, modem: str, *, is_gone: bool) -> None:
        """Clear what was published for a modem and is no more (rule 4).

        A pin whose level is not known keeps its topic: only one that has turned around loses it.
        """
        noted = self._ledger.names(modem)
        for name in noted if is_gone else noted & turned_pins(self._states.get(modem)):
            self._sent[modem].pop(name, None)
            topic = self._topics.of_modem(modem, name)
            if topic not in self._clearing:
                self._clearing.add(topic)
                await session.publish(Message(topic, CLEARED, retain=True), partial(self._note_cleared, topic, modem))
        if is_gone:
            self._sent.pop(modem, None)

    def _payloads(self, modem: str, *, with_state: bool) -> dict[str, bytes]:
        """Return what a modem's retained topics hold now; nothing for one that is gone or quarantined."""
        if modem not in self._states or not is_modem_id(modem):
            return {}
        state = self._states.get(modem)
        if state.link == "quarantined":
            return {}
        first = {STATE: encode_state(state)} if with_state else {}
        return first | retained_payloads(state)

    def _event_topic(self, event: Event) -> str:
        """Return the topic of an event: the hub's own for a modem that has no topics."""
        modem = event.modem
        if modem is None or not is_modem_id(modem):
            return self._topics.bridge_event
        is_quarantined = modem in self._states and self._states.get(modem).link == "quarantined"
        return self._topics.event(None if is_quarantined else modem)

    def _note_cleared(self, topic: str, modem: str) -> None:
        self._cleared[topic] = modem

    def _used(self, modem: str) -> set[str]:
        return {self._topics.of_modem(modem, name) for name in self._sent.get(modem, ())}
