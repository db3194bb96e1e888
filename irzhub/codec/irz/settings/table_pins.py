"""Pins, counters, the serial ports and what stands behind them (`docs/protocol.md` 2.4)."""

from typing import Final

from irzhub.codec.irz.settings.setting import Setting, Words, choice, flag, number, text

_BAUD: Final = (600, 1200, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 56000, 57600, 115200)
_BAUDS: Final = tuple((str(code), str(baud), str(baud)) for code, baud in enumerate(_BAUD, 1))

PINS: Final[tuple[Setting, ...]] = (
    Setting(
        name="GPIO_SET",
        section="pins",
        words=Words("Направление вывода GPIO", "Direction of a GPIO"),
        first=1,
        last=3,
        fields=(
            choice("direction", "направление", "direction", "0", ("0", "вход", "input"), ("1", "выход", "output")),
            flag("pull_up", "подтяжка к питанию", "pull-up to the supply"),
        ),
    ),
    Setting(
        name="GPIO_IFNC",
        section="pins",
        words=Words("Функция входа", "Function of an input"),
        first=1,
        last=3,
        fields=(
            choice(
                "function",
                "функция",
                "function",
                "0",
                ("0", "нет", "none"),
                ("1", "счётчик импульсов", "pulse counter"),
                ("2", "АЦП (GPIO3)", "ADC (GPIO3)"),
                ("3", "сон (GPIO1, без подтяжки)", "sleep (GPIO1, no pull-up)"),
            ),
        ),
    ),
    Setting(
        name="GPIO_OFNC",
        section="pins",
        words=Words("Функция выхода", "Function of an output"),
        first=1,
        last=8,
        fields=(
            choice(
                "function",
                "функция",
                "function",
                "0",
                ("0", "нет", "none"),
                ("1", "есть сеть", "network"),
                ("2", "активная SIM", "active SIM"),
                ("3", "есть SIM", "SIM present"),
                ("4", "CSD", "CSD"),
                ("5", "активность канала", "channel activity"),
                ("6", "модуль выключен", "module off"),
            ),
        ),
    ),
    Setting(
        name="GPIO_OUT",
        section="pins",
        words=Words("Работа выхода", "Behaviour of an output"),
        first=1,
        last=8,
        fields=(
            choice("mode", "режим", "mode", "0", ("0", "триггер", "switch"), ("1", "импульс", "pulse")),
            flag("save", "помнить состояние", "keep the state", None),
            flag("active", "активный уровень высокий", "active level is high", None),
        ),
    ),
    Setting(
        name="GPIO_IMPULSE",
        section="pins",
        words=Words("Длина импульса", "Length of a pulse"),
        first=1,
        last=8,
        fields=(number("ms", "длина", "length", 1, 86_400_000, 1000, "ms"),),
    ),
    Setting(
        name="GPIO_SMS",
        section="pins",
        words=Words("SMS при изменении входа", "SMS on a change of an input"),
        first=1,
        last=3,
        fields=(
            number("group", "группа телефонов", "group of phones", 0, 15),
            choice(
                "edge",
                "фронт",
                "edge",
                None,
                ("0", "нарастание", "rise"),
                ("1", "спад", "fall"),
                ("2", "любой", "any"),
            ),
        ),
    ),
    Setting(
        name="GPIO_TEXT",
        section="pins",
        words=Words("Текст SMS входа", "Text of an input's SMS"),
        first=1,
        last=3,
        fields=(text("text", "текст, UCS-2", "text, UCS-2", 20, kind="hex"),),
    ),
    Setting(
        name="GPIO_SEND",
        section="pins",
        words=Words("Передавать состояние входа", "Report the state of an input"),
        first=1,
        last=3,
        fields=(number("connection", "номер соединения, 0 нет", "number of the connection, 0 none", 0, 5, 0),),
        note=Words(
            "Без этого и без инкапсуляции вход на странице серый.",
            "Without this, and without encapsulation, the input is grey on the page.",
        ),
    ),
    Setting(
        name="GPIO_VCC4",
        section="pins",
        words=Words("Напряжение выхода 4", "Voltage of output 4"),
        fields=(
            choice("voltage", "напряжение", "voltage", "1", ("0", "питание модема", "supply"), ("1", "7,5 В", "7.5 V")),
        ),
    ),
    Setting(
        name="COUNT_STATE",
        section="pins",
        words=Words("Счётчик импульсов", "Pulse counter"),
        first=1,
        last=3,
        fields=(number("count", "счёт; пусто сбрасывает", "count; empty resets", 0, 4_294_967_295),),
        needs_restart=False,
    ),
    Setting(
        name="COUNT_TAU",
        section="pins",
        words=Words("Подавление дребезга счётчика", "Debounce of a counter"),
        first=1,
        last=3,
        fields=(number("ms", "время", "time", 0, 65535, 100, "ms"),),
    ),
    Setting(
        name="ADC_SET",
        section="pins",
        words=Words("АЦП: что измерять", "ADC: what to measure"),
        fields=(choice("unit", "величина", "unit", None, ("0", "мВ", "mV"), ("1", "мА", "mA")),),
    ),
    Setting(
        name="ADC_SPMV",
        section="pins",
        words=Words("АЦП: шаг напряжения", "ADC: step of voltage"),
        fields=(number("step", "шаг", "step", 0, 40_000, 1000, "mV"),),
    ),
    Setting(
        name="ADC_SPMA",
        section="pins",
        words=Words("АЦП: шаг тока", "ADC: step of current"),
        fields=(number("step", "шаг", "step", 0, 30, 1, "mA"),),
    ),
    Setting(
        name="ADC_SEND",
        section="pins",
        words=Words("АЦП: пакет измерений", "ADC: packs of measurements"),
        fields=(
            number("count", "измерений", "measurements", 0, 150),
            text("interval", "период", "interval", 8, kind="time"),
        ),
    ),
)

PORTS: Final[tuple[Setting, ...]] = (
    Setting(
        name="PORT_MODE",
        section="ports",
        words=Words("Работа портов", "Mode of the ports"),
        fields=(
            choice(
                "mode",
                "режим",
                "mode",
                "0",
                ("0", "RS485 и RS232 параллельно", "RS485 and RS232 in parallel"),
                ("1", "раздельно", "separate"),
            ),
        ),
    ),
    Setting(
        name="PORT_SET",
        section="ports",
        words=Words("Параметры порта", "Parameters of a port"),
        first=0,
        last=1,
        fields=(
            choice("baud", "скорость", "baud", "5", *_BAUDS),
            choice("bits", "бит данных", "data bits", "1", ("0", "7", "7"), ("1", "8", "8")),
            choice("stop", "стоп-биты", "stop bits", "0", ("0", "1", "1"), ("1", "1,5", "1.5"), ("2", "2", "2")),
            choice(
                "parity",
                "чётность",
                "parity",
                "0",
                ("0", "нет", "none"),
                ("1", "чётная", "even"),
                ("2", "нечётная", "odd"),
            ),
            flag("flow", "управление потоком (RS232)", "flow control (RS232)"),
        ),
        note=Words("0 RS485, 1 RS232.", "0 is RS485, 1 is RS232."),
    ),
    Setting(name="PORT_GPO1", section="ports", words=Words("Выходы разъёма RS232", "Outputs of RS232"), access="read"),
    Setting(
        name="PORT_CAPT",
        section="ports",
        words=Words("Захват порта", "Capture of a port"),
        first=0,
        last=1,
        fields=(number("ms", "время", "time", 0, 65535, 1000, "ms"),),
    ),
    Setting(
        name="PORT_INTV",
        section="ports",
        words=Words("Пауза между пакетами", "Gap between packets"),
        first=0,
        last=1,
        fields=(number("us", "пауза, 0 это 3,5 знака", "gap, 0 is 3.5 characters", 0, 10_000_000, 0, "us"),),
    ),
    Setting(
        name="PORT_DSIZE",
        section="ports",
        words=Words("Размер пакета", "Size of a packet"),
        first=0,
        last=1,
        fields=(number("bytes", "размер", "size", 0, 1480, 0, "B"),),
    ),
    Setting(
        name="MODBUS_SET",
        section="ports",
        words=Words("Преобразование Modbus", "Modbus conversion"),
        first=0,
        last=5,
        fields=(
            choice(
                "mode",
                "режим",
                "mode",
                "0",
                ("0", "нет", "none"),
                ("1", "RTU в TCP", "RTU to TCP"),
                ("2", "ASCII", "ASCII"),
            ),
        ),
        note=Words(
            "С преобразованием опрос перестаёт быть прозрачным.",
            "With a conversion polling is not transparent any more.",
        ),
    ),
    Setting(
        name="BT_SET",
        section="ports",
        words=Words("Bluetooth", "Bluetooth"),
        fields=(text("value", "значение", "value", 32),),
    ),
)
