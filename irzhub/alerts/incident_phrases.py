"""The phrases about each kind of incident in both languages: no blame, no codes, the next step in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """For one kind: `{name}` are places for what was seen."""

    title: str
    hint: str
    cause: str
    check: str
    action: str


RU: Final[Mapping[str, Phrases]] = {
    "link_lost": Phrases(
        "{modem}: нет связи",
        "{why}",
        "Модем не выходит на связь: {why}.",
        "Работают ли соседние модемы. Если да, проверьте питание шкафа и баланс SIM.",
        "Выведите модем на связь звонком или SMS. Не поможет: заявка на выезд.",
    ),
    "link_lost.breaks": Phrases(
        "{modem}: нет связи, обрывов {count}",
        "обрывов {count} · {why}",
        "Связь то есть, то нет: обрывов {count}.",
        "Уровень сигнала и антенну; не перегружена ли сота.",
        "Смените SIM или оператора, при слабом сигнале переставьте антенну.",
    ),
    "gpi_alarm": Phrases(
        "{modem}: авария на входе {pin}",
        "вход {pin} · {level}",
        "Вход {pin} не в норме: {level}.",
        "Есть ли на объекте плановые работы и бригада.",
        "Свяжитесь с объектом. Если там никого, отправьте бригаду.",
    ),
    "gpi_alarm.named": Phrases(
        "{modem}: {name}",
        "вход {pin} · {level}",
        "Вход {pin} «{name}» не в норме: {level}.",
        "Есть ли на объекте плановые работы и бригада.",
        "Свяжитесь с объектом. Если там никого, отправьте бригаду.",
    ),
    "meter_silent": Phrases(
        "{modem}: прибор молчит",
        "модем на связи · опросов без ответа {in_vain}",
        "Модем на связи, прибор не отвечает: опросов без ответа {in_vain}.",
        "Питание прибора, затем RS-485: полярность и обрыв.",
        "Запустите проверку прибора. Молчит: заявка на выезд.",
    ),
    "missed_schedule": Phrases(
        "{modem}: нет выхода в окно связи",
        "по расписанию",
        "Модем не вышел на связь в своё окно.",
        "Верно ли расписание и часы модема, есть ли сигнал на объекте.",
        "Выведите модем на связь или дождитесь следующего окна.",
    ),
    "imei_conflict": Phrases(
        "{modem}: два модема с одним IMEI",
        "раз {count}",
        "С этим IMEI выходят на связь два устройства.",
        "Адреса, с которых они приходят, и не поставлен ли модем-двойник.",
        "Отключите лишнее устройство или смените пароль модема.",
    ),
    "rejected": Phrases(
        "{modem}: не допущен",
        "раз {count} · {reason}",
        "Модему отказано в связи: {reason}.",
        "Не меняли ли модем или его пароль.",
        "Допустите модем или верните прежний пароль.",
    ),
    "awaiting_approval": Phrases(
        "Ожидают допуска: {modems_many}",
        "новые модемы",
        "Новые модемы ждут решения: {modems_many}.",
        "Ваши ли это устройства: IMEI и адрес в списке ожидающих.",
        "Допустите свои модемы, остальные отклоните.",
    ),
    "output_stuck": Phrases(
        "{modem}: выход {pin} не переключился",
        "команда {commanded}, состояние {seen}",
        "Выходу {pin} послана команда {commanded}, он показывает {seen}.",
        "Реле и цепь обратной связи на объекте.",
        "Повторите команду. Не поможет: заявка на выезд.",
    ),
    "weak_signal": Phrases(
        "{modem}: слабый сигнал",
        "{dbm} дБм",
        "Уровень сигнала {dbm} дБм: обмен идёт с повторами или срывается.",
        "Антенну и её кабель; слабый ли сигнал у соседей.",
        "Переставьте антенну или смените оператора.",
    ),
    "temperature": Phrases(
        "{modem}: температура {degrees} °C",
        "порог {limit} °C",
        "Температура модема {degrees} °C при пороге {limit} °C.",
        "Обогрев или вентиляцию шкафа.",
        "Отправьте бригаду, если температура не возвращается к норме.",
    ),
    "common_cause.cell": Phrases(
        "Нет связи у {of_modems}",
        "{where} · вернулись {back}",
        "Отказ соты: {where}. У других сот и операторов потерь почти нет.",
        "Подтверждает ли оператор аварию.",
        "Отправьте оператору список SIM с адресами. Выезд не нужен.",
    ),
    "common_cause.operator": Phrases(
        "Нет связи у {of_modems}",
        "оператор {where} · вернулись {back}",
        "Отказ в сети оператора {where}. У других операторов потерь почти нет.",
        "Подтверждает ли оператор аварию; работает ли APN и VPN до него.",
        "Сообщите оператору время начала и список SIM. Выезд не нужен.",
    ),
    "common_cause.group": Phrases(
        "Нет связи у {of_modems}",
        "группа {where} · вернулись {back}",
        "Пропали модемы одной группы: {where}. Операторы и соты у них разные.",
        "Есть ли там электропитание.",
        "Уточните у электросетей, есть ли отключение. Дождитесь питания.",
    ),
    "common_cause.uplink": Phrases(
        "Нет связи у {of_modems}: канал хаба",
        "канал хаба · вернулись {back}",
        "Пропали почти все модемы сразу: скорее всего, не работает канал хаба.",
        "Шлюз, роутер и провайдера хаба; переадресацию порта модемов.",
        "Восстановите канал или переключите хаб на резервного провайдера.",
    ),
}

EN: Final[Mapping[str, Phrases]] = {
    "link_lost": Phrases(
        "{modem}: offline",
        "{why}",
        "The modem does not dial in: {why}.",
        "Whether modems nearby work. If they do, check the cabinet's power and the SIM's balance.",
        "Wake the modem by call or SMS. If that does not help, request a visit.",
    ),
    "link_lost.breaks": Phrases(
        "{modem}: offline, {count} breaks",
        "{count} breaks · {why}",
        "The link comes and goes: {count} breaks.",
        "The signal and the antenna; whether the cell is overloaded.",
        "Change the SIM or the operator; move the antenna where the signal is weak.",
    ),
    "gpi_alarm": Phrases(
        "{modem}: alarm on input {pin}",
        "input {pin} · {level}",
        "Input {pin} is not normal: {level}.",
        "Whether work is planned there and a crew is on site.",
        "Call the site. If nobody is there, send a crew.",
    ),
    "gpi_alarm.named": Phrases(
        "{modem}: {name}",
        "input {pin} · {level}",
        "Input {pin} \u201c{name}\u201d is not normal: {level}.",
        "Whether work is planned there and a crew is on site.",
        "Call the site. If nobody is there, send a crew.",
    ),
    "meter_silent": Phrases(
        "{modem}: meter silent",
        "modem online · {in_vain} polls without an answer",
        "The modem is online, the meter does not answer: {in_vain} polls in vain.",
        "The meter's power, then RS-485: polarity and breaks.",
        "Run a meter check. If it stays silent, request a visit.",
    ),
    "missed_schedule": Phrases(
        "{modem}: missed its window",
        "scheduled",
        "The modem did not dial in during its window.",
        "The schedule, the modem's clock and the signal on site.",
        "Wake the modem or wait for the next window.",
    ),
    "imei_conflict": Phrases(
        "{modem}: two modems with one IMEI",
        "{count} times",
        "Two devices dial in with this IMEI.",
        "The addresses they come from, and whether a twin was installed.",
        "Switch the wrong device off or change the modem's password.",
    ),
    "rejected": Phrases(
        "{modem}: turned away",
        "{count} times · {reason}",
        "The modem was turned away: {reason}.",
        "Whether the modem or its password was changed.",
        "Approve the modem or restore its password.",
    ),
    "awaiting_approval": Phrases(
        "Awaiting approval: {modems_many}",
        "new modems",
        "New modems wait for a decision: {modems_many}.",
        "Whether they are yours: IMEI and address in the list.",
        "Approve your own, reject the rest.",
    ),
    "output_stuck": Phrases(
        "{modem}: output {pin} did not switch",
        "commanded {commanded}, shows {seen}",
        "Output {pin} was told {commanded} and shows {seen}.",
        "The relay and the feedback circuit on site.",
        "Repeat the command. If that does not help, request a visit.",
    ),
    "weak_signal": Phrases(
        "{modem}: weak signal",
        "{dbm} dBm",
        "The signal is {dbm} dBm: exchange repeats or fails.",
        "The antenna and its cable; whether neighbours are weak too.",
        "Move the antenna or change the operator.",
    ),
    "temperature": Phrases(
        "{modem}: temperature {degrees} °C",
        "limit {limit} °C",
        "The modem is at {degrees} °C, the limit is {limit} °C.",
        "Heating or ventilation of the cabinet.",
        "Send a crew if it does not come back to normal.",
    ),
    "common_cause.cell": Phrases(
        "{of_modems} offline",
        "{where} · {back} back",
        "The cell failed: {where}. Other cells and operators lost almost nothing.",
        "Whether the operator confirms a failure.",
        "Send the operator the list of SIM cards with addresses. No visit is needed.",
    ),
    "common_cause.operator": Phrases(
        "{of_modems} offline",
        "operator {where} · {back} back",
        "The network of {where} failed. Other operators lost almost nothing.",
        "Whether the operator confirms a failure; whether the APN and the VPN to it work.",
        "Tell the operator when it began, with the list of SIM cards. No visit is needed.",
    ),
    "common_cause.group": Phrases(
        "{of_modems} offline",
        "group {where} · {back} back",
        "Modems of one group were lost: {where}. Their operators and cells differ.",
        "Whether there is power.",
        "Ask the power company about an outage. Wait for the power.",
    ),
    "common_cause.uplink": Phrases(
        "{of_modems} offline: the hub's uplink",
        "the hub's uplink · {back} back",
        "Almost all modems were lost at once: the hub's own uplink is probably down.",
        "The hub's gateway, router and provider; the forwarding of the modem port.",
        "Restore the uplink or switch the hub to its reserve provider.",
    ),
}
