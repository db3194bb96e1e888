"""A row or more for each table of `hub.db` that people or modems fill, in all its columns."""

from datetime import timedelta
from typing import Final

from irzhub.storage.accounts import TokenRow, UserRow, add_token, add_user
from irzhub.storage.audit import AuditRow, append_audit
from irzhub.storage.automation_memory import KeptRow, change_kept, save_traces
from irzhub.storage.automation_switches import SwitchRow, save_switch
from irzhub.storage.commands import CommandRow, TemplateRow, add_command, save_template
from irzhub.storage.directory import DirectoryRow, EscalationRow, save_entry, save_run
from irzhub.storage.firmware import FirmwareRow, add_image
from irzhub.storage.former_modems import FormerModem, save_former_modem
from irzhub.storage.groups import GroupRow, save_group
from irzhub.storage.inputs import InputRow, save_input
from irzhub.storage.jobs import JobItemRow, JobRow, add_job
from irzhub.storage.local import Connection
from irzhub.storage.meters import MeterLineRow, MeterRow, ProgramRow, save_meter, save_meter_lines, save_program
from irzhub.storage.modem_settings import note_read, note_sent
from irzhub.storage.modems import save_modem
from irzhub.storage.notification_settings import (
    GroupNotifications,
    ModemNotifications,
    save_group_notifications,
    save_modem_notifications,
)
from irzhub.storage.organisation_relay import save_organisation_relay
from irzhub.storage.organisations import OrganisationRow, add_organisation
from irzhub.storage.outbox import DampingRow, OutboxRow, save_outbox
from irzhub.storage.outputs import OutputRow, save_outputs
from irzhub.storage.phone import PhoneOrder, PhoneReceived, add_phone_received, save_phone_order
from irzhub.storage.pins import PinRow, save_pins
from irzhub.storage.polls import PollRow, save_polls
from irzhub.storage.report_mails import put_into_mail, save_schedule
from irzhub.storage.saved_views import SavedViewRow, replace_views
from irzhub.storage.settings_templates import SettingsTemplateRow
from irzhub.storage.settings_templates import save_template as save_settings_template
from irzhub.storage.sites import SiteRow, save_site
from irzhub.storage.tables_local import published
from irzhub.storage.wakes import WakeRow, save_wake
from tests.storage.alert_rows import fill_alerts
from tests.storage.report_rows import MAIL, SCHEDULE
from tests.storage.rows import MODEM, NOW, OTHER, modem_row

JOB: Final = JobRow(
    id="01K00000000000000000000010",
    kind="command",
    target={"group": "Север"},
    args={"command": "signal"},
    status="running",
    is_dangerous=True,
    steps=[1, 2],
    step=1,
    total=2,
    created_by="анна",
    created_at=NOW,
    expires_at=NOW + timedelta(days=1),
    approved_by="борис",
    approved_at=NOW,
    started_at=NOW,
)

WAKE: Final = WakeRow(
    id="01KC0000000000000000000001",
    modem=MODEM,
    reason="client",
    status="online",
    started_at=NOW,
    steps=[{"step": "call", "at": "2026-11-22T08:00:00.000Z", "error": None}],
    calls=1,
    sms=1,
    finished_at=NOW,
    by="call",
    took_s=12.5,
    error="",
)


def fill_every_table(connection: Connection) -> None:
    """Store something in each table that a backup holds, but `events` and `meta`."""
    save_modem(connection, modem_row())
    save_input(connection, InputRow(MODEM, 1, "дверь", True, 0.25, "OFF"))
    save_pins(connection, [PinRow(MODEM, 1, False, "ON", NOW)])
    save_outputs(connection, [OutputRow(MODEM, 4, "Насос", 1, True, 5.0, "ON", NOW, "confirmed")])
    connection.execute(published.insert(), [{"modem": MODEM, "topic": f"irzhub/main/{MODEM}/state"}])
    _fill_accounts(connection)
    _fill_places(connection)
    _fill_meters(connection)
    _fill_orders(connection)
    fill_alerts(connection)
    _fill_notifications(connection)
    _fill_outbox(connection)
    save_wake(connection, WAKE)
    _fill_phone(connection)
    save_schedule(connection, SCHEDULE)
    put_into_mail(connection, [MAIL])


def _fill_phone(connection: Connection) -> None:
    order = PhoneOrder(
        id="01P",
        kind="sms",
        number="+79211234567",
        text="дверь открыта 🚨",
        modem=MODEM,
        origin="rest:анна",
        priority=1,
        status="delivered",
        created_at=NOW,
        expires_at=NOW,
        is_kept=True,
        may_repeat=True,
        wants_report=True,
        ring_s=20.5,
        attempts=2,
        by="main",
        references=[17, 18],
        sent_at=NOW,
        finished_at=NOW,
        error="нет сети",
    )
    save_phone_order(connection, order)
    came = PhoneReceived(
        id="01R", kind="sms", number="Оператор", text="OK 17", modem=MODEM, by="main", received_at=NOW, sent_at=NOW
    )
    add_phone_received(connection, came)


def _fill_accounts(connection: Connection) -> None:
    add_user(connection, UserRow("анна", "$argon2id$x", "admin", NOW, organisation="north"))
    add_token(connection, TokenRow("01T", "scada", "viewer", "ab" * 32, NOW, organisations=("north",)))
    add_organisation(connection, OrganisationRow("north", "Север-Энерго", "заметка", NOW))
    rows = [AuditRow(ts=NOW, actor="анна", action="edit_modem", modem=MODEM, before={"a": [1]}, after={"a": None})] * 3
    append_audit(connection, rows)
    replace_views(connection, "анна", [SavedViewRow("Ночная смена", "fleet", "state=off")])


def _fill_places(connection: Connection) -> None:
    save_group(connection, GroupRow("Север", NOW, "у реки", {"sharing": {"mode": "exclusive"}}, True))
    site = SiteRow("01S", "Котельная", NOW, "north", "Садовая, 31", 59.9386301, -30.25, "Анна", ["112"], "ключ\nсобака")
    save_site(connection, site)
    save_organisation_relay(connection, "north", {"allow": ["10.0.0.0/8"]})
    save_former_modem(
        connection, FormerModem(OTHER, NOW, "replaced", "анна", "Насосная", "0.0.0.0", 20001, True, MODEM)
    )


def _fill_notifications(connection: Connection) -> None:
    settings = {"lost": {"enabled": True, "delay_s": 300.0, "recipients": [{"contact": "дежурный"}]}}
    save_modem_notifications(connection, [ModemNotifications(MODEM, settings, NOW, "анна")])
    save_group_notifications(connection, GroupNotifications("Север", settings, NOW, "анна"))
    save_switch(connection, SwitchRow("boiler_door", False, NOW, "анна"))
    waiting = KeptRow(key="hold/door/0/1", kind="hold", rule="door", due=NOW, data={"trigger": 0})
    change_kept(connection, [waiting], [])
    save_traces(connection, {"door": [{"id": "01K", "result": "done"}]}, NOW)


def _fill_meters(connection: Connection) -> None:
    save_meter(
        connection, MeterRow(id="01M", modem=MODEM, type="Меркурий 230", serial="41", address="7", created_at=NOW)
    )
    line = MeterLineRow(
        modem=MODEM,
        address="7",
        protocol="modbus",
        first_asked=NOW,
        last_asked=NOW,
        usual_in_vain=2.5,
        silent_since=NOW,
    )
    save_meter_lines(connection, [line])
    poll = PollRow(
        day="2026-11-21",
        modem=MODEM,
        address="7",
        program="10.0.0.7",
        asked=5,
        hours_asked=1 << 23,
        first_asked=NOW,
        last_asked=NOW,
    )
    save_polls(connection, [poll])
    save_program(connection, ProgramRow(program="10.0.0.7", name="АСКУЭ"))


def _fill_orders(connection: Connection) -> None:
    ended = {"status": "done", "result": {"text": "ОК"}, "finished_at": NOW}
    for number, changes in enumerate(({"status": "queued"}, ended)):
        row = CommandRow(
            id=f"01K{number:023d}",
            modem=MODEM,
            command="set_output",
            args={"output": 4, "on": True},
            origin="rest:анна",
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=1),
            **changes,  # type: ignore[arg-type]
        )
        add_command(connection, row)
    save_template(
        connection, TemplateRow(name="reboot", text="AT$REBOOT", is_enabled=True, changed_at=NOW, changed_by="анна")
    )
    items = [
        JobItemRow(
            job=JOB.id,
            position=0,
            modem=MODEM,
            args={"csq": 1},
            step=0,
            status="done",
            attempt=1,
            result={"csq": 5},
            has_returned=True,
            started_at=NOW,
            finished_at=NOW,
        ),
        JobItemRow(job=JOB.id, position=1, modem=OTHER),
    ]
    add_job(connection, JOB, items)
    template = SettingsTemplateRow(
        id="01JD0000000000000000000001",
        name="Котельные",
        lines=["AT$SIM_APN1={{apn}}"],
        defaults={"apn": "internet"},
        modem_values={MODEM: {"apn": "vpn"}},
        created_at=NOW,
        updated_at=NOW,
        updated_by="анна",
    )
    save_settings_template(connection, template)
    note_sent(connection, MODEM, {"SIM_MAIN": "1", "IRZ_PWD": None}, NOW, "gprs")
    note_read(connection, MODEM, {"SIM_MAIN": "2"}, NOW, "dump")
    image = FirmwareRow(
        id="01JD0000000000000000000001",
        name="atm31-1.5.bin",
        model="ATM31",
        version="1.5",
        sha256="0" * 64,
        size_bytes=4,
        created_at=NOW,
        created_by="анна",
    )
    add_image(connection, image)


def _fill_outbox(connection: Connection) -> None:
    told = OutboxRow(
        id="01KB0000000000000000000001",
        created_at=NOW,
        state="sent",
        channel="sms",
        address="+79211234567",
        contact="дежурный",
        rule="boiler_door",
        subject=f"{MODEM}/gpi/1",
        event_id="01KA0000000000000000000001",
        event_ts=NOW,
        modem=MODEM,
        text="дверь открыта",
        event={"type": "gpi_changed"},
        damp_s=300.0,
        incident=17,
        attempts=1,
        expires_at=NOW + timedelta(days=1),
        sent_at=NOW,
        finished_at=NOW,
        log=[{"status": "sent"}],
    )
    window = DampingRow(key="cd" * 16, began_at=NOW, ends_at=NOW + timedelta(minutes=5), count=2, row={"text": "дверь"})
    save_outbox(connection, [told], [("ab" * 16, NOW)], [window])
    entry = {"addresses": [{"sms": "+79211234567"}]}
    save_entry(
        connection, DirectoryRow(kind="contact", name="дежурный", entry=entry, changed_at=NOW, changed_by="анна")
    )
    save_run(
        connection,
        EscalationRow(incident=17, ladder="ночь", began_at=NOW, next_at=NOW, message={"text": "дверь открыта"}),
    )
