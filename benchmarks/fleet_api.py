"""How long the list of 10,000 modems takes over REST: first page, filters and orders, beside SQLite and MariaDB.

A whole hub runs with a registry of that size, a third of it with other names, groups and sites; nothing else asks it.
The figure is the median of the requests, and the worst one beside it, with the client's own time in both.
"""

import asyncio
import contextlib
import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import aiohttp

from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import DATABASE, Database
from irzhub.bootstrap import Hub
from irzhub.config.load import load_settings
from irzhub.storage.accounts import TokenRow, add_token
from irzhub.storage.local import open_beside
from irzhub.storage.modems import ModemRow, save_modem

_TOKEN: Final = "benchmark-token"
_TRIES: Final = 25
_NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)
QUERIES: Final = {
    "first page of 100": "",
    "first page of 1,000": "limit=1000",
    "filter by state": "filter=state:offline",
    "filter by group, subtree": "filter=group:Region7",
    "search a word": "filter=boiler77",
    "search and state": "filter=boiler7+state:offline",
    "sort by name": "sort=name",
    "sort by port, from high to low": "sort=-port",
    "sort by what was last seen": "sort=-last_seen",
    "filter, sort, few fields": "filter=group:Region3&sort=name&fields=modem,name,state,port",
}


def fill(folder: Path, modems: int) -> None:
    """Write a registry of so many modems, and a token."""
    digest = hashlib.sha256(_TOKEN.encode()).hexdigest()
    with open_beside(folder) as connection:
        add_token(connection, TokenRow(id="0" * 26, name="benchmark", role="viewer", hash=digest, created_at=_NOW))
        for number in range(modems):
            imei = f"8684410{number:08d}"
            name, group = f"Boiler{number * 7919 % modems} house", f"Region{number % 20}/District{number % 300}"
            row = ModemRow(imei, imei, None, "irz", "127.0.0.1", 20000 + number, name, group, "", None, _NOW)
            save_modem(connection, row)


async def measure(folder: Path, url: str, modems: int) -> dict[str, tuple[float, float]]:
    """Return median and worst time of each query, in milliseconds."""
    overrides: dict[str, object] = {
        "hub.data_dir": str(folder),
        "relay.modems.port": 0,
        "relay.polling.open": "on_connect",
        "mqtt.broker": "external",
        "mqtt.port": 1,
        "web.port": 0,
        "database.url": url,
    }
    found = {}
    async with Hub(load_settings(folder, {}, overrides)) as hub, aiohttp.ClientSession() as http:
        await asyncio.sleep(5)  # the recorder writes all modems once
        for name, query in QUERIES.items():
            times = [await _ask(http, f"{hub.web.url}api/v1/modems?{query}") for _ in range(_TRIES)]
            found[name] = (median(times), max(times))
        assert len(hub.states) == modems
    return found


async def _ask(http: aiohttp.ClientSession, url: str) -> float:
    began = time.perf_counter()
    async with http.get(url, headers={"Authorization": f"Bearer {_TOKEN}"}) as reply:
        page: dict[str, Any] = await reply.json()
    assert reply.status == 200, page
    assert page["items"], url
    return (time.perf_counter() - began) * 1000


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a history database of a kind."""
    if kind == "sqlite":
        yield "sqlite:///history.db"
        return
    database = Database(folder / "server")
    with database.running():
        yield f"mysql://root@127.0.0.1:{database.port}/{DATABASE}"


def main() -> None:
    """Measure beside each database, write the report."""
    modems = sized("BENCH_MODEMS", 10_000, 1_000)
    machine, tables = describe_machine(), []
    data: dict[str, Any] = {"modems": modems}
    for kind in ("sqlite", "mariadb"):
        with (
            tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name,
            contextlib.ExitStack() as stack,
        ):
            folder = Path(name)
            fill(folder / "data", modems)
            found = asyncio.run(measure(folder / "data", stack.enter_context(database_of(kind, folder)), modems))
        shown = {what: f"{middle:.1f} ms, worst {worst:.1f} ms" for what, (middle, worst) in found.items()}
        tables.append(plain_table(f"GET /api/v1/modems, history in {kind}", shown))
        rest = [middle for what, (middle, _) in found.items() if not what.startswith("first page")]
        data[kind] = {"first_page_ms": found["first page of 100"][0], "filter_and_sort_ms": max(rest)}
    how = f"{modems:,} modems, {_TRIES} requests of each kind, one after the other."
    print(write_report("fleet_api", how, tables, data, machine))


if __name__ == "__main__":
    main()
