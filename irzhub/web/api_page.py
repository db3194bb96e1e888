"""Writes docs/api.md from the routes, or says that it is behind: `python -m irzhub.web.api_page [--check] FILE`."""

import sys
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Final

from irzhub.web.permissions import ROUTES, Right
from irzhub.web.route import Route
from irzhub.web.routes import ALL_ROUTES
from irzhub.web.stream import SIGNED_OUT, SLOW

_PAGE: Final = Template("""\
# REST and the live stream

This page is made from the code by `make docs`. The full description is `/api/v1/openapi.json` (OpenAPI 3.1) and, for
topics and the stream, `/api/v1/asyncapi.json` (AsyncAPI 3.0); both are open.

```sh
irzhub token add scada --role operator          # prints the token, once
H="Authorization: Bearer $$TOKEN"; U=http://127.0.0.1:8080/api/v1
curl -H "$$H" "$$U/modems?filter=state:offline+group:North&sort=-last_seen&limit=50"
curl -H "$$H" "$$U/events?order=desc&modem=868441036775234&type=connected,disconnected"
curl -H "$$H" "$$U/events?group=North&since=2026-11-21T00:00:00Z&until=2026-11-22T00:00:00Z"
curl -H "$$H" "$$U/modems/868441036775234/series?names=rssi_dbm,rx_bytes&from=2026-11-01T00:00:00Z&points=200"
curl -H "$$H" -H 'Idempotency-Key: 7f2c' -d '{"path": "North/Boilers"}' -H 'Content-Type: application/json' "$$U/groups"
curl -H "$$H" -X PATCH -H 'If-Match: "1f6e..."' -H 'Content-Type: application/merge-patch+json' \\
     -d '{"relay": {"offline": "wake", "sharing": {"idle": "3s"}}}' "$$U/groups/North%2FBoilers"
curl -H "$$H" -d '{"imei": "868441036775299"}' -H 'Content-Type: application/json' "$$U/modems/868441036775234/replace"
curl -H "$$H" -o modem.pcapng "$$U/modems/868441036775234/traffic_record?format=pcapng"
```

- Lists: `{"items", "next", "total"?}`; pass `next` as `cursor`. A cursor survives rows that come and go.
- Edits are JSON Merge Patch (RFC 7396): what is left out stays, null empties. `ETag` with `If-Match` keeps two people
  from overwriting each other (412).
- A POST with `Idempotency-Key` may be sent again within 24 hours: it does nothing again and is answered the same
  (`Idempotency-Replayed: true`). With another body it is refused (409).
- Errors are RFC 9457 `application/problem+json` with `code` for programs, `errors` for wrong fields, and an `id` that
  the hub's log knows.
- A caller sees the modems of its organisations and groups only; all else is 404.

## The live stream

`/api/v1/ws?after_seq=N` is a WebSocket. Each message is an event as on MQTT; first what came behind `N`, then what
happens, without gap and without double. `modem`, `group` and `type` narrow it, `states=true` adds messages of type
`state`. `{"type": "subscribe", "modems": [...], "group": ..., "types": [...], "states": true}` changes that later.
With `gather=true` what happens within 0.1 s is one message, an array, with the last of the states of each modem.
A message to the hub has at most 64 KiB. Close code $slow means that the follower did not keep up, 1001 that the hub
stops: the reason names the `after_seq` to go on with. $signed_out means that the token or session is over, or
that the right to listen was taken away; whoever sees less than before hears less from then on.

## Operations

$operations
""")


def render_page() -> str:
    """Return the page as Markdown."""
    return _PAGE.substitute(slow=SLOW, signed_out=SIGNED_OUT, operations=_operations())


def main(arguments: list[str]) -> int:
    """Write the page to the file that is named last; with `--check` only compare. Return the exit status."""
    file = Path(arguments[-1])
    page = render_page()
    if "--check" not in arguments:
        file.write_text(page, encoding="utf-8")
        return 0
    if not file.exists() or file.read_text("utf-8") != page:
        sys.stderr.write(f"{file} is behind the code: run `make docs`\n")
        return 1
    return 0


def _operations() -> str:
    parts = []
    for tag, routes in groupby(
        sorted(ALL_ROUTES, key=lambda route: (route.tag, route.path)), key=lambda route: route.tag
    ):
        rows = [f"| `{route.method} {route.path}` | {route.summary} | {_right(route)} |" for route in routes]
        parts.append("\n".join([f"### {tag}", "", "| operation | what it does | right |", "|---|---|---|", *rows]))
    return "\n\n".join(parts)


def _right(route: Route) -> str:
    right = ROUTES[route.method, route.path]
    if right is Right.OPEN:
        return "open"
    return ", ".join(f"`{each.value}`" for each in dict.fromkeys((right, *route.field_rights.values())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
