from irzhub.storage.outputs import OutputRow
from irzhub.web.models import OutputEdit
from irzhub.web.output_edit import merged_outputs

IMEI = "868441036775234"


def test_what_is_sent_is_merged_and_null_is_the_default() -> None:
    present = {4: OutputRow(IMEI, 4, "Насос", 1, True, 5.0), 2: OutputRow(IMEI, 2, "Свет", 3)}
    edits = {
        "4": OutputEdit.model_validate({"time": "20s", "feedback": None}),
        "2": None,
        "1": OutputEdit.model_validate({"name": "Сирена"}),
    }

    assert merged_outputs(edits, present, IMEI) == {
        4: OutputRow(IMEI, 4, "Насос", None, True, 20.0),
        2: OutputRow(IMEI, 2),
        1: OutputRow(IMEI, 1, "Сирена"),
    }
