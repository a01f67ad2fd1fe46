"""What the house remembers: SQLModel tables, one module a noun, on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlmodel import SQLModel

# Every constraint has a name, so that a later migration can drop or change it on both databases.
# It must stand before the first table is declared, hence here.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
