"""What automations say of themselves: of runs that did not do what they should, and of a file that is refused."""

from typing import Final

from irzhub.alerts.saying import Saying

_RUNS: Final = (
    Saying("run.sets_itself_off", "the rule sets itself off", "правило запускает само себя"),
    Saying(
        "run.one_at_a_time", "another run for this modem has not ended", "прошлый запуск для этого модема не кончился"
    ),
    Saying("run.queue", "{count:d} runs for this modem wait already", "для этого модема уже ждут запусков: {count}"),
    Saying("run.too_many", "{count:d} others wait already", "уже ждут других: {count}"),
    Saying(
        "run.too_long",
        "it takes more than {count:d} steps or {milliseconds:d} ms",
        "больше {count} шагов или {milliseconds} мс",
    ),
    Saying("run.nothing_left", "there is nothing left to do", "делать больше нечего"),
    Saying("run.no_rule", "there is no such rule any more", "такого правила больше нет"),
    Saying("run.condition", "a condition does not hold", "условие не выполнено"),
    Saying("run.in_vain", "what was waited for did not come", "ожидание кончилось ничем"),
    Saying("run.repeats", "it was repeated {count:d} times, which is the limit", "повторов {count}, это предел"),
    Saying("run.commissioning", "the modem is being commissioned", "модем в режиме наладки"),
    Saying("run.quiet", "nobody is told during {what}", "сейчас никому не сообщается: {what}"),
    Saying("run.nobody", "nobody is to be told any more", "сообщать больше некому"),
    Saying("run.no_modem", "no modem", "нет модема"),
    Saying(
        "run.which_modem",
        "expected `modem`: what set the rule off has none",
        "нужен `modem`: у события, запустившего правило, модема нет",
    ),
    Saying("run.topic", "expected a topic without + and #", "нужна тема без + и #"),
    Saying(
        "run.commands",
        "{count:d} commands of rules are under way already",
        "команд правил уже выполняется: {count}",
    ),
    Saying("run.no_broker", "this process has no broker for rules", "у этого процесса нет брокера для правил"),
    Saying("run.stopping", "the process is stopping", "процесс останавливается"),
    Saying(
        "run.hub_silent",
        "the hub did not answer: does it take commands over MQTT?",
        "хаб не ответил: принимает ли он команды по MQTT?",
    ),
)

_TEMPLATES: Final = (
    Saying("text.undefined", "'{name}' is undefined", "нет значения {name}"),
    Saying("text.no_attribute", "'{thing}' has no attribute '{name}'", "нет значения {name}"),
    Saying("text.turns", "its loops take more than {count:d} turns", "витков цикла больше {count}"),
    Saying("text.time", "it takes longer than {milliseconds:d} ms", "дольше {milliseconds} мс"),
    Saying("text.too_long", "{which:w} text grows longer than {count:d} characters", "текст длиннее {count} знаков"),
    Saying("text.too_large", "a number grows too large", "число слишком велико"),
    Saying(
        "text.operands",
        "{operator:w} takes two numbers, or `+` two texts",
        "{operator} принимает два числа, а `+` и два текста",
    ),
    Saying("text.nested", "it is nested too deep", "слишком глубокая вложенность"),
    Saying(
        "text.several",
        "expected one value to show, came several: name one of them, or use `| join`",
        "нужно одно значение, а здесь несколько: назовите одно или возьмите `| join`",
    ),
    Saying("text.broken", "expected a template: {why}", "шаблон с ошибкой: {why}"),
    Saying("text.deep", "expected a template that is not nested so deep", "слишком глубокая вложенность шаблона"),
    Saying(
        "text.not_here",
        "expected values, filters, if, for and set, came {what}",
        "можно значения, фильтры, if, for и set, а здесь {what}",
    ),
    Saying(
        "text.a_call",
        "a call; write a filter such as `| upper` in its place",
        "вызов; возьмите фильтр, например `| upper`",
    ),
    Saying("text.filter", "unknown filter {name:w}; known: {known}", "нет фильтра {name}; есть: {known}"),
    Saying("text.test", "unknown test {name:w}; known: {known}", "нет проверки {name}; есть: {known}"),
    Saying("text.name", "expected the name of a value, came {given}", "нужно имя значения, указано {given}"),
)

_FILE: Final = (
    Saying("file.came", "expected {what}, came {given}", "нужно: {what}; указано: {given}"),
    Saying("file.unknown_key", "unknown key; {hint}", "такого ключа нет; {hint}"),
    Saying("file.did_you_mean", "did you mean {key}?", "может быть, {key}?"),
    Saying("file.known_here", "known here: {keys}", "здесь есть: {keys}"),
    Saying(
        "file.missing_key",
        "expected the key {key:w} too ({what}), it is missing",
        "нет обязательного ключа {key} ({what})",
    ),
    Saying("file.twice", "this key was given before, in line {line:d}", "этот ключ уже был в строке {line}"),
    Saying(
        "file.id_twice",
        "expected an id of its own, {id} was given before, in line {line:d}",
        "нужен свой id: {id} уже был в строке {line}",
    ),
    Saying(
        "file.count",
        "expected {least:d} to {most:d} {what}, came {given:d}",
        "нужно от {least} до {most} ({what}), указано {given}",
    ),
    Saying(
        "file.list",
        "a list of automations, each begins with `- id:`",
        "список автоматизаций, каждая начинается с `- id:`",
    ),
    Saying(
        "file.not_a_list",
        "expected a list of automations, each begins with `- id:`",
        "нужен список автоматизаций, каждая начинается с `- id:`",
    ),
    Saying(
        "file.aliases",
        "aliases (`*name`) are not allowed, write the value out",
        "ссылки (`*name`) нельзя, впишите значение",
    ),
    Saying(
        "file.encoding", "the file is {encoding}, save it as UTF-8", "файл в кодировке {encoding}, сохраните в UTF-8"
    ),
    Saying("file.tag", "a plain value or `!secret name`", "значение или `!secret имя`"),
    Saying(
        "file.no_blueprint",
        "expected a file under blueprints/ such as door.yaml, there is none of that name",
        "нет такого файла в blueprints/",
    ),
    Saying("file.blueprint", "the blueprint cannot be used: {why}", "заготовку использовать нельзя: {why}"),
    Saying(
        "file.no_input",
        "the blueprint has no such input; known here: {known}",
        "у заготовки нет такого параметра; есть: {known}",
    ),
    Saying("file.input", "expected the input {name:w} too, it is missing", "нет параметра заготовки {name}"),
    # What may stand in a place.
    Saying("what.secret", "a secret", "секрет"),
    Saying("what.mapping", "a mapping", "раздел"),
    Saying("what.one_list", "a list", "список"),
    Saying("what.of_list", "a list of {things}", "список ({things})"),
    Saying("what.or_list", "{what}, or a list of them", "{what} или список из них"),
    Saying("what.dashes", "{what}, each begins with `- `", "{what}, каждый пункт начинается с `- `"),
    Saying("what.in_quotes", "{what}, in quotes", "{what}, в кавычках"),
    Saying("what.triggers", "triggers", "триггеры"),
    Saying("what.conditions", "conditions", "условия"),
    Saying("what.actions", "actions", "действия"),
    Saying("what.text", "a text", "текст"),
    Saying("what.name", "a name", "название"),
    Saying("what.flag", "true or false", "true или false"),
    Saying("what.number", "a number from {least:d} to {most:d}", "число от {least} до {most}"),
    Saying("what.whole", "a whole number from {least:d} to {most:d}", "целое число от {least} до {most}"),
    Saying("what.duration", "a duration such as 30s, 10m, 2h or 00:02:10", "время вида 30s, 10m, 2h или 00:02:10"),
    Saying(
        "what.duration_off",
        "a duration such as 30s, 10m, 2h or 00:02:10, or off",
        "время вида 30s, 10m, 2h или 00:02:10 либо off",
    ),
    Saying("what.duration_range", "a duration from {least:w} to {most:w}", "время от {least} до {most}"),
    Saying(
        "what.template", "a text, with {{ ... }} where values are to stand", "текст, в нём {{ ... }} на месте значений"
    ),
    Saying("what.modem", "a modem id such as {example:w}", "номер модема вида {example}"),
    Saying("what.group", "a group such as {example:w}", "группа вида {example}"),
    Saying("what.phone", "a phone number such as {example:w}", "номер телефона вида {example}"),
    Saying("what.sender", "a sender such as {example:w}", "отправитель вида {example}"),
    Saying("what.mail", "one mail address such as {example:w}", "один адрес почты вида {example}"),
    Saying("what.chat", "a chat id or @name", "номер чата или @имя"),
    Saying("what.topic", "a topic filter such as {example:w}", "фильтр тем вида {example}"),
    Saying("what.time", "a time of day such as {example}", "время суток вида {example}"),
    Saying("what.date", "a date such as {example}", "дата вида {example}"),
    Saying("what.cron", "a cron expression such as {example}", "выражение cron вида {example}"),
    Saying("what.target", "the name of a contact, a team or a roster", "имя контакта, команды или графика дежурств"),
    Saying("what.calendar", "the name of a calendar", "имя календаря"),
    Saying("what.trigger_id", "the id of a trigger", "id триггера"),
    Saying("what.id", "an `id`, a text of its own for each automation", "`id`, свой у каждой автоматизации"),
    Saying("what.record", "{thing}: a mapping with {keys}", "раздел с ключами {keys}"),
    Saying("what.tagged", "a mapping with {tag:w}: {words}", "раздел, где {tag} — одно из: {words}"),
)

OF_RULES: Final = (*_RUNS, *_TEMPLATES, *_FILE)
