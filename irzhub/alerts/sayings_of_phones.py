"""What the integration for GSM modems says of a modem, an SMS or a call."""

from typing import Final

from irzhub.alerts.saying import Saying

OF_PHONES: Final = (
    # The modem and its SIM card.
    Saying(
        "gsm.not_there", "{port:w} is not there: is the modem plugged in?", "{port}: порта нет, подключён ли модем?"
    ),
    Saying("gsm.does_not_open", "{port:w} did not open within {seconds:d} s", "{port} не открылся за {seconds} с"),
    Saying("gsm.port_closed", "the port was closed", "порт закрыт"),
    Saying("gsm.no_answer", "no answer to {command}", "нет ответа на {command}"),
    Saying(
        "gsm.mute",
        "it does not answer, not even after a reset: switch its power off and on",
        "модем не отвечает и после сброса: снимите и подайте питание",
    ),
    Saying("gsm.no_pdu_mode", "it has no PDU mode (AT+CMGF=0)", "у модема нет режима PDU (AT+CMGF=0)"),
    Saying("gsm.no_sim", "there is no SIM card in it", "в модеме нет SIM-карты"),
    Saying(
        "gsm.pin_wanted",
        "its SIM card wants a PIN: set integrations.gsm_modem.pin",
        "SIM-карта просит PIN-код: укажите integrations.gsm_modem.pin",
    ),
    Saying(
        "gsm.pin_refused",
        "the PIN was tried once and did not open the SIM card; it is not tried again until it is another",
        "PIN-код введён один раз и не подошёл; снова он не вводится, пока его не изменят",
    ),
    Saying(
        "gsm.pin_waits",
        "the PIN waits until the hub's disk works: each try is noted before it is made",
        "PIN-код ждёт, пока заработает диск хаба: попытка сначала записывается",
    ),
    Saying(
        "gsm.puk_wanted",
        "its SIM card wants its PUK, which the hub never tries: enter it in a phone",
        "SIM-карта просит PUK-код, хаб его не вводит: введите в телефоне",
    ),
    Saying("gsm.sim_failed", "its SIM card does not answer", "SIM-карта не отвечает"),
    Saying(
        "gsm.no_network",
        "it is not in the network (registration: {registration:w})",
        "модем не зарегистрирован в сети ({registration})",
    ),
    Saying(
        "gsm.searching",
        "it is not in the network (registration: searching)",
        "модем ищет сеть и не находит",
    ),
    Saying(
        "gsm.denied",
        "it is not in the network (registration: denied)",
        "сеть отказала модему в регистрации",
    ),
    Saying("gsm.busy", "the GSM modem is busy", "GSM-модем занят"),
    Saying("gsm.absent", "absent", "не найден"),
    Saying("gsm.starting", "starting", "запускается"),
    Saying("gsm.ready", "ready", "готов"),
    Saying(
        "gsm.closed",
        "the GSM modem was taken out of the settings, or they changed",
        "GSM-модем убрали из настроек или изменили их",
    ),
    Saying(
        "gsm.queue_full",
        "{count:d} orders wait for the GSM modem: no more are taken",
        "в очереди {count}, больше не принимается",
    ),
    Saying("gsm.no_balance", "no answer with the balance", "оператор не ответил на запрос баланса"),
    Saying("gsm.no_amount", "no amount in the answer {answer}", "в ответе нет суммы: {answer}"),
    Saying(
        "gsm.balance_not_asked",
        "the modem does not ask the balance ({why})",
        "модем не отправил запрос баланса ({why})",
    ),
    # One SMS.
    Saying("sms.part", "part {number:d} of {count:d}: {why}", "часть {number} из {count}: {why}"),
    Saying("sms.no_prompt", "no answer to {command:w}: it did not ask for the text", "модем не запросил текст"),
    Saying("sms.no_reference", "the modem says OK without +CMGS", "модем ответил OK, но без номера SMS"),
    Saying("sms.hub_stopped", "the hub stopped meanwhile", "хаб остановился в это время"),
    Saying(
        "sms.not_delivered",
        "the network took it and could not deliver it",
        "сеть приняла SMS и не смогла доставить",
    ),
    Saying("sms.network_failed", "the network could not deliver it", "сеть не смогла доставить SMS"),
    Saying("sms.may_have_left", "it may have left: {why}", "могло уйти: {why}"),
    Saying("sms.asker_left", "who ordered it waits no longer", "заказчик больше не ждёт"),
    Saying(
        "sms.too_long",
        "expected a text of at most {most:d} parts, this one needs {parts:d}",
        "текст длиннее {most} частей: нужно {parts}",
    ),
    # Numbers.
    Saying(
        "number.service",
        "{number:w} is a service number, it is never dialled",
        "{number}: служебный номер, на него хаб не звонит и не пишет",
    ),
    Saying(
        "number.short",
        "{number:w} is a short number: integrations.gsm_modem.short_codes does not name it",
        "{number}: короткий номер, его нет в integrations.gsm_modem.short_codes",
    ),
    Saying(
        "number.costs",
        "{number:w} costs extra: integrations.gsm_modem.allow does not name it",
        "{number}: платный номер, его нет в integrations.gsm_modem.allow",
    ),
    Saying(
        "number.not_allowed",
        "{number:w}: integrations.gsm_modem.allow has no beginning of it",
        "{number}: начала этого номера нет в integrations.gsm_modem.allow",
    ),
    Saying("number.none", "expected a phone number such as +79211234567", "нужен номер вида +79211234567"),
    # What the modem and the network answer (integrations/gsm_modem/codes.py).
    Saying("gsm.error", "the modem says ERROR", "модем ответил ERROR"),
    Saying("gsm.error_text", "the modem says +{kind:w} ERROR: {text}", "модем ответил +{kind} ERROR: {text}"),
    Saying("gsm.error_code", "{why} (+{kind:w} ERROR: {number:d})", "{why} (+{kind} ERROR: {number})"),
    Saying("gsm.error_unlisted", "an error that is not listed", "ошибка не из списка"),
    Saying("cms.no_number", "the number is not assigned", "номер не существует"),
    Saying(
        "cms.barred",
        "the operator bars this SIM: is there money on it?",
        "оператор запретил отправку: есть ли деньги на SIM?",
    ),
    Saying(
        "cms.rejected",
        "the network rejects the SMS: is there money on the SIM?",
        "сеть не приняла SMS: есть ли деньги на SIM?",
    ),
    Saying("cms.out_of_order", "the destination is out of order", "получатель недоступен"),
    Saying("cms.unidentified", "unidentified subscriber", "абонент не опознан"),
    Saying(
        "cms.facility",
        "the facility is rejected: is there money on the SIM?",
        "услуга отклонена: есть ли деньги на SIM?",
    ),
    Saying("cms.unknown_subscriber", "unknown subscriber", "абонент неизвестен"),
    Saying("cms.network_out_of_order", "the network is out of order", "сеть неисправна"),
    Saying("cms.temporary", "a temporary failure of the network", "временный сбой сети"),
    Saying("cms.congested", "the network is congested", "сеть перегружена"),
    Saying("cms.no_resources", "the network has no resources", "сети не хватает ресурсов"),
    Saying(
        "cms.no_contract",
        "SMS are not in the contract of this SIM, or there is no money on it",
        "SMS не входят в тариф SIM, или на ней нет денег",
    ),
    Saying("cms.no_facility", "the facility is not there", "услуга не подключена"),
    Saying("cms.incomplete", "the network misses something in the SMS", "сети чего-то не хватает в SMS"),
    Saying("cms.protocol", "protocol error", "ошибка протокола"),
    Saying("cms.interworking", "interworking", "сбой между сетями"),
    Saying("cms.modem_failed", "the modem failed", "сбой модема"),
    Saying("cms.reserved", "the modem's SMS service is reserved", "служба SMS модема занята"),
    Saying("cms.not_now", "not allowed now", "сейчас не разрешено"),
    Saying("cms.unsupported", "the modem does not support it", "модем этого не умеет"),
    Saying("cms.bad_pdu", "the modem does not take the PDU", "модем не принял PDU"),
    Saying("cms.no_sim", "no SIM in the modem", "в модеме нет SIM-карты"),
    Saying("cms.pin", "the SIM wants its PIN", "SIM-карта просит PIN-код"),
    Saying("cms.locked", "the modem is locked to another SIM", "модем привязан к другой SIM-карте"),
    Saying("cms.sim_failed", "the SIM failed", "SIM-карта неисправна"),
    Saying("cms.sim_busy", "the SIM is busy", "SIM-карта занята"),
    Saying("cms.wrong_sim", "a wrong SIM", "не та SIM-карта"),
    Saying("cms.puk", "the SIM wants its PUK", "SIM-карта просит PUK-код"),
    Saying("cms.memory_failed", "the memory failed", "сбой памяти"),
    Saying("cms.memory_full", "the memory for SMS is full", "память SMS заполнена"),
    Saying("cms.no_centre", "the SIM has no number of a service centre", "на SIM нет номера SMS-центра"),
    Saying("cms.no_network", "no network", "нет сети"),
    Saying("cms.no_answer", "the network did not answer in time", "сеть не ответила вовремя"),
    Saying("cms.unknown", "unknown error of the modem", "неизвестная ошибка модема"),
    Saying("cme.wrong_pin", "wrong PIN", "неверный PIN-код"),
    Saying("cme.emergency", "emergency calls only", "только экстренные вызовы"),
    # One call.
    Saying("call.no_ring", "it did not ring within {seconds:d} s", "за {seconds} с вызов не пошёл"),
    Saying("call.network", "the network says {word}", "сеть ответила {word}"),
)
