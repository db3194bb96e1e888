"""The keys of `irzhub.yaml` about incidents; `schema.py` says what a schema is for."""

from typing import Final

from irzhub.config.schema_keys import key, section
from irzhub.config.validators import Duration, Number, OrNull, Text

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
}
