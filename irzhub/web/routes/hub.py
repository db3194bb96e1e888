"""`/api/v1/hub` and `/api/v1/hub_settings`: what runs here, how its parts are, and the settings that it has."""

import asyncio
import os
import platform
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from irzhub.config.environment import VARIABLE
from irzhub.config.shown import ShownKey, shown_keys
from irzhub.config.tree import Place
from irzhub.const import VERSION
from irzhub.core.clock import format_time
from irzhub.core.exceptions import ConfigError
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.libraries import libraries
from irzhub.web.models_hub import HubInfo, HubKeys
from irzhub.web.problem import Problem
from irzhub.web.readiness import readiness
from irzhub.web.reading import json_response
from irzhub.web.route import Answer, Route
from irzhub.web.said import said_json


async def get_hub(request: web.Request) -> web.Response:
    """Answer what runs here, and how each part is."""
    _check_whole(request)
    context = context_of(request)
    found = await asyncio.to_thread(libraries)
    return json_response(
        {
            "id": context.settings.hub.id,
            "version": VERSION,
            "state": readiness(context.health),
            "started_at": format_time(context.started_at),
            "time_zone": context.settings.hub.time_zone,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()}",
            "parts": [
                {
                    "part": part.part,
                    "state": part.state,
                    "detail": part.detail,
                    "detail_said": said_json(part.detail),
                }
                for part in sorted(context.health, key=lambda part: part.part)
            ],
            "libraries": [asdict(each) for each in found],
        }
    )


async def get_hub_settings(request: web.Request) -> web.Response:
    """Answer every key of the configuration with what is written for it now."""
    _check_whole(request)
    try:
        keys = await asyncio.to_thread(shown_keys, context_of(request).settings.config_dir, os.environ)
    except ConfigError as error:
        raise Problem(503, "not_available", " ".join(str(error).split())) from None
    return json_response({"items": [_key_json(key) for key in keys], "next": None})


def _check_whole(request: web.Request) -> None:
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "the hub itself is for who sees the whole of it")


def _key_json(key: ShownKey) -> dict[str, Any]:
    return {
        "key": key.name,
        "is_section": key.facts.is_section,
        "is_secret": key.is_secret,
        "english": key.facts.about.english,
        "russian": key.facts.about.russian,
        "expected": key.facts.expected,
        "value": key.value,
        "usual": None if key.facts.is_section or key.is_secret else key.facts.default,
        "is_set": key.is_set,
        "written": None if key.written is None else _place_json(key.written),
        "applies": "at_once" if key.is_taken_on_at_once else "at_start",
    }


def _place_json(place: Place) -> dict[str, Any]:
    variable = place.source.removeprefix(VARIABLE)
    return {"source": variable, "line": place.line, "is_variable": variable != place.source}


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/hub",
        name="get_hub",
        tag="health",
        summary="What runs here: version, parts with their causes, libraries and licences",
        handler=get_hub,
        answers={200: Answer(description="The hub", model=HubInfo)},
        errors=(503,),
    ),
    Route(
        method="GET",
        path="/api/v1/hub_settings",
        name="get_hub_settings",
        tag="health",
        summary="Every key of `irzhub.yaml`: what it does, what is set, when a change counts",
        handler=get_hub_settings,
        answers={200: Answer(description="The keys", model=HubKeys)},
        errors=(503,),
    ),
)
