"""What the dispatcher page asks for in forms of its own."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from irzhub.web.models import Closed, Line, Told


class CompactFleet(Told):
    """All modems that the caller may see."""

    columns: list[str] = Field(description="names of the values of each row, as in the object of a modem")
    total: int = Field(description="how many rows there are; fewer come when a modem is deleted meanwhile")
    rows: list[list[Any]]


class PortTest(Told):
    """What became of a connection from the hub to a modem's own polling port."""

    address: str | None = Field(description="`host:port` for polling programs, as seen by the asker")
    listening: bool = Field(description="the hub could connect to it")
    took_ms: float | None = Field(description="how long connecting took")
    online: bool = Field(description="the modem is connected now")
    cause: str | None = Field(description="why it cannot be used, in words")


class ModemDoor(Told):
    """Where modems dial in."""

    host: str = Field(description="as this machine is seen by the asker; the modems may see it under another address")
    port: int | None = Field(description="null while it is not bound")
    local: bool = Field(description="only programs on the hub's own machine reach it")


class Practice(Told):
    """The practice fleet: simulated modems for a hub without modems of its own."""

    possible: bool = Field(description="it could be started: there are no modems of one's own")
    running: bool
    modems: int = Field(description="its modems that the hub knows")


class FirstSteps(Told):
    """What somebody needs to bring the first modem here."""

    modems: ModemDoor
    practice: Practice


class StartPractice(Closed):
    """How many modems the practice fleet has."""

    modems: Annotated[int, Field(ge=1, le=500)] = 60


Name = Annotated[Line, StringConstraints(min_length=1, max_length=60)]


class SavedView(Told):
    """A view of the page that somebody saved under a name."""

    name: str
    page: str = Field(description="which page it belongs to, such as `fleet`")
    query: str = Field(description="its filters, order and columns, as the page writes them in its address")


class SavedViews(Told):
    """One's own views in their order."""

    items: list[SavedView]


class OneView(Closed):
    """A view as it is saved."""

    name: Name
    page: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
    query: Annotated[str, StringConstraints(max_length=2000)]


class OwnViews(Closed):
    """All views of one's own, in their order: what is left out is removed."""

    items: Annotated[list[OneView], Field(max_length=50)]


class MapArea(Told):
    """From which zoom to which there are tiles, and of which area."""

    least_zoom: int
    most_zoom: int
    bounds: tuple[float, float, float, float] = Field(description="west, south, east, north in degrees")


class MapInfo(Told):
    """What the map is drawn on."""

    tiles: MapArea | None = Field(description="null: there is no map of streets, `web.map_tiles` is not set")
