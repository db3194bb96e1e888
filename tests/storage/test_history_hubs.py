from datetime import timedelta

import pytest

from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.history_hubs import CLAIM_FOR, claim_hub, release_hub
from irzhub.storage.local import Connection
from tests.storage.rows import NOW


def test_one_hub_claims_its_id_again_and_again(history_connection: Connection) -> None:
    for minute in range(5):
        claim_hub(history_connection, "main", "01A", NOW + timedelta(minutes=minute))
    claim_hub(history_connection, "south", "01B", NOW)


def test_a_second_one_with_that_id_is_refused_while_the_first_lives(history_connection: Connection) -> None:
    claim_hub(history_connection, "main", "01A", NOW)

    with pytest.raises(DatabaseUnavailable, match=r"another hub with the id 'main' .* a `hub\.id` of its own"):
        claim_hub(history_connection, "main", "01B", NOW + CLAIM_FOR / 2)
    claim_hub(history_connection, "main", "01B", NOW + CLAIM_FOR)
    with pytest.raises(DatabaseUnavailable):
        claim_hub(history_connection, "main", "01A", NOW + CLAIM_FOR)


def test_a_hub_that_ended_in_order_leaves_its_id_free(history_connection: Connection) -> None:
    claim_hub(history_connection, "main", "01A", NOW)
    release_hub(history_connection, "main", "01B")
    with pytest.raises(DatabaseUnavailable):
        claim_hub(history_connection, "main", "01B", NOW)
    release_hub(history_connection, "main", "01A")
    claim_hub(history_connection, "main", "01B", NOW)
