"""`irzhub check`: is the configuration good, and what in it is not wise."""

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load
from irzhub.config.load import MAIN_FILE
from irzhub.config.rules import advise


def check(config: ConfigDir = CONFIG_DIR) -> None:
    """Validate the configuration and the automations; print what is wrong and where."""
    settings = load(config)
    # Imported here, so that `irzhub --help` need not load the engine.
    from irzhub.automation.rule_source import AUTOMATIONS_FILE, read_rules_file

    rules = read_rules_file(config) if (config / AUTOMATIONS_FILE).exists() else None
    for problem in () if rules is None else rules.problems:
        typer.echo(str(problem), err=True)
    if rules is not None and rules.problems:
        raise fail(f"{config / AUTOMATIONS_FILE} cannot be used")
    for line in advise(settings):
        typer.echo(f"warning: {line}")
    written = "good" if (config / MAIN_FILE).exists() else "missing, so all is as by default"
    typer.echo(f"{config / MAIN_FILE}: {written}")
    if rules is not None:
        typer.echo(f"{config / AUTOMATIONS_FILE}: {len(rules.rules)} automations, good")
