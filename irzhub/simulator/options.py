"""What kind of modem a simulated modem is."""

from dataclasses import dataclass, field
from typing import Final

Span = tuple[float, float]
"""Seconds from and to; chance picks between them."""

LBS_SAMPLE: Final = (
    '0,"250,01,00dd,3860,29,21";1,"250,01,00dd,3863,27,17";2,"250,01,00dd,3861,30,15";'
    '3,",,0000,0000,00,00";4,",,0000,0000,00,00";5,",,0000,0000,00,00";6,",,0000,0000,00,00";'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemOptions:
    """The traits of one modem; the defaults are those of the vendor's emulator (docs/protocol.md 1).

    Args:
        encapsulated: COLPROT in the hello, data in frames, commands understood.
        channel: the hello's CHN, absent when None. extra: more keys of the hello, such as `TIM=CALL`.
        password: the hello's PSW, absent when None. service_password: what MOD=SET and MOD=FRM must give.
        hello_end: bytes behind the hello's last comma; a real ATM21 was seen with none.
        hello_pieces: into how many segments the hello is cut.
        keepalive_s: silence after which a heartbeat goes out; None: never. keepalive_pieces: its segments.
        reconnect_s: pause before dialling again; None: it never does.
        reboot_s: pause before dialling after settings or firmware were taken; a real modem needs about a minute.
        resumes_firmware: an interrupted firmware upload goes on behind the last page it has.
        command_delay_s: how long a command waits for its answer. ussd: what the network says to any code.
        unanswered_s: an encapsulated modem whose hello nobody answers closes after this time.
        outputs: pins that are outputs. pin_count: 4, or 5 with AUX. length_quirk: until the first change,
            five pin bytes are declared as four (docs/protocol.md 1.7).
        reports: a change of an input is told unasked. data_size: meter bytes in one frame at the most.
        silent_commands: commands such as 0x05 that get no answer.
        sleeps: it dials only when something wakes it. wakes_on: what does: `call`, `sms`.
        wake_s: from the call or SMS to the dial. awake_s: it sleeps again when nobody asked its meter for so long;
            None: never by itself. call_toggles: a call to one that is awake sends it to sleep.
        tells_cause: the hello says what woke it, as older models do. sms_password: the first word of control SMS.
    """

    encapsulated: bool = True
    channel: int | None = None
    password: str | None = "5492"  # noqa: S105 - the vendor's default
    service_password: str = "5492"  # noqa: S105
    model: str = "ATM31"
    build: str = "016.353"
    sim: int = 0
    csq: int = 21
    temperature_c: int = 25
    iccid: str = "897019932724195983F"
    lbs: str = LBS_SAMPLE
    interface: str = "485+232"
    extra: str = ""
    hello_end: bytes = b"\n"
    hello_pieces: int = 1
    keepalive_s: float | None = 60.0
    keepalive_pieces: int = 1
    reconnect_s: Span | None = (5.0, 10.0)
    reboot_s: Span = (5.0, 10.0)
    resumes_firmware: bool = False
    command_delay_s: Span = (0.05, 0.3)
    ussd: str = "Balance 120.50 RUB"
    unanswered_s: float = 60.0
    outputs: frozenset[int] = frozenset({4})
    pin_count: int = 4
    length_quirk: bool = False
    reports: bool = True
    data_size: int = 1180
    silent_commands: frozenset[int] = field(default_factory=frozenset)
    sleeps: bool = False
    wakes_on: frozenset[str] = frozenset({"call", "sms"})
    wake_s: Span = (0.0, 0.0)
    awake_s: float | None = None
    call_toggles: bool = False
    tells_cause: bool = False
    sms_password: str = "5492"  # noqa: S105


def build_hello(imei: str, options: ModemOptions) -> bytes:
    """Return the hello in the emulator's order of keys (docs/protocol.md 1.2)."""
    keys = [f"AT$IMEI={imei}"]
    if options.password is not None:
        keys.append(f"PSW={options.password}")
    keys += ["TYP=ATM", f"DEV={options.model}", "VER=01", "REV=03", f"BLD={options.build}", "HDW=2.0"]
    keys += [f"SIM={options.sim}", f"CSQ={options.csq}"]
    if options.encapsulated:
        keys.append("COLPROT=1.3")
    keys += ["ATP=1.1", f"INT={options.interface}"]
    if options.channel is not None:
        keys.append(f"CHN={options.channel}")
    if options.extra:
        keys.append(options.extra)
    return ",".join(keys).encode() + b"," + options.hello_end
