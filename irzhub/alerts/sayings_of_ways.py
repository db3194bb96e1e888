"""What the outbox and the ways to people say of a message that did not leave: mail, Telegram, webhooks, MQTT."""

from typing import Final

from irzhub.alerts.saying import Saying

_OUTBOX: Final = (
    Saying("out.killed", "the hub ended while it was being sent", "хаб остановился во время отправки"),
    Saying("out.unknown", "how it ended is unknown", "чем кончилось, неизвестно"),
    Saying("out.refused", "refused", "отказано"),
    Saying("out.expired", "nobody took it in time", "за отведённое время никто не принял"),
    Saying(
        "out.over_budget",
        "the budget of {channel:w} for today is spent: {limit:d}",
        "дневной лимит {channel} исчерпан: {limit}",
    ),
    Saying("out.not_delivered", "it was not delivered", "не доставлено"),
    Saying("out.tried", "tried often enough", "попытки кончились"),
    Saying("out.no_end", "no end within {seconds:d} s", "нет ответа за {seconds} с"),
    Saying("out.nobody", "nobody offers the service deliver.{channel:w}", "канал {channel} не подключён"),
)

_MAIL: Final = (
    ("address", "no address that a letter can be sent to", "по такому адресу письмо не отправить"),
    ("dns", "the name of the mail server is not known to DNS", "имя почтового сервера не находится в DNS"),
    ("unreachable", "no connection to the mail server", "нет соединения с почтовым сервером"),
    ("slow", "the mail server did not answer in time", "почтовый сервер не ответил вовремя"),
    (
        "want_tls",
        "the mail server did not greet: this is probably the TLS port, set tls: tls",
        "почтовый сервер молчит: вероятно, это порт TLS, укажите tls: tls",
    ),
    (
        "want_starttls",
        "the mail server does not begin with TLS: on this port set tls: starttls",
        "почтовый сервер не начинает с TLS: для этого порта укажите tls: starttls",
    ),
    (
        "no_starttls",
        "the mail server does not offer STARTTLS, and nothing is sent in the clear",
        "почтовый сервер не предлагает STARTTLS, а открытым текстом ничего не отправляется",
    ),
    (
        "certificate",
        "the certificate of the mail server is not trusted",
        "сертификату почтового сервера нельзя доверять",
    ),
    ("tls", "TLS with the mail server failed", "не удалось установить TLS с почтовым сервером"),
    (
        "password",
        "the mail server refused the user name or password",
        "почтовый сервер не принял имя пользователя или пароль",
    ),
    (
        "no_password",
        "the mail server wants a user name and password, or TLS",
        "почтовый сервер требует имя пользователя и пароль или TLS",
    ),
    (
        "no_auth",
        "the mail server takes no user name and password here, probably only after TLS",
        "почтовый сервер не принимает здесь имя и пароль, вероятно, только после TLS",
    ),
    ("busy", "the mail server asks to try later", "почтовый сервер просит повторить позже"),
    (
        "greylisted",
        "the mail server takes letters of new senders at the second try only",
        "почтовый сервер принимает письма новых отправителей только со второй попытки",
    ),
    (
        "sender",
        "the mail server refused the sender: it must be the address of the mailbox",
        "почтовый сервер не принял отправителя: это должен быть адрес ящика",
    ),
    ("recipient", "the mail server refused the recipient", "почтовый сервер не принял получателя"),
    ("letter", "the mail server refused the letter", "почтовый сервер не принял письмо"),
    ("size", "the letter is larger than allowed", "письмо больше допустимого"),
    ("limit", "the limit of letters in the settings is reached", "достигнут предел числа писем из настроек"),
    (
        "unsure",
        "the connection was lost after the letter had left: it may have arrived",
        "связь пропала, когда письмо уже ушло: оно могло дойти",
    ),
    ("babble", "what answers there is no mail server", "по этому адресу отвечает не почтовый сервер"),
    ("lost", "the mail server hung up", "почтовый сервер разорвал соединение"),
    (
        "app_password",
        "it wants a password made for applications, not the one of the mailbox",
        "нужен пароль для внешних приложений, а не пароль от ящика",
    ),
    (
        "allow_programs",
        "mail programs must be allowed in the settings of the mailbox",
        "в настройках ящика включите почтовые программы",
    ),
)

_CALLS: Final = (
    Saying("web.late", "{where:w} did not answer within {seconds:d} s", "{where} не ответил за {seconds} с"),
    Saying("web.no_name", "{where:w}: its name is not known to DNS", "{where}: имя не находится в DNS"),
    Saying("web.no_connection", "cannot connect: {why}", "нет соединения: {why}"),
    Saying("web.certificate", "its certificate is not trusted: {why}", "сертификату нельзя доверять: {why}"),
    Saying("web.too_long", "{where:w} answered with more than {count:d} bytes", "{where}: ответ длиннее {count} байт"),
    Saying("web.not_listed", "outbound.hosts does not name {host:w}", "{host} нет в outbound.hosts"),
    Saying("web.not_called", "{host:w} is not called: {why}", "{host} не вызывается: {why}"),
    Saying(
        "web.never",
        "the hub never calls {address:w}: it means this machine, its link or its cloud",
        "хаб никогда не вызывает {address}: это сама машина, её сегмент сети или её облако",
    ),
    Saying("web.multicast", "{address:w} is not the address of one server", "{address}: это адрес не одного сервера"),
    Saying(
        "web.private",
        "{address:w} is not a public address, and outbound.networks does not name it",
        "{address}: адрес не публичный, и его нет в outbound.networks",
    ),
    Saying(
        "web.plain",
        "{address:w} is a public address: call it by https, or set outbound.plain_http",
        "{address}: публичный адрес, вызывайте по https или включите outbound.plain_http",
    ),
    Saying("web.port", "outbound.ports does not name port {port:d}", "порта {port} нет в outbound.ports"),
    Saying(
        "web.redirect",
        "{answer}; redirects are not followed, write the new address",
        "{answer}; хаб не идёт по перенаправлению, укажите новый адрес",
    ),
    Saying(
        "web.receiver",
        "expected an address, or a receiver that has a name ({known}), got {given}",
        "нужен адрес или получатель с именем ({known}), указано {given}",
    ),
    Saying("bot.no_bot", "the token is of no bot ({answer})", "такого бота нет, проверьте token ({answer})"),
    Saying(
        "bot.chat",
        "expected a chat id such as -1001234567890, or @name, got {given}",
        "нужен номер чата вида -1001234567890 или @имя, указано {given}",
    ),
    Saying("bot.status", "HTTP status {status:d}", "ответ HTTP {status}"),
)

_MQTT: Final = (
    Saying("mqtt.no_connection", "there is no connection to the broker", "нет связи с брокером"),
    Saying("mqtt.away", "the broker is away", "брокер недоступен"),
    Saying("mqtt.queue", "{count:d} messages wait for the broker already", "брокера уже ждут сообщений: {count}"),
    Saying("mqtt.no_connect", "no answer to CONNECT within {seconds:d} s", "нет ответа на CONNECT за {seconds} с"),
    Saying("mqtt.no_answer", "no answer to {packet:w} within {seconds:d} s", "нет ответа на {packet} за {seconds} с"),
    Saying("mqtt.tls", "TLS failed: {why}", "не удалось установить TLS: {why}"),
    Saying("mqtt.closed", "the broker closed the connection", "брокер закрыл соединение"),
    Saying("mqtt.closed_because", "the broker closed the connection: {why}", "брокер закрыл соединение: {why}"),
    Saying("mqtt.not_authorised", "not authorised", "нет прав"),
    Saying("mqtt.keepalive", "keepalive missed", "пропущен keepalive"),
    Saying("mqtt.too_large", "packet too large", "слишком большой пакет"),
    Saying("mqtt.quota", "quota exceeded", "превышена квота"),
    Saying("mqtt.stops", "the broker is shutting down", "брокер останавливается"),
    Saying(
        "mqtt.same_id",
        "another client has taken our client id; is a second hub running with the same hub.id?",
        "наш client id занял другой клиент: не работает ли второй хаб с тем же hub.id?",
    ),
    Saying("mqtt.refused", "the broker refused us {who}: {why}", "брокер не принял хаб {who}: {why}"),
    Saying(
        "mqtt.outside",
        "expected a topic outside {own:w}, without + and #, got {given}",
        "нужна тема вне {own}, без + и #, указано {given}",
    ),
    Saying(
        "mqtt.name",
        "expected a name of letters, digits, - and _, or a topic that is not below {base:w}, got {given}",
        "нужно имя из латинских букв, цифр, - и _ или тема вне {base}, указано {given}",
    ),
)

OF_WAYS: Final = (
    *_OUTBOX,
    *(Saying(f"mail.{kind}", english, russian) for kind, english, russian in _MAIL),
    *(Saying(f"mail.{kind}", f"{english} ({{said}})", f"{russian} ({{said}})") for kind, english, russian in _MAIL),
    *_CALLS,
    *_MQTT,
)
