"""Whether an SMS would go out now, in words for who asks; nobody is written to and nothing is paid."""

from collections.abc import Sequence

from irzhub.api import CheckOutcome, GsmModemView, in_words


def check_modems(views: Sequence[GsmModemView], language: str) -> CheckOutcome:
    """Return whether one of the modems is ready, and how each of them is, in `ru` or else in English."""
    told = "; ".join(f"{view.name}: {_told(view, language)}" for view in views)
    return CheckOutcome(is_good=any(view.state == "ready" for view in views), text=told)


def _told(view: GsmModemView, language: str) -> str:
    if view.state != "ready":
        return in_words(view.detail or view.state, language)
    is_russian = language == "ru"
    parts = [view.operator or ("в сети" if is_russian else "in the network")]
    if view.csq is not None:
        parts.append(f"{-113 + 2 * view.csq} {'дБм' if is_russian else 'dBm'}")
    if view.balance is not None:
        parts.append(f"{'баланс' if is_russian else 'balance'} {view.balance:g}")
    if view.last_error is not None:
        parts.append(f"{'последняя ошибка' if is_russian else 'last error'}: {in_words(view.last_error, language)}")
    return ", ".join(parts)
