"""Alembic's entry. migrate.py hands over the connection, inside its transaction and lock."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import String, TypeDecorator

from storage.tables import METADATA


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Plain SQLAlchemy types in revisions: an old one must not change when our types do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        plain: Any = item.impl
        if isinstance(plain, String) and getattr(item, "length", None):
            plain = String(length=item.length)
        return f"sa.{plain!r}"
    return False


connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("run `nuanxin db upgrade`, or storage.migrate.upgrade(url)")
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
