"""The tables of settings and firmware, for the local schema."""

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_settings_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Add the tables of templates, of what modems were sent and told, and of firmware images; return them."""
    settings_templates = Table(
        "settings_templates",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("name", String(200), nullable=False),
        Column("organisation", String(64), nullable=False),
        Column("model", String(40), nullable=False),
        Column("comment", String(2000), nullable=False),
        Column("lines", JsonText, nullable=False),
        Column("defaults", JsonText, nullable=False),
        Column("modem_values", JsonText, nullable=False),
        Column("may_be_unknown", Boolean, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("updated_by", String(100), nullable=False),
    )
    modem_settings = Table(
        "modem_settings",
        metadata,
        Column("modem", Ident(40), primary_key=True),
        Column("name", Ident(40), primary_key=True),
        Column("sent", String(400)),
        Column("sent_at", UtcDateTime),
        Column("sent_via", String(8)),
        Column("read", String(400)),
        Column("read_at", UtcDateTime),
        Column("read_from", String(20)),
    )
    firmware_images = Table(
        "firmware_images",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("name", String(200), nullable=False),
        Column("model", String(40), nullable=False),
        Column("version", String(40), nullable=False),
        Column("comment", String(2000), nullable=False),
        Column("sha256", Ident(64), nullable=False),
        Column("size_bytes", Integer, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_by", String(100), nullable=False),
    )
    return settings_templates, modem_settings, firmware_images
