"""The JSON of field work: meter checks, inputs that show nothing, the port terminal."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from irzhub.web.models import Closed, Level, Told


class MeterCheck(Closed):
    """One question to a meter on a modem's line."""

    protocol: Literal["modbus", "mercury", "iec62056", "hex"]
    address: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{0,32}$")] = Field(
        default="1", description="a number; of IEC 62056-21 a text, empty for whoever is there"
    )
    register_: Annotated[int, Field(ge=0, le=65535, alias="register", description="first Modbus register")] = 0
    count: Annotated[int, Field(ge=1, le=125, description="Modbus registers")] = 2
    hex: Annotated[str, StringConstraints(pattern=r"^([0-9A-Fa-f]{2} ?){1,256}$")] | None = Field(
        default=None, description="the question itself, for `hex`"
    )
    timeout_s: Annotated[float, Field(gt=0, le=20)] = 10

    @model_validator(mode="after")
    def _fits(self) -> "MeterCheck":
        if (self.protocol == "hex") != (self.hex is not None):
            raise ValueError("expected `hex` with the protocol hex, and only there")
        highest = {"modbus": 247, "mercury": 254}.get(self.protocol)
        is_number = self.address.isascii() and self.address.isdigit() and len(self.address) <= 3
        if highest is not None and not (is_number and int(self.address) <= highest):
            raise ValueError(f"expected an address from 0 to {highest}")
        return self


class MeterCheckResult(Told):
    """What the meter answered."""

    answered: bool
    question: str = Field(description="in hex")
    answer: str = Field(description="in hex, empty when there was none")
    serial: str | None = Field(description="serial number or name, where the answer tells it")
    registers: list[int] | None = Field(description="values of a Modbus answer")
    error: str | None = Field(description="what the meter complained of")
    took_s: float


class InputReason(Told):
    """Why an input shows no live level, and what would mend it."""

    pin: int
    level: Level | None = Field(description="the last one known")
    reason: Literal["offline", "no_encapsulation", "pin_is_output", "not_asked", "sending_not_set"]
    mend: list[str] = Field(description="lines for the modem's settings, to be sent as a settings job")


class InputReasons(Told):
    """Inputs that show no live level; all others do."""

    items: list[InputReason]
    next: None = None


class TerminalQuery(Closed):
    """How a terminal is opened."""

    model_config = ConfigDict(extra="forbid", strict=False)

    take_over: bool = Field(default=False, description="disconnect the programs that are there")
