"""The dispatcher page before 10,000 modems with 200 changes a second, by the browser's own counters.

A whole hub, four modems in five online and changing inputs, and Chromium without a window and without a graphics card,
1440x900: every pixel is drawn by the processor, on the same machine as hub and modems. So frames a second say least;
what a frame costs the page's thread and all of the browser says how far a desk with a graphics card is from its limit.
"""

import asyncio
import contextlib
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from playwright.async_api import CDPSession, Page

from benchmarks.children import PYTHON, Child, child, cpu_seconds, family
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import HubRig, ask
from irzhub.simulator.fleet import raise_descriptor_limit
from irzhub.storage.local import open_beside
from irzhub.storage.modems import load_modems, save_modem
from tests.page.browser import PASSWORD, chromium, visitor
from tests.page.build import build_page

CHANGES_A_SECOND: Final = 200
ROWS: Final = "[role=grid] .body > .tr"
_TYPED: Final = "meter 77"
_TYPED_EVERY_MS: Final = 250
_SCROLL_S: Final = 5.0
_STREETS: Final = 40
_DISTRICTS: Final = 8
_ONLINE: Final = 0.8
"""Share of the modems that are online: the others lie in the table as lost, and 20,000 open files are enough."""
_TEN_SECONDS_PX: Final = 32 * 4000
_SCROLL: Final = """async ([seconds, speed]) => {
  const box = document.querySelector('[role=grid]')
  const times = []
  await new Promise((done) => {
    let began = 0, last = 0, way = 1
    const step = (now) => {
      if (!began) began = last = now
      const most = box.scrollHeight - box.clientHeight
      if (box.scrollTop >= most - 1) way = -1
      box.scrollTop += way * speed * (now - last) / 1000
      times.push(now - last)
      last = now
      if (now - began < seconds * 1000) requestAnimationFrame(step)
      else done()
    }
    requestAnimationFrame(step)
  })
  return times.slice(1)
}"""
_WATCH_TYPING: Final = """() => {
  window.typed = []
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (['keydown', 'input'].includes(each.name)) window.typed.push(each.duration)
  }).observe({ type: 'event', durationThreshold: 16 })
}"""


@dataclass(frozen=True)
class Counters:
    """What the browser has used so far: processor time of the page's thread by its own count, and of all processes."""

    script_s: float
    style_s: float
    layout_s: float
    task_s: float
    heap_bytes: float
    nodes: float
    cpu_s: float


@dataclass
class Watched:
    """A page with the browser's counters."""

    page: Page
    cdp: CDPSession

    async def counters(self) -> Counters:
        """Read all counters."""
        answer = await self.cdp.send("Performance.getMetrics")
        found = {each["name"]: each["value"] for each in answer["metrics"]}
        return Counters(
            script_s=found["ScriptDuration"],
            style_s=found["RecalcStyleDuration"],
            layout_s=found["LayoutDuration"],
            task_s=found["TaskDuration"],
            heap_bytes=found["JSHeapUsedSize"],
            nodes=found["Nodes"],
            cpu_s=browser_cpu_s(),
        )

    async def heap_mb(self) -> float:
        """Return what the page's objects take once the garbage is gone."""
        await self.cdp.send("HeapProfiler.collectGarbage")
        return (await self.counters()).heap_bytes / 1e6


def browser_cpu_s() -> float:
    """Return the processor time of all processes of the browser that this one runs."""
    total = 0.0
    for pid in family(os.getpid()):
        with contextlib.suppress(OSError):
            if "chrom" in Path(f"/proc/{pid}/comm").read_text():
                total += cpu_seconds(pid)
    return total


async def scroll(watched: Watched, speed: int) -> dict[str, float]:
    """Scroll with so many pixels a second; return frames a second, and what one of them cost."""
    before = await watched.counters()
    times: list[float] = await watched.page.evaluate(_SCROLL, [_SCROLL_S, speed])
    after = await watched.counters()
    frames = len(times)
    times.sort()
    return {
        "fps": frames * 1000 / sum(times),
        "frame_p99_ms": times[int(frames * 0.99)],
        "thread_ms": (after.task_s - before.task_s) * 1000 / frames,
        "script_ms": (after.script_s - before.script_s) * 1000 / frames,
        "style_ms": (after.style_s - before.style_s) * 1000 / frames,
        "layout_ms": (after.layout_s - before.layout_s) * 1000 / frames,
        "cpu_ms": (after.cpu_s - before.cpu_s) * 1000 / frames,
    }


async def type_a_filter(watched: Watched) -> float:
    """Type into the search, letter by letter; return the worst time from a key to the frame that shows its rows."""
    page = watched.page
    await page.evaluate(_WATCH_TYPING)
    await page.focus(".search input")
    for letter in _TYPED:
        await page.keyboard.press(letter if letter != " " else "Space")
        await page.wait_for_timeout(_TYPED_EVERY_MS)
    durations: list[float] = await page.evaluate("window.typed")
    await page.fill(".search input", "")
    await page.wait_for_timeout(_TYPED_EVERY_MS)
    # What took less than the browser's least, 16 ms, is not told.
    return max(durations, default=16.0)


async def watch_quietly(watched: Watched, seconds: float) -> dict[str, float]:
    """Look at the live table and touch nothing; return its share of a processor and how its memory grew."""
    heap, before = await watched.heap_mb(), await watched.counters()
    await watched.page.wait_for_timeout(seconds * 1000)
    after = await watched.counters()
    return {
        "heap_mb": heap,
        "heap_growth_mb": await watched.heap_mb() - heap,
        "thread_percent": (after.task_s - before.task_s) / seconds * 100,
        "cpu_percent": (after.cpu_s - before.cpu_s) / seconds * 100,
        "nodes": after.nodes,
    }


@asynccontextmanager
async def signed_in(root: str) -> AsyncIterator[tuple[Watched, float]]:
    """Yield a page that shows the fleet, and the milliseconds from the sign-in to its first rows."""
    async with chromium() as browser, visitor(browser, root, language="en") as someone:
        await someone.open("/")
        await someone.page.fill("input[name=name]", "admin")
        await someone.page.fill("input[name=password]", PASSWORD)
        await someone.page.evaluate(
            """rows => {
              const begin = () => { window.began = performance.now() }
              document.addEventListener('click', begin, { capture: true, once: true })
              new MutationObserver((_, self) => {
                if (!document.querySelector(rows)) return
                self.disconnect()
                requestAnimationFrame(() => setTimeout(() => { window.first = performance.now() - window.began }))
              }).observe(document.body, { childList: true, subtree: true })
            }""",
            ROWS,
        )
        await someone.page.click("form button.p")
        # The page forbids what Playwright would wait with: it makes functions of texts.
        while (first_ms := await someone.page.evaluate("window.first")) is None:
            await asyncio.sleep(0.1)
        cdp = await someone.page.context.new_cdp_session(someone.page)
        await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield Watched(someone.page, cdp), first_ms


async def measure(root: str, quiet_s: float) -> dict[str, float]:
    """Sign in, look, type and scroll."""
    async with signed_in(root) as (watched, first_ms):
        found = {"first_table_ms": first_ms}
        await watched.page.wait_for_timeout(2000)
        found |= await watch_quietly(watched, quiet_s)
        found["typing_ms"] = await type_a_filter(watched)
        for name, speed in (("slow", 800), ("fast", _TEN_SECONDS_PX // 10)):
            found |= {f"{name}_{key}": value for key, value in (await scroll(watched, speed)).items()}
    return found


def _rows(found: dict[str, float]) -> dict[str, str]:
    shown = {
        "from the sign-in to the first table, ms": f"{found['first_table_ms']:.0f}",
        "typing: from a key to its frame, worst, ms": f"{found['typing_ms']:.0f}",
        "live and untouched: the page's thread, % of a processor": f"{found['thread_percent']:.1f}",
        "live and untouched: all of the browser, % of a processor": f"{found['cpu_percent']:.1f}",
        "memory of the page's objects, MB, and its growth": f"{found['heap_mb']:.1f}, {found['heap_growth_mb']:+.2f}",
        "elements and texts in the page": f"{found['nodes']:.0f}",
    }
    for name, speed in (("slow", "800"), ("fast", "12,800")):
        part = {key.removeprefix(f"{name}_"): value for key, value in found.items() if key.startswith(f"{name}_")}
        shown[f"scrolling {speed} px/s: frames a second, p99 of a frame in ms"] = (
            f"{part['fps']:.0f}, {part['frame_p99_ms']:.0f}"
        )
        shown[f"scrolling {speed} px/s: ms of a frame on the page's thread (script, style, layout)"] = (
            f"{part['thread_ms']:.1f} ({part['script_ms']:.1f}, {part['style_ms']:.1f}, {part['layout_ms']:.1f})"
        )
        shown[f"scrolling {speed} px/s: ms of a frame in all of the browser"] = f"{part['cpu_ms']:.1f}"
    return shown


def know(rig: HubRig) -> None:
    """Write the modems with names and groups, and an administrator."""
    rig.know()
    with open_beside(rig.folder / "data") as connection:
        for number, row in enumerate(load_modems(connection)):
            group = f"District {number % _DISTRICTS}/Street {number % _STREETS}"
            save_modem(connection, replace(row, group=group))
    command = [PYTHON, "-m", "irzhub", "user", "add", "admin", "--role", "admin", "--password-stdin"]
    subprocess.run([*command, "--config", str(rig.folder)], input=f"{PASSWORD}\n", text=True, check=True)


@contextmanager
def living_fleet(folder: Path, modems: int) -> Iterator[tuple[str, Child]]:
    """Run a hub with its modems online; yield the address of its page, and the far side to be told of changes."""
    rig = HubRig(folder, modems)
    know(rig)
    with rig.run(), child([PYTHON, "-m", "benchmarks.echo_side"], folder / "far.log", talks=True) as far:
        rig.wait_up("relay", "web")
        far.hear()
        _ = ask(far, **{"dial": int(modems * _ONLINE), "from": 0, "encapsulated": True, "port": rig.modem_port})
        yield f"http://127.0.0.1:{rig.web_port}", far


def main() -> None:
    """Measure and write the report."""
    build_page()
    modems = sized("BENCH_MODEMS", 10_000, 300)
    quiet_s = 60.0 * sized("BENCH_PAGE_MINUTES", 1, 0) or 5.0
    machine = describe_machine()
    raise_descriptor_limit(modems + 256)
    with (
        tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name,
        living_fleet(Path(name), modems) as (root, far),
    ):
        ask(far, tell=True)
        far.tell(changes=int(CHANGES_A_SECOND * (quiet_s + 60)), a_second=CHANGES_A_SECOND)
        found = asyncio.run(measure(root, quiet_s))
    table = plain_table(f"{modems:,} modems, {CHANGES_A_SECOND} changes a second", _rows(found))
    print(write_report("page", (__doc__ or "").strip(), [table], {"modems": modems, "values": found}, machine))


if __name__ == "__main__":
    main()
