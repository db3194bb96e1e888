"""Every operation of the OpenAPI document, asked all kinds of things: no server error, every answer fits its schema.

The hub is a real one in a process of its own, with simulated modems and a token of each kind of right. What would
end the run (its own token, its own session) is left out by name, with the reason beside it.
"""

import asyncio
import os
import subprocess
import sys
import time
from typing import Any, Final

import hypothesis
import schemathesis
from hypothesis import HealthCheck
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.hub_process import HubProcess

BUDGET_S: Final = 100.0
"""For all operations together; each has its share, so that none is left out on a slow machine."""
EXAMPLES: Final = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "3"))
MODEMS: Final = 20
IMEI_BASE: Final = "868441036770000"
LEFT_OUT: Final = {
    "follow": "it answers 101 and becomes a socket; tests/web/routes/test_stream.py",
    "open_terminal": "it answers 101 and becomes a socket; tests/web/routes/test_field_work.py",
}
CHECKS: Final = [status_code_conformance, content_type_conformance, response_schema_conformance]


async def test_every_operation_answers_what_it_says(hub: HubProcess) -> None:
    made = await asyncio.to_thread(hub.command, "token", "add", "schemathesis", "--role", "admin")
    fleet = ["simulate", "--modems", str(MODEMS), "--port", str(hub.modem_port), "--imei-base", IMEI_BASE]
    simulated = subprocess.Popen(
        [sys.executable, "-m", "irzhub", *fleet],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            while len(await hub.modems()) < MODEMS:
                await asyncio.sleep(0.2)
        url = f"http://127.0.0.1:{hub.web_port}"
        faults, asked = await asyncio.to_thread(_try_all, url, made.stdout.split()[-1])
    finally:
        simulated.terminate()
        simulated.wait(20)

    assert not faults, "\n\n".join(faults)
    assert asked


def _try_all(url: str, token: str) -> tuple[list[str], set[str]]:
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    named = {operation.definition.raw["operationId"]: operation for operation in operations}
    assert len(named) == len(operations)
    faults: list[str] = []
    began = time.monotonic()
    for number, (name, operation) in enumerate(sorted(named.items()), 1):
        if name in LEFT_OUT:
            continue
        share_s = max(0.2, (BUDGET_S * number / len(named)) - (time.monotonic() - began))
        if fault := _try_one(operation, token, share_s):
            faults.append(f"{name}: {fault}")
    return faults, set(named) - LEFT_OUT.keys()


def _try_one(operation: Any, token: str, share_s: float) -> str:
    """Ask one operation; return what was wrong, or an empty text."""
    give_up_at = time.monotonic() + share_s

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if time.monotonic() > give_up_at and asked:
            return
        asked.append(1)
        if len(asked) % 2 and case.path_parameters:  # what exists is asked for as often as what does not
            known = {"modem": f"{int(IMEI_BASE) + len(asked) % MODEMS}", "group": "Север"}
            case.path_parameters.update({name: known[name] for name in known.keys() & case.path_parameters.keys()})
        response = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert response.status_code < 500, f"{response.status_code}: {response.text[:300]}"
        case.validate_response(response, checks=CHECKS)

    asked: list[int] = []
    try:
        ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:1500]
    except BaseExceptionGroup as group:
        return "; ".join(str(each)[:700] for each in group.exceptions)
    return ""
