"""The tables of SMS and calls are part of the local schema."""

from irzhub.storage.tables_local import metadata, phone_orders, phone_received


def test_they_stand_in_the_local_schema_with_their_indexes() -> None:
    assert metadata.tables["phone_orders"] is phone_orders
    assert metadata.tables["phone_received"] is phone_received
    assert {index.name for index in phone_orders.indexes} == {"ix_phone_orders_status", "ix_phone_orders_modem"}
    assert {index.name for index in phone_received.indexes} == {
        "ix_phone_received_modem",
        "ix_phone_received_received_at",
    }
