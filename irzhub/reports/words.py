"""Every word of a report in English and Russian: titles of reports, columns and charts, and codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from irzhub.core.operators import BY_NETWORK, operator_in

REPORTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "reading_summary": ("Reading summary", "Сводка опроса"),
        "availability": ("Availability", "Доступность связи"),
        "reconnects": ("Reconnects", "Разрывы связи"),
        "signal": ("Signal", "Уровень сигнала"),
        "traffic": ("Traffic", "Трафик"),
        "inputs": ("Inputs", "Входы"),
        "commands": ("Commands", "Команды"),
        "alerts": ("Alerts", "Тревоги"),
    }
)

_COMMON: Final = {
    "modem": ("Modem", "Модем"),
    "name": ("Name", "Название"),
    "group": ("Group", "Группа"),
    "operator": ("Operator", "Оператор"),
    "iccid": ("SIM card (ICCID)", "SIM-карта (ICCID)"),
    "day": ("Day", "День"),
    "status": ("Result", "Результат"),
    "availability": ("Availability", "Доступность"),
    "expected_s": ("Expected online", "Должен быть на связи"),
    "online_s": ("Online", "На связи"),
    "offline_s": ("Lost", "Без связи"),
    "breaks": ("Breaks", "Разрывов"),
    "longest_break_s": ("Longest break", "Самый долгий перерыв"),
    "sessions": ("Sessions", "Сеансов"),
    "breaks_a_day": ("Breaks a day", "Разрывов в сутки"),
    "between_breaks_s": ("Between breaks", "Между разрывами"),
    "last_break": ("Last break", "Последний разрыв"),
    "last_reason": ("Its reason", "Его причина"),
    "keepalive_lost": ("Went silent", "Замолчал"),
    "reset": ("Connection broken", "Соединение сброшено"),
    "closed": ("Closed by modem", "Закрыл модем"),
    "replaced": ("Dialled in anew", "Вышел на связь заново"),
    "kicked": ("Disconnected by hand", "Отключён вручную"),
    "hub_restart": ("Hub restarted", "Перезапуск сервера"),
    "hub_stop": ("Hub stopped", "Остановка сервера"),
    "worker_lost": ("Worker lost", "Сбой рабочего процесса"),
    "deleted": ("Deleted", "Удалён"),
    "protocol_error": ("Not understood", "Ошибка протокола"),
    "other_reasons": ("Other reasons", "Другие причины"),
    "rssi_dbm": ("Signal, dBm", "Сигнал, дБм"),
    "rssi_min_dbm": ("Weakest, dBm", "Наименьший, дБм"),
    "csq": ("CSQ", "CSQ"),
    "csq_min": ("Lowest CSQ", "Наименьший CSQ"),
    "measurements": ("Measurements", "Измерений"),
    "verdict": ("Verdict", "Оценка"),
    "rx_bytes": ("From modem", "От модема"),
    "tx_bytes": ("To modem", "К модему"),
    "total_bytes": ("In all", "Всего"),
    "bytes_a_day": ("A day", "В сутки"),
    "share": ("Share", "Доля"),
    "input": ("Input", "Вход"),
    "input_name": ("Input's name", "Название входа"),
    "changes": ("Changes", "Изменений"),
    "times_on": ("Times switched on", "Включений"),
    "on_s": ("On for", "Включён"),
    "alarms": ("Alarms", "Аварий"),
    "first_at": ("First", "Первое"),
    "last_at": ("Last", "Последнее"),
    "level": ("Now", "Сейчас"),
    "at": ("Time", "Время"),
    "command": ("Command", "Команда"),
    "origin": ("Asked by", "Кто отправил"),
    "via": ("Way", "Способ"),
    "attempts": ("Attempts", "Попыток"),
    "error": ("Error", "Ошибка"),
    "number": ("No.", "№"),
    "kind": ("Kind", "Вид"),
    "subject": ("Subject", "Объект"),
    "severity": ("Severity", "Важность"),
    "opened_at": ("Opened", "Начало"),
    "closed_at": ("Closed", "Окончание"),
    "lasted_s": ("Lasted", "Длительность"),
    "count": ("Times", "Повторов"),
    "acknowledged_by": ("Acknowledged by", "Квитировал"),
    "acknowledged_after_s": ("Acknowledged after", "Квитирована через"),
    "parent": ("Common cause No.", "№ общей причины"),
    "serial": ("Serial number", "Заводской №"),
    "type": ("Meter", "Прибор учёта"),
    "address": ("Address on the line", "Адрес на линии"),
    "program": ("Polling program", "Программа опроса"),
    "cause": ("Cause", "Причина"),
    "asked": ("Questions", "Запросов"),
    "answered": ("Answers", "Ответов"),
    "answer_s": ("Answer time", "Время ответа"),
    "last_answered": ("Last answer", "Последний ответ"),
    "expected": ("Expected", "Ожидалось"),
    "read": ("Read", "Считано"),
    "read_ratio": ("Share read", "Доля считанных"),
}

_CODES: Final = {
    "no_link": ("no link to the modem", "нет связи с модемом"),
    "meter_silent": ("the meter does not answer", "прибор не отвечает"),
    "line_busy": ("line held by another program", "линия занята другой программой"),
    "link_lost": ("link lost", "потеря связи"),
    "not_asked": ("nobody asked", "не опрашивался"),
    "refused": ("program turned away", "программе отказано"),
    "ok": ("done", "выполнена"),
    "expired": ("expired", "истёк срок"),
    "cancelled": ("cancelled", "отменена"),
    "failed": ("failed", "ошибка"),
    "gprs": ("connection", "соединение"),
    "sms": ("SMS", "SMS"),
    "ON": ("on", "вкл."),
    "OFF": ("off", "выкл."),
    "good": ("good", "хороший"),
    "fair": ("fair", "средний"),
    "weak": ("weak", "слабый"),
    "unknown": ("not known", "неизвестно"),
    "info": ("Note", "Сообщение"),
    "warning": ("Warning", "Внимание"),
    "alarm": ("Alarm", "Авария"),
    "gpi_alarm": ("input in alarm", "вход в аварии"),
    "missed_schedule": ("missed its schedule", "не вышел по расписанию"),
    "imei_conflict": ("IMEI conflict", "конфликт IMEI"),
    "rejected": ("modem turned away", "модему отказано"),
    "awaiting_approval": ("awaits approval", "ожидает допуска"),
    "output_stuck": ("output did not switch", "выход не переключился"),
    "weak_signal": ("weak signal", "слабый сигнал"),
    "temperature": ("temperature", "температура"),
    "hub_part": ("part of the hub", "часть сервера"),
    "common_cause": ("common cause", "общая причина"),
}

_CHARTS: Final = {
    "availability_by_day": ("Availability by day", "Доступность по дням"),
    "worst_availability": ("Longest without link", "Дольше всех без связи"),
    "breaks_by_day": ("Breaks by day", "Разрывы по дням"),
    "breaks_by_reason": ("Breaks by reason", "Разрывы по причинам"),
    "signal_by_day": ("Signal by day", "Сигнал по дням"),
    "modems_by_signal": ("Modems by signal", "Модемы по уровню сигнала"),
    "traffic_by_day": ("Traffic by day", "Трафик по дням"),
    "most_traffic": ("Most traffic", "Больше всего трафика"),
    "changes_by_day": ("Changes by day", "Изменения по дням"),
    "changes_by_hour": ("Changes by hour", "Изменения по часам"),
    "commands_by_day": ("Commands by day", "Команды по дням"),
    "alerts_by_day": ("Alerts by day", "Тревоги по дням"),
    "alerts_by_kind": ("Alerts by kind", "Тревоги по видам"),
    "read_by_day": ("Meters read by day", "Считано приборов по дням"),
    "causes_by_day": ("Causes by day", "Причины по дням"),
    "modems": ("Modems", "Модемы"),
}

_FRAME: Final = {
    "period": ("Period", "Период"),
    "made": ("Made", "Составлен"),
    "clock": ("clock", "время"),
    "total": ("Total", "Итого"),
    "page": ("Page", "Страница"),
    "nothing": ("There is nothing in this period.", "За этот период ничего нет."),
    "cut": (
        "There are more rows than a report may have; totals count all.",
        "Строк больше, чем вмещает отчёт; итоги учитывают все.",
    ),
    "cut_page": ("Further rows are in the XLSX and CSV files.", "Остальные строки - в файлах XLSX и CSV."),
    "too_large": (
        "The files are too large for a mail: fetch them from the page of reports.",
        "Файлы слишком велики для письма: скачайте их на странице отчётов.",
    ),
    "charts": ("Charts", "Графики"),
    "day_units": ("d", "сут"),
    "hour_units": ("h", "ч"),
    "minute_units": ("min", "мин"),
    "second_units": ("s", "с"),
    "all_modems": ("all modems", "все модемы"),
    "whole_fleet": ("Whose", "Выборка"),
}

_OPERATORS: Final = {names[1]: names for names in BY_NETWORK.values()}
_CAUSE: Final = "cause/operator/"
"""Begins the subject of an alert whose common cause is an operator."""
_ALL: Final = {**_OPERATORS, **_CODES, **_COMMON, **_CHARTS, **_FRAME, **REPORTS}


def in_words(code: str, language: str) -> str:
    """Return a title, a code or an operator in words; what has none stays as it is."""
    if code.startswith(_CAUSE):
        return f"{_CAUSE}{operator_in(code.removeprefix(_CAUSE), language)}"
    found = _ALL.get(code)
    return code if found is None else found[language == "ru"]


def column_title(name: str, language: str) -> str:
    """Return the title of a column or a series."""
    found = _COMMON.get(name) or _ALL.get(name)
    return name if found is None else found[language == "ru"]
