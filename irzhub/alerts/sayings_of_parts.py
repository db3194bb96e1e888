"""What parts of the hub say of themselves."""

from typing import Final

from irzhub.alerts.saying import Saying

LOW_BALANCE: Final = "low_balance"

OF_PARTS: Final = (
    Saying("disk_free", "{size:d} GB free, {percent:d} %", "свободно {size} ГБ, {percent} %"),
    Saying(
        "disk_takes_nothing",
        "{file} has taken nothing for {seconds:d} s: disk full or broken?",
        "{file}: запись не идёт {seconds} с, диск полон или неисправен",
    ),
    Saying(
        "events_in_memory",
        "{why} Events go on from memory, they are not durable",
        "{why}; события идут из памяти и на диск не попадают",
    ),
    Saying(
        "messages_in_memory",
        "the disk does not take messages: they leave from memory",
        "диск не принимает сообщения: они уходят из памяти",
    ),
    Saying("budget_spent", "spent for today: {channels}", "исчерпан на сегодня: {channels}"),
    Saying("no_answer", "{who:w} does not answer", "{who} не отвечает"),
    Saying("certificate_good", "the certificate is good for {days:d} days", "сертификат действует ещё дней: {days}"),
    Saying("certificate_ended", "the certificate has ended: {file}", "срок вышел: {file}"),
    Saying("certificate_ends", "the certificate ends in {days:d} days: {file}", "осталось дней: {days}, файл {file}"),
    Saying(
        "rules_refused",
        "{file:w}: {count:d} errors, the automations from before run on",
        "{file}, замечаний {count}; работают прежние",
    ),
    Saying("rules_run", "{count:d} automations", "автоматизаций: {count}"),
    Saying(LOW_BALANCE, "the balance of a SIM card is below {limit:w}: {cards}", "меньше {limit}: {cards}"),
    Saying("heartbeat_fails", "the sign of life does not leave: {why}", "сигнал жизни не уходит: {why}"),
    Saying("heartbeat_beats", "{count:d} signs of life", "сигналов жизни: {count}"),
    Saying("heartbeat_refused", "the heartbeat's address answers {status:d}", "адрес сигнала жизни отвечает {status}"),
    Saying("calls_nobody", "this hub calls nobody", "этот хаб никого не вызывает"),
    Saying("no_mqtt_channel", "nobody offers messages over MQTT", "канала MQTT для сообщений нет"),
    Saying("took_too_long", "it took too long", "не уложилось в отведённое время"),
    Saying(
        "no_integration",
        "there is no such integration, see docs/integrations.md",
        "такой интеграции нет, см. docs/integrations.ru.md",
    ),
    Saying("mqtt_connecting", "connecting to {where:w}", "подключается к {where}"),
    Saying("mosquitto_up", "mosquitto on port {port:d}", "mosquitto на порту {port}"),
    Saying("broker_ended", "{kind:w} ended: {words}", "{kind} завершился: {words}"),
    Saying(
        "broker_ended_at_start",
        "the broker ({kind}) ended at its start: {words}",
        "брокер ({kind}) завершился при запуске: {words}",
    ),
    Saying(
        "broker_does_not_listen",
        "the broker ({kind}) does not listen after {seconds:d} s",
        "брокер ({kind}) не открыл порт за {seconds} с",
    ),
    Saying(
        "relay_up",
        "modems dial {port:d}, {count:d} polling ports are open",
        "модемы приходят на порт {port}, портов опроса открыто: {count}",
    ),
    Saying(
        "relay_up_ports_busy",
        "modems dial {port:d}, {count:d} polling ports are open, {busy:d} ports are busy",
        "модемы приходят на порт {port}, портов опроса открыто: {count}, занято другими: {busy}",
    ),
    Saying("rows_lost", "{why}; {count:d} rows lost", "{why}; потеряно строк: {count}"),
    Saying("database_closed", "{where:w} is closed", "{where}: закрыто"),
    Saying("database_not_set_up", "cannot set up {where:w}: {why}", "{where}: не удалось подготовить: {why}"),
    Saying(
        "database_of_another_hub",
        "another hub with the id {id:w} writes to this database: give one of them a `hub.id` of its own",
        "в эту базу пишет другой хаб с именем {id}: дайте одному из них свой `hub.id`",
    ),
    # What systems say of connections and files, in their own words.
    Saying("os.refused", "Connection refused", "в соединении отказано"),
    Saying("os.refused_in_mqtt", "connection refused", "в соединении отказано"),
    Saying("os.timed_out", "Connection timed out", "время ожидания истекло"),
    Saying("os.reset", "Connection reset by peer", "соединение сброшено"),
    Saying("os.no_route", "No route to host", "нет маршрута до узла"),
    Saying("os.no_network", "Network is unreachable", "сеть недоступна"),
    Saying("os.no_name", "Name or service not known", "имя не находится в DNS"),
    Saying("os.no_file", "No such file or directory", "такого файла нет"),
    Saying("os.no_permission", "Permission denied", "нет прав"),
    Saying("os.no_space", "No space left on device", "на диске нет места"),
)
