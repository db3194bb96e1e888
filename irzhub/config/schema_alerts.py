"""The keys of `irzhub.yaml` about incidents; `schema.py` says what a schema is for."""

from typing import Any, Final

from irzhub.config.schema_keys import key, section
from irzhub.config.validators import Duration, Items, Number, OrNull, Text

COMMON_CAUSE: Final = {
    key(
        "modems",
        10,
        "so many modems lost together are looked at for what they have in common",
        "начиная со скольких пропавших вместе модемов искать общую причину",
    ): Number(3, 100_000),
    key(
        "gather",
        "30s",
        "how long after the first loss the cause is looked for, so that the rest of them is in",
        "через сколько после первой потери искать причину, чтобы успели пропасть остальные",
    ): Duration(0, 600),
    key(
        "window",
        "120s",
        "losses so close together may have one cause",
        "потери за какое время могут иметь одну причину",
    ): Duration(1, 3600),
    key(
        "uplink",
        None,
        "host:port that answers while the hub's own uplink works; null: the machine's gateway is looked at",
        "host:port, который отвечает, пока канал хаба исправен; null: проверяется шлюз этой машины",
    ): OrNull(Text("host:port", r"[0-9A-Za-z.:\[\]-]{1,253}:[0-9]{1,5}")),
}

TEXT_NAME: Final = Text("the name of a contact, team, roster or ladder", r"(?u:\w[\w .-]{0,63})")

_LIMIT: Final = OrNull(Number(1, 1_000_000))


def _budget(per_recipient: int | None, per_channel: int | None) -> dict[Any, Any]:
    """Return the keys of one channel's budget with these defaults."""
    one = key(
        "per_recipient",
        per_recipient,
        "so many a day to one address; null: no limit",
        "столько в сутки на один адрес; null: без предела",
    )
    all_ = key(
        "per_channel", per_channel, "so many a day in all; null: no limit", "столько в сутки всего; null: без предела"
    )
    return {one: _LIMIT, all_: _LIMIT}


BUDGETS: Final = {
    section("sms", "of SMS; each part of a long one counts", "на СМС; каждая часть длинного считается"): _budget(
        60, 500
    ),
    section("call", "of calls", "на звонки"): _budget(30, 200),
    section("email", "of mails", "на письма"): _budget(None, None),
    section("telegram", "of Telegram messages", "на сообщения Telegram"): _budget(None, None),
    section("webhook", "of webhooks", "на вебхуки"): _budget(None, None),
}

HEARTBEAT: Final = {
    key(
        "url",
        None,
        "called again and again while the hub works; who hears it no more knows that the hub is dead",
        "вызывается, пока хаб работает; кто перестал получать вызовы, узнаёт, что хаб не работает",
    ): OrNull(Text("an http or https address", r"https?://\S{1,500}")),
    key(
        "topic",
        None,
        "the same over the broker, by the MQTT notify integration",
        "то же через брокер, интеграцией уведомлений MQTT",
    ): OrNull(Text("a topic without + and #", r"[^+#\x00-\x1f$][^+#\x00-\x1f]{0,255}")),
    key("every", "60s", "how often", "как часто"): Duration(5, 86400),
}

ALERTS: Final = {
    key(
        "link_lost_after",
        "4m",
        "how long a modem that is expected may be away before that is an incident",
        "сколько ожидаемый модем может быть без связи, прежде чем это тревога",
    ): Duration(0, 86400),
    key(
        "hold",
        "60s",
        "how long all must be well before an incident closes; longer for what comes and goes",
        "сколько всё должно быть в норме до закрытия тревоги; дольше, если состояние скачет",
    ): Duration(0, 3600),
    key(
        "breaks",
        5,
        "so many losses within `breaks_within` are an incident, however short each is",
        "столько обрывов за `breaks_within` это тревога, как бы коротки они ни были",
    ): Number(2, 16),
    key("breaks_within", "15m", "see `breaks`", "см. `breaks`"): Duration(60, 86400),
    key(
        "weak_signal",
        None,
        "signal in dBm at which, or below, it is weak, such as -105; null: never",
        "уровень сигнала в дБм, при котором и ниже он слабый, например -105; null: не следить",
    ): OrNull(Number(-113, -51)),
    key(
        "temperature_high",
        None,
        "degrees Celsius above which a modem is too hot; null: never",
        "выше скольких °C модему жарко; null: не следить",
    ): OrNull(Number(-40, 125)),
    key(
        "temperature_low",
        None,
        "degrees Celsius below which a modem is too cold; null: never",
        "ниже скольких °C модему холодно; null: не следить",
    ): OrNull(Number(-60, 60)),
    key(
        "part_down_after",
        "30s",
        "how long a part of the hub may be away before that is an incident",
        "сколько часть хаба может не работать, прежде чем это тревога",
    ): Duration(0, 3600),
    key("keep_days", 400, "how long incidents that are over are kept", "сколько дней хранить закрытые тревоги"): Number(
        1, 36500
    ),
    section("common_cause", "one incident for many modems", "одна тревога на много модемов"): COMMON_CAUSE,
    key(
        "tell",
        [],
        "names of those who are told of every incident and of its end, rules apart",
        "имена тех, кому сообщать о каждой тревоге и её окончании, помимо правил",
    ): Items(TEXT_NAME, 0, "names"),
    key(
        "report_to",
        [],
        "names of those who are told of incidents of the hub itself and of spent budgets",
        "имена тех, кому сообщать о неполадках самого хаба и об исчерпанных лимитах",
    ): Items(TEXT_NAME, 0, "names"),
    key(
        "link_url",
        None,
        "where people reach the page of this hub, for links that acknowledge; null: no links",
        "по какому адресу открывается страница хаба, для ссылок подтверждения; null: без ссылок",
    ): OrNull(Text("an http or https address", r"https?://[^\s?#]{1,200}")),
    key("link_lasts", "24h", "how long such a link is good", "сколько действует такая ссылка"): Duration(
        60, 30 * 86400
    ),
    key(
        "keep_trying",
        "24h",
        "how long a message that cannot leave is tried",
        "сколько пытаться отправить сообщение",
    ): Duration(60, 7 * 86400),
    key(
        "fallback_after",
        "3m",
        "after so long without a sign of life of a channel the next one of the contact is used",
        "через сколько молчания канала использовать следующий канал контакта",
    ): Duration(10, 86400),
    key(
        "group_after",
        3,
        "so many messages of one rule leave for one recipient at once, more are gathered into one",
        "столько сообщений одного правила уходят получателю сразу, остальные собираются в одно",
    ): Number(1, 1000),
    key("group_within", "5s", "the time for `group_after`", "время для `group_after`"): Duration(1, 60),
    key(
        "disk_free",
        10,
        "percent of the disk below which people are warned; below a third of it that is an alarm",
        "процент свободного места на диске, ниже которого предупреждать; ниже его трети это авария",
    ): Number(0, 90),
    section("budgets", "how much may be sent in a day", "сколько можно отправить в сутки"): BUDGETS,
    section("heartbeat", "the sign of life that the hub gives", "сигнал жизни, который подаёт хаб"): HEARTBEAT,
}
