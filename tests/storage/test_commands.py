from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from irzhub.storage.commands import (
    CommandRow,
    TemplateRow,
    add_command,
    delete_templates,
    end_living_commands,
    find_command,
    get_command,
    list_commands,
    load_living_commands,
    load_templates,
    purge_commands,
    save_command,
    save_template,
)
from irzhub.storage.local import open_beside
from tests.storage.rows import MODEM, NOW, OTHER


def row(number: int, modem: str = MODEM, **changes: object) -> CommandRow:
    made = CommandRow(
        id=f"01K{number:023d}",
        modem=modem,
        command="set_output",
        args={"output": 4, "on": True},
        origin="rest:anna",
        status="queued",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_command_is_kept_as_it_stands(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        add_command(connection, first := row(1, dedupe="job/1/1"))
        ended = replace(
            first, status="done", attempts=2, sent_at=NOW, finished_at=NOW, result={"text": "ОК"}, error=None
        )
        save_command(connection, ended)
        save_command(connection, row(99))  # one that is not there changes nothing

        assert get_command(connection, first.id) == ended
        assert find_command(connection, "job/1/1") == ended
        assert get_command(connection, "01K") is None
        assert find_command(connection, "nobody") is None


def test_a_long_error_is_cut(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        add_command(connection, row(1))
        save_command(connection, row(1, status="failed", error="x" * 2000))

        assert len((get_command(connection, row(1).id) or row(1)).error or "") == 1000


def test_commands_are_listed_from_new_to_old(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        for number in range(5):
            add_command(connection, row(number, OTHER if number % 2 else MODEM, status="done" if number else "sent"))

        assert [each.id[-1] for each in list_commands(connection, limit=2)] == ["4", "3"]
        assert [each.id[-1] for each in list_commands(connection, before=row(3).id)] == ["2", "1", "0"]
        assert [each.id[-1] for each in list_commands(connection, modem=OTHER)] == ["3", "1"]
        assert [each.id[-1] for each in list_commands(connection, status="sent", command="set_output")] == ["0"]
        assert [each.id[-1] for each in load_living_commands(connection)] == ["0"]


def test_old_ended_commands_go_and_living_ones_stay(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        add_command(connection, row(1, status="done", finished_at=NOW))
        add_command(connection, row(2, status="done", finished_at=NOW + timedelta(days=1)))
        add_command(connection, row(3))

        assert purge_commands(connection, NOW + timedelta(hours=1), 10) == 1
        assert [each.id[-1] for each in list_commands(connection)] == ["3", "2"]


def test_what_comes_from_a_backup_is_not_sent_again(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        add_command(connection, row(1))
        add_command(connection, row(2, status="done"))

        end_living_commands(connection)

        assert load_living_commands(connection) == []
        assert [(each.status, bool(each.error)) for each in list_commands(connection)] == [
            ("done", False),
            ("failed", True),
        ]


def test_templates_are_changed_and_given_up(tmp_path: Path) -> None:
    template = TemplateRow(name="pulse", text="$p", is_enabled=True, changed_at=NOW, changed_by="anna")
    with open_beside(tmp_path) as connection:
        save_template(connection, replace(template, text="$old"))
        save_template(connection, template)
        assert load_templates(connection) == [template]

        delete_templates(connection, ["pulse"])
        assert load_templates(connection) == []
