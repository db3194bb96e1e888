"""Whether an SMS would go out now, in words for who asks; nobody is written to and nothing is paid."""

from collections.abc import Sequence
from typing import Final

from irzhub.api import CheckOutcome, GsmModemView

_STATES: Final[dict[str, tuple[str, str]]] = {
    "absent": ("the port is not there, or another program has it", "порта нет, или его занял кто-то другой"),
    "starting": ("it is made ready", "модем готовится"),
    "mute": ("it does not answer: switch its power off and on", "модем не отвечает: снимите и подайте питание"),
    "no_sim": ("there is no SIM card in it", "в модеме нет SIM-карты"),
    "sim_failed": ("its SIM card does not answer", "SIM-карта не отвечает"),
    "pin_wanted": ("its SIM card wants a PIN", "SIM-карта просит PIN-код"),
    "pin_refused": ("the PIN did not open its SIM card", "PIN-код не подошёл к SIM-карте"),
    "puk_wanted": ("its SIM card wants its PUK", "SIM-карта просит PUK-код"),
    "no_network": ("it is not in the network", "модем не зарегистрирован в сети"),
}
"""What is in the way, in English and Russian, by the state of a modem."""


def check_modems(views: Sequence[GsmModemView], language: str) -> CheckOutcome:
    """Return whether one of the modems is ready, and how each of them is, in `ru` or else in English."""
    is_russian = language == "ru"
    told = "; ".join(f"{view.name}: {_told(view, is_russian)}" for view in views)
    return CheckOutcome(is_good=any(view.state == "ready" for view in views), text=told)


def _told(view: GsmModemView, is_russian: bool) -> str:
    if view.state != "ready":
        words = _STATES.get(view.state)
        return view.detail or view.state if words is None else words[is_russian]
    parts = [view.operator or ("в сети" if is_russian else "in the network")]
    if view.csq is not None:
        parts.append(f"{-113 + 2 * view.csq} {'дБм' if is_russian else 'dBm'}")
    if view.balance is not None:
        parts.append(f"{'баланс' if is_russian else 'balance'} {view.balance:g}")
    if view.last_error is not None:
        parts.append(f"{'последняя ошибка' if is_russian else 'last error'}: {view.last_error}")
    return ", ".join(parts)
