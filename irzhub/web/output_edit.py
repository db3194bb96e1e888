"""From a change of outputs to their rows (RFC 7396)."""

from collections.abc import Mapping

from irzhub.storage.outputs import OutputRow
from irzhub.web.models import OutputEdit


def merged_outputs(
    edits: Mapping[str, OutputEdit | None], present: Mapping[int, OutputRow], modem: str
) -> dict[int, OutputRow]:
    """Return the rows of the outputs that an edit names, with the change merged in."""
    return {
        int(pin): _merged(present.get(int(pin)) or OutputRow(modem, int(pin)), change) for pin, change in edits.items()
    }


def _merged(row: OutputRow, change: OutputEdit | None) -> OutputRow:
    """Return `row` with a change merged in; null as the whole, or for a field, is the default."""
    default = OutputRow(row.modem, row.pin)
    if change is None:
        return default
    sent = change.model_fields_set
    return OutputRow(
        modem=row.modem,
        pin=row.pin,
        name=(change.name or "") if "name" in sent else row.name,
        feedback=change.feedback if "feedback" in sent else row.feedback,
        invert=bool(change.invert) if "invert" in sent else row.invert,
        confirm_s=(change.time or default.confirm_s) if "time" in sent else row.confirm_s,
    )
