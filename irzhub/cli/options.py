"""What all commands share: `--config`, loading the settings, and how an error leaves the program."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console

from irzhub.config.integrations import IntegrationSchemas
from irzhub.config.load import MAIN_FILE, load_settings
from irzhub.config.settings import Settings

ConfigDir: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--config", metavar="DIR", envvar="IRZHUB_CONFIG", help="Folder with irzhub.yaml; missing files mean defaults."
    ),
]
CONFIG_DIR = Path("config")


def load(config_dir: Path, overrides: Mapping[str, object] | None = None) -> Settings:
    """Return the settings of `config_dir`, the environment and this command line.

    Raises:
        ConfigError: they cannot be used; `main` shows the text and ends with status 1.
    """
    return load_settings(config_dir, os.environ, overrides, schemas_of(config_dir))


def schemas_of(config_dir: Path) -> IntegrationSchemas | None:
    """Return what the integrations take; None when nobody names one: then their code need not be loaded."""
    named = any(name.startswith("IRZHUB__INTEGRATIONS__") for name in os.environ)
    file = config_dir / MAIN_FILE
    if not named and not (file.is_file() and b"integrations" in file.read_bytes()):
        return None
    # Imported here, because it loads the whole hub: most commands do without.
    from irzhub.loader import FoundSchemas

    return FoundSchemas(config_dir)


def console() -> Console:
    """Return where a command shows tables and progress: plain lines when nobody watches."""
    return Console(highlight=False, soft_wrap=True)


def fail(text: str) -> typer.Exit:
    """Say on the error output why a command failed; raise what this returns."""
    typer.echo(f"irzhub: {text}", err=True)
    return typer.Exit(1)


def misused(text: str) -> typer.Exit:
    """Say on the error output how a command is meant to be used; raise what this returns."""
    typer.echo(f"irzhub: {text}", err=True)
    return typer.Exit(2)
