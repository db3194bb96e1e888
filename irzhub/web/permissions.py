"""Who may do what: one table of roles, one of routes. A route that is not in the table cannot be served."""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class Right(enum.Enum):
    """What a route asks of its caller.

    `OPEN` asks nothing, `METRICS` nothing of a caller on this machine, `SIGNED_IN` no more than being somebody.
    """

    OPEN = "open"
    METRICS = "metrics.read"
    SIGNED_IN = "signed_in"
    READ_MODEMS = "modems.read"
    ADD_DELETE = "modems.add_delete"
    EDIT_DESCRIPTION = "modems.description"
    MODEM_SETTINGS = "modems.settings"
    UPDATE_SETTINGS = "modems.update_settings"
    FIRMWARE = "modems.firmware"
    NOTIFICATION_SETTINGS = "notifications.edit"
    READ_AUTOMATIONS = "automations.read"
    EDIT_AUTOMATIONS = "automations.edit"
    READ_DIRECTORY = "directory.read"
    EDIT_DIRECTORY = "directory.edit"
    READ_MESSAGES = "messages.read"
    MANAGE_MESSAGES = "messages.manage"
    READ_EVENTS = "events.read"
    READ_COMMANDS = "commands.read"
    SEND_COMMANDS = "commands.send"
    SEND_RAW = "commands.send_raw"
    SEE_TRAFFIC = "traffic.read"
    USE_TERMINAL = "terminal.use"
    READ_PHONE = "phone.read"
    USE_PHONE = "phone.use"
    MAIL_REPORTS = "reports.mail"
    READ_JOBS = "jobs.read"
    MANAGE_JOBS = "jobs.manage"
    APPROVE_JOBS = "jobs.approve"
    READ_GROUPS = "groups.read"
    EDIT_GROUPS = "groups.edit"
    READ_ORGANISATIONS = "organisations.read"
    EDIT_ORGANISATIONS = "organisations.edit"
    READ_USERS = "users.read"
    EDIT_USERS = "users.edit"
    READ_TOKENS = "tokens.read"
    EDIT_TOKENS = "tokens.edit"
    READ_AUDIT = "audit.read"
    READ_HUB = "hub.read"
    BACK_UP = "hub.back_up"
    READ_ALERTS = "alerts.read"
    HANDLE_ALERTS = "alerts.handle"
    PLAN_MAINTENANCE = "maintenance.plan"


_SEE: Final = frozenset(
    {
        Right.READ_ALERTS,
        Right.METRICS,
        Right.SIGNED_IN,
        Right.READ_MODEMS,
        Right.READ_EVENTS,
        Right.READ_COMMANDS,
        Right.READ_PHONE,
        Right.READ_JOBS,
        Right.READ_GROUPS,
        Right.READ_ORGANISATIONS,
    }
)
_OPERATE: Final = _SEE | {
    Right.READ_AUTOMATIONS,
    Right.SEND_COMMANDS,
    Right.USE_PHONE,
    Right.MANAGE_JOBS,
    Right.MAIL_REPORTS,
    Right.HANDLE_ALERTS,
    Right.PLAN_MAINTENANCE,
    Right.READ_DIRECTORY,
    Right.READ_MESSAGES,
    Right.MANAGE_MESSAGES,
}
_ENGINEER: Final = _OPERATE | {
    Right.ADD_DELETE,
    Right.EDIT_DESCRIPTION,
    Right.MODEM_SETTINGS,
    Right.UPDATE_SETTINGS,
    Right.FIRMWARE,
    Right.NOTIFICATION_SETTINGS,
    Right.EDIT_DIRECTORY,
    Right.EDIT_AUTOMATIONS,
    Right.SEND_RAW,
    Right.SEE_TRAFFIC,
    Right.USE_TERMINAL,
    Right.APPROVE_JOBS,
    Right.EDIT_GROUPS,
}

ROLES: Final[Mapping[str, frozenset[Right]]] = MappingProxyType(
    {
        "viewer": _SEE,
        "operator": _OPERATE,
        "engineer": _ENGINEER,
        "admin": frozenset(Right) - {Right.OPEN},
        "auditor": _SEE | {Right.READ_USERS, Right.READ_TOKENS, Right.READ_AUDIT, Right.READ_HUB},
    }
)
"""The rights of each role. An unknown role has none."""

ROUTES: Final[Mapping[tuple[str, str], Right]] = MappingProxyType(
    {
        ("GET", "/"): Right.OPEN,
        ("GET", "/assets/{file}"): Right.OPEN,
        ("GET", "/status"): Right.OPEN,
        ("GET", "/api/v1/fleet"): Right.READ_MODEMS,
        ("GET", "/api/v1/map"): Right.READ_MODEMS,
        ("GET", "/api/v1/map_tiles"): Right.READ_MODEMS,
        ("GET", "/api/v1/first_steps"): Right.READ_MODEMS,
        ("POST", "/api/v1/practice_fleet"): Right.ADD_DELETE,
        ("DELETE", "/api/v1/practice_fleet"): Right.ADD_DELETE,
        ("GET", "/api/v1/saved_views"): Right.SIGNED_IN,
        ("PUT", "/api/v1/saved_views"): Right.SIGNED_IN,
        ("POST", "/api/v1/modems/{modem}/port_test"): Right.SEND_COMMANDS,
        ("GET", "/healthz"): Right.OPEN,
        ("GET", "/readyz"): Right.OPEN,
        ("GET", "/metrics"): Right.METRICS,
        ("GET", "/api/v1/openapi.json"): Right.OPEN,
        ("GET", "/api/v1/modems"): Right.READ_MODEMS,
        ("GET", "/api/v1/modems/{modem}"): Right.READ_MODEMS,
        ("PATCH", "/api/v1/modems/{modem}"): Right.READ_MODEMS,  # each field asks for more: MODEM_FIELDS
        ("POST", "/api/v1/modems"): Right.ADD_DELETE,
        ("DELETE", "/api/v1/modems/{modem}"): Right.ADD_DELETE,
        ("POST", "/api/v1/modems/{modem}/approve"): Right.ADD_DELETE,
        ("POST", "/api/v1/modems/{modem}/reject"): Right.ADD_DELETE,
        ("POST", "/api/v1/modems/{modem}/replace"): Right.ADD_DELETE,
        ("POST", "/api/v1/modems/{modem}/kick"): Right.SEND_COMMANDS,
        ("POST", "/api/v1/modems/{modem}/wake"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/modems/{modem}/wake"): Right.READ_MODEMS,
        ("GET", "/api/v1/modems/{modem}/wakes"): Right.READ_MODEMS,
        ("GET", "/api/v1/wakes"): Right.READ_MODEMS,
        ("POST", "/api/v1/wakes"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/modems/{modem}/clients"): Right.READ_MODEMS,
        ("DELETE", "/api/v1/modems/{modem}/clients/{id}"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/quarantine"): Right.READ_MODEMS,
        ("GET", "/api/v1/former_modems"): Right.READ_MODEMS,
        ("DELETE", "/api/v1/former_modems/{modem}"): Right.ADD_DELETE,
        ("GET", "/api/v1/sessions"): Right.READ_EVENTS,
        ("GET", "/api/v1/modems/{modem}/series"): Right.READ_MODEMS,
        ("GET", "/api/v1/groups"): Right.READ_GROUPS,
        ("POST", "/api/v1/groups"): Right.EDIT_GROUPS,
        ("GET", "/api/v1/groups/{group}"): Right.READ_GROUPS,
        ("PATCH", "/api/v1/groups/{group}"): Right.EDIT_GROUPS,
        ("POST", "/api/v1/groups/{group}/accept"): Right.EDIT_GROUPS,
        ("DELETE", "/api/v1/groups/{group}"): Right.EDIT_GROUPS,
        ("GET", "/api/v1/sites"): Right.READ_GROUPS,
        ("POST", "/api/v1/sites"): Right.EDIT_GROUPS,
        ("GET", "/api/v1/sites/{id}"): Right.READ_GROUPS,
        ("PATCH", "/api/v1/sites/{id}"): Right.EDIT_GROUPS,
        ("DELETE", "/api/v1/sites/{id}"): Right.EDIT_GROUPS,
        ("GET", "/api/v1/organisations/{organisation}/relay"): Right.READ_ORGANISATIONS,
        ("PATCH", "/api/v1/organisations/{organisation}/relay"): Right.EDIT_ORGANISATIONS,
        ("POST", "/api/v1/modems/{modem}/commands"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/modems/{modem}/traffic_record"): Right.SEE_TRAFFIC,
        ("GET", "/api/v1/modems/{modem}/commands"): Right.READ_COMMANDS,
        ("GET", "/api/v1/commands"): Right.READ_COMMANDS,
        ("POST", "/api/v1/commands"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/commands/{id}"): Right.READ_COMMANDS,
        ("POST", "/api/v1/commands/{id}/cancel"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/command_templates"): Right.READ_COMMANDS,
        ("GET", "/api/v1/command_templates/{template}"): Right.READ_COMMANDS,
        ("PATCH", "/api/v1/command_templates/{template}"): Right.SEND_RAW,
        ("DELETE", "/api/v1/command_templates/{template}"): Right.SEND_RAW,
        ("GET", "/api/v1/sms"): Right.READ_PHONE,
        ("POST", "/api/v1/sms"): Right.USE_PHONE,
        ("GET", "/api/v1/sms/{id}"): Right.READ_PHONE,
        ("POST", "/api/v1/sms/{id}/cancel"): Right.USE_PHONE,
        ("GET", "/api/v1/received_sms"): Right.READ_PHONE,
        ("GET", "/api/v1/calls"): Right.READ_PHONE,
        ("POST", "/api/v1/calls"): Right.USE_PHONE,
        ("GET", "/api/v1/calls/{id}"): Right.READ_PHONE,
        ("POST", "/api/v1/calls/{id}/cancel"): Right.USE_PHONE,
        ("GET", "/api/v1/received_calls"): Right.READ_PHONE,
        ("GET", "/api/v1/gsm_modems"): Right.READ_PHONE,
        ("GET", "/api/v1/jobs"): Right.READ_JOBS,
        ("GET", "/api/v1/jobs/{id}"): Right.READ_JOBS,
        ("GET", "/api/v1/jobs/{id}/items"): Right.READ_JOBS,
        ("POST", "/api/v1/jobs/{id}/pause"): Right.MANAGE_JOBS,
        ("POST", "/api/v1/jobs/{id}/resume"): Right.MANAGE_JOBS,
        ("POST", "/api/v1/jobs/{id}/cancel"): Right.MANAGE_JOBS,
        ("POST", "/api/v1/jobs/{id}/retry"): Right.MANAGE_JOBS,
        ("POST", "/api/v1/jobs/{id}/approve"): Right.APPROVE_JOBS,
        ("GET", "/api/v1/events"): Right.READ_EVENTS,
        ("GET", "/api/v1/ws"): Right.READ_EVENTS,
        ("POST", "/api/v1/modems/{modem}/meter_check"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/modems/{modem}/input_reasons"): Right.READ_MODEMS,
        ("GET", "/api/v1/modems/{modem}/terminal"): Right.USE_TERMINAL,
        ("GET", "/api/v1/asyncapi.json"): Right.OPEN,
        ("GET", "/setup"): Right.OPEN,
        ("POST", "/setup"): Right.OPEN,
        ("POST", "/api/v1/setup"): Right.OPEN,
        ("POST", "/api/v1/session"): Right.OPEN,
        ("GET", "/api/v1/session"): Right.SIGNED_IN,
        ("PATCH", "/api/v1/session"): Right.SIGNED_IN,
        ("DELETE", "/api/v1/session"): Right.SIGNED_IN,
        ("PUT", "/api/v1/session/password"): Right.SIGNED_IN,
        ("POST", "/api/v1/session/totp"): Right.SIGNED_IN,
        ("POST", "/api/v1/session/totp/confirm"): Right.SIGNED_IN,
        ("POST", "/api/v1/session/totp/remove"): Right.SIGNED_IN,
        ("GET", "/api/v1/sign_ins"): Right.SIGNED_IN,
        ("DELETE", "/api/v1/sign_ins/{id}"): Right.SIGNED_IN,
        ("GET", "/api/v1/users"): Right.READ_USERS,
        ("POST", "/api/v1/users"): Right.EDIT_USERS,
        ("GET", "/api/v1/users/{user}"): Right.READ_USERS,
        ("PATCH", "/api/v1/users/{user}"): Right.EDIT_USERS,
        ("DELETE", "/api/v1/users/{user}"): Right.EDIT_USERS,
        ("PUT", "/api/v1/users/{user}/password"): Right.EDIT_USERS,
        ("DELETE", "/api/v1/users/{user}/totp"): Right.EDIT_USERS,
        ("GET", "/api/v1/tokens"): Right.SIGNED_IN,
        ("POST", "/api/v1/tokens"): Right.SIGNED_IN,
        ("DELETE", "/api/v1/tokens/{id}"): Right.SIGNED_IN,
        ("GET", "/api/v1/organisations"): Right.READ_ORGANISATIONS,
        ("POST", "/api/v1/organisations"): Right.EDIT_ORGANISATIONS,
        ("GET", "/api/v1/organisations/{organisation}"): Right.READ_ORGANISATIONS,
        ("PATCH", "/api/v1/organisations/{organisation}"): Right.EDIT_ORGANISATIONS,
        ("DELETE", "/api/v1/organisations/{organisation}"): Right.EDIT_ORGANISATIONS,
        ("GET", "/api/v1/audit"): Right.READ_AUDIT,
        ("GET", "/api/v1/hub"): Right.READ_HUB,
        ("GET", "/api/v1/hub_settings"): Right.READ_HUB,
        ("GET", "/api/v1/backups"): Right.BACK_UP,
        ("POST", "/api/v1/backups"): Right.BACK_UP,
        ("GET", "/api/v1/backups/{backup}"): Right.BACK_UP,
        ("DELETE", "/api/v1/backups/{backup}"): Right.BACK_UP,
        ("GET", "/api/v1/audit/verdict"): Right.READ_AUDIT,
        ("GET", "/api/v1/meters"): Right.READ_MODEMS,
        ("POST", "/api/v1/meters"): Right.EDIT_DESCRIPTION,
        ("GET", "/api/v1/meters/{meter}"): Right.READ_MODEMS,
        ("PATCH", "/api/v1/meters/{meter}"): Right.EDIT_DESCRIPTION,
        ("DELETE", "/api/v1/meters/{meter}"): Right.EDIT_DESCRIPTION,
        ("GET", "/api/v1/modems/{modem}/meters"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/readings"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/links"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/sims"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/readings/usual"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/{kind}"): Right.READ_MODEMS,
        ("GET", "/api/v1/reports/{kind}/file"): Right.READ_MODEMS,
        ("POST", "/api/v1/reports/{kind}/mail"): Right.MAIL_REPORTS,
        ("GET", "/api/v1/report_mails"): Right.MAIL_REPORTS,
        ("GET", "/api/v1/report_schedules"): Right.MAIL_REPORTS,
        ("POST", "/api/v1/report_schedules"): Right.MAIL_REPORTS,
        ("GET", "/api/v1/report_schedules/{id}"): Right.MAIL_REPORTS,
        ("PATCH", "/api/v1/report_schedules/{id}"): Right.MAIL_REPORTS,
        ("DELETE", "/api/v1/report_schedules/{id}"): Right.MAIL_REPORTS,
        ("POST", "/api/v1/report_schedules/{id}/send"): Right.MAIL_REPORTS,
        ("GET", "/api/v1/modems/{modem}/uptime"): Right.READ_MODEMS,
        ("GET", "/api/v1/settings_catalogue"): Right.READ_MODEMS,
        ("GET", "/api/v1/modems/{modem}/settings"): Right.UPDATE_SETTINGS,
        ("GET", "/api/v1/modems/{modem}/settings/file"): Right.UPDATE_SETTINGS,
        ("POST", "/api/v1/modems/{modem}/settings/dump"): Right.UPDATE_SETTINGS,
        ("POST", "/api/v1/settings_files"): Right.UPDATE_SETTINGS,
        ("POST", "/api/v1/modem_settings"): Right.MODEM_SETTINGS,
        ("POST", "/api/v1/settings_sms"): Right.MODEM_SETTINGS,
        ("GET", "/api/v1/settings_templates"): Right.UPDATE_SETTINGS,
        ("POST", "/api/v1/settings_templates"): Right.MODEM_SETTINGS,
        ("GET", "/api/v1/settings_templates/{id}"): Right.UPDATE_SETTINGS,
        ("PATCH", "/api/v1/settings_templates/{id}"): Right.MODEM_SETTINGS,
        ("DELETE", "/api/v1/settings_templates/{id}"): Right.MODEM_SETTINGS,
        ("POST", "/api/v1/settings_templates/{id}/preview"): Right.UPDATE_SETTINGS,
        ("GET", "/api/v1/settings_templates/{id}/file"): Right.UPDATE_SETTINGS,
        ("GET", "/api/v1/firmware"): Right.FIRMWARE,
        ("POST", "/api/v1/firmware"): Right.FIRMWARE,
        ("GET", "/api/v1/firmware/{id}"): Right.FIRMWARE,
        ("DELETE", "/api/v1/firmware/{id}"): Right.FIRMWARE,
        ("POST", "/api/v1/firmware/{id}/send"): Right.FIRMWARE,
        ("GET", "/api/v1/programs"): Right.READ_MODEMS,
        ("PUT", "/api/v1/programs/{program}"): Right.EDIT_DESCRIPTION,
        ("GET", "/api/v1/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PATCH", "/api/v1/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PUT", "/api/v1/notifications"): Right.NOTIFICATION_SETTINGS,
        ("DELETE", "/api/v1/notifications"): Right.NOTIFICATION_SETTINGS,
        ("GET", "/api/v1/groups/{group}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PATCH", "/api/v1/groups/{group}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PUT", "/api/v1/groups/{group}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("DELETE", "/api/v1/groups/{group}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("GET", "/api/v1/modems/{modem}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PATCH", "/api/v1/modems/{modem}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("PUT", "/api/v1/modems/{modem}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("DELETE", "/api/v1/modems/{modem}/notifications"): Right.NOTIFICATION_SETTINGS,
        ("GET", "/api/v1/alerts"): Right.READ_ALERTS,
        ("POST", "/api/v1/alerts/acknowledge"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/alerts/{alert}"): Right.READ_ALERTS,
        ("PATCH", "/api/v1/alerts/{alert}"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/alerts/{alert}/modems"): Right.READ_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/acknowledge"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/unacknowledge"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/silence"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/comments"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/escalate"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/alerts/{alert}/close"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/shift"): Right.READ_ALERTS,
        ("PATCH", "/api/v1/shift"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/shift/take"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/shift/hand_over"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/shift_log"): Right.READ_ALERTS,
        ("POST", "/api/v1/shift_log"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/visits"): Right.READ_ALERTS,
        ("POST", "/api/v1/visits"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/visit_sheets"): Right.READ_ALERTS,
        ("GET", "/api/v1/visits/{visit}"): Right.READ_ALERTS,
        ("GET", "/api/v1/visits/{visit}/page"): Right.READ_ALERTS,
        ("PATCH", "/api/v1/visits/{visit}"): Right.HANDLE_ALERTS,
        ("POST", "/api/v1/visits/{visit}/close"): Right.HANDLE_ALERTS,
        ("GET", "/api/v1/maintenance_windows"): Right.READ_ALERTS,
        ("POST", "/api/v1/maintenance_windows"): Right.PLAN_MAINTENANCE,
        ("GET", "/api/v1/maintenance_windows/{id}"): Right.READ_ALERTS,
        ("PATCH", "/api/v1/maintenance_windows/{id}"): Right.PLAN_MAINTENANCE,
        ("DELETE", "/api/v1/maintenance_windows/{id}"): Right.PLAN_MAINTENANCE,
        ("POST", "/api/v1/notifications/bulk"): Right.NOTIFICATION_SETTINGS,
        ("GET", "/api/v1/automations"): Right.READ_AUTOMATIONS,
        ("GET", "/api/v1/automations/{automation}"): Right.READ_AUTOMATIONS,
        ("PATCH", "/api/v1/automations/{automation}"): Right.EDIT_AUTOMATIONS,
        ("GET", "/api/v1/automations/{automation}/traces"): Right.READ_AUTOMATIONS,
        ("GET", "/api/v1/automations_file"): Right.EDIT_AUTOMATIONS,
        ("PUT", "/api/v1/automations_file"): Right.EDIT_AUTOMATIONS,
        ("POST", "/api/v1/automations_file/check"): Right.EDIT_AUTOMATIONS,
        ("POST", "/api/v1/automations_file/dry_run"): Right.EDIT_AUTOMATIONS,
        ("GET", "/api/v1/blueprints"): Right.EDIT_AUTOMATIONS,
        ("GET", "/api/v1/automations_schema.json"): Right.OPEN,
        ("POST", "/api/v1/webhooks/{webhook}"): Right.OPEN,
        ("GET", "/api/v1/contacts"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/contacts/{name}"): Right.READ_DIRECTORY,
        ("PUT", "/api/v1/contacts/{name}"): Right.EDIT_DIRECTORY,
        ("DELETE", "/api/v1/contacts/{name}"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/teams"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/teams/{name}"): Right.READ_DIRECTORY,
        ("PUT", "/api/v1/teams/{name}"): Right.EDIT_DIRECTORY,
        ("DELETE", "/api/v1/teams/{name}"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/rosters"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/rosters/{name}"): Right.READ_DIRECTORY,
        ("PUT", "/api/v1/rosters/{name}"): Right.EDIT_DIRECTORY,
        ("DELETE", "/api/v1/rosters/{name}"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/calendars"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/calendars/{name}"): Right.READ_DIRECTORY,
        ("PUT", "/api/v1/calendars/{name}"): Right.EDIT_DIRECTORY,
        ("DELETE", "/api/v1/calendars/{name}"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/ladders"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/ladders/{name}"): Right.READ_DIRECTORY,
        ("PUT", "/api/v1/ladders/{name}"): Right.EDIT_DIRECTORY,
        ("DELETE", "/api/v1/ladders/{name}"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/duty"): Right.READ_DIRECTORY,
        ("GET", "/api/v1/messages"): Right.READ_MESSAGES,
        ("GET", "/api/v1/messages/{id}"): Right.READ_MESSAGES,
        ("POST", "/api/v1/messages/{id}/cancel"): Right.MANAGE_MESSAGES,
        ("POST", "/api/v1/messages/{id}/retry"): Right.MANAGE_MESSAGES,
        ("POST", "/api/v1/messages/test"): Right.EDIT_DIRECTORY,
        ("GET", "/api/v1/channels"): Right.READ_MESSAGES,
        ("POST", "/api/v1/channels/{channel}/check"): Right.EDIT_DIRECTORY,
        ("GET", "/ack/{token}"): Right.OPEN,
        ("POST", "/ack/{token}"): Right.OPEN,
    }
)
"""What each route asks, by method and path; HEAD asks what GET asks."""


MODEM_FIELDS: Final[Mapping[str, Right]] = MappingProxyType(
    {
        "name": Right.EDIT_DESCRIPTION,
        "comment": Right.EDIT_DESCRIPTION,
        "site": Right.EDIT_DESCRIPTION,
        "phone_sim1": Right.EDIT_DESCRIPTION,
        "phone_sim2": Right.EDIT_DESCRIPTION,
        "group": Right.EDIT_GROUPS,
        "organisation": Right.EDIT_GROUPS,
        "relay": Right.EDIT_GROUPS,
        "inputs": Right.MODEM_SETTINGS,
        "outputs": Right.MODEM_SETTINGS,
    }
)
"""What the change of each field of a modem asks.

Where a modem belongs says who sees it, who is told of it and who may poll it, as its relay settings do.
"""


def may(role: str, right: Right) -> bool:
    """Say whether a role has a right."""
    return right is Right.OPEN or right in ROLES.get(role, frozenset())
