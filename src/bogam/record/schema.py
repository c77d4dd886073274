"""The tables of the record: every stored version of every resource, and the search index over the current ones.

A row of the index says: the element ``key`` of resource ``resource`` (a `resource.c.pk`) has this value. ``key`` is a
stable 31-bit number for a kind, a resource type and a path (see `bogam.record.search.plan`), so that search
parameters which share a path share the rows. Rows may outlive their version; searching joins `resource` and looks at
``current``.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql

metadata: Final = MetaData()

_Text: Final = String().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")
"""Text that compares by code point on every database: prefix searches are ranges."""

resource: Final = Table(
    "resource",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("type", _Text, nullable=False),
    Column("id", _Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("patient", _Text),
    Column("sha", _Text, nullable=False),
    Column("updated", _Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("type", "id", "version"),
    Index("resource_by_type", "type", "current"),
    Index("resource_by_patient", "patient", "current"),
)
"""One row for each version. ``body`` stands last: reading the other columns of a row then touches none of its pages."""

search_token: Final = Table(
    "search_token",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("code", _Text, primary_key=True),
    Column("resource", Integer, primary_key=True, autoincrement=False),
    Column("system", BigInteger, primary_key=True, autoincrement=False),
    Column("text", _Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""``system`` is a 63-bit digest of the system URI, 0 for none; ``text`` is what ``:text`` searches, normalised."""

search_reference: Final = Table(
    "search_reference",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("target", _Text, primary_key=True),
    Column("resource", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""References as ``Type/id`` (or an absolute URL), and the values of uri parameters."""

search_string: Final = Table(
    "search_string",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("norm", _Text, primary_key=True),
    Column("resource", Integer, primary_key=True, autoincrement=False),
    Column("exact", _Text, primary_key=True),
    Index("search_string_by_resource", "resource", "key"),
    sqlite_with_rowid=False,
)
"""``norm`` is without case and accents, ``exact`` as written."""

search_date: Final = Table(
    "search_date",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("low", BigInteger, primary_key=True, autoincrement=False),
    Column("resource", Integer, primary_key=True, autoincrement=False),
    Column("high", BigInteger, primary_key=True, autoincrement=False),
    Column("shift", Integer, primary_key=True, autoincrement=False),
    Index("search_date_by_resource", "resource", "key"),
    sqlite_with_rowid=False,
)
"""The time that the value covers, in milliseconds since 1970 UTC: ``low`` included, ``high`` excluded. ``shift`` is
what must be added to have the time as the clock on the wall showed it."""

search_quantity: Final = Table(
    "search_quantity",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("low", Double, primary_key=True),
    Column("resource", Integer, primary_key=True, autoincrement=False),
    Column("high", Double, primary_key=True),
    Column("code", _Text, primary_key=True),
    Column("unit", _Text, primary_key=True),
    Column("system", BigInteger, primary_key=True, autoincrement=False),
    Index("search_quantity_by_resource", "resource", "key"),
    sqlite_with_rowid=False,
)
"""``low`` and ``high`` are equal but for a Range or a quantity with a comparator. Numbers have no code, unit or
system."""

indexes: Final = (search_token, search_reference, search_string, search_date, search_quantity)

edits: Final = Table(
    "edits",
    metadata,
    Column("resource", Integer, primary_key=True, autoincrement=False),
    Column("edits", LargeBinary, nullable=False),
)
"""What was changed to make ``resource.body`` of the sender's bytes, and gives those back: rewritten references, an id
put in. No row where the body is the sender's as it was. MessagePack of `bogam.record.references.Edit`."""

quarantine: Final = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", _Text, nullable=False, unique=True),
    Column("state", _Text, nullable=False, index=True),
    Column("at", _Text, nullable=False),
    Column("origin", _Text, nullable=False),
    Column("place", _Text, nullable=False),
    Column("pointer", _Text, nullable=False),
    Column("reason", _Text, nullable=False),
    Column("problems", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha", _Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    Column("body", LargeBinary),
)
"""What was refused. ``digest`` is over origin, place and bytes, so that the same is kept once. ``state`` is waiting,
or loaded once a retry took it. ``raw`` is whole, or the first bytes when ``size`` is larger; then ``tail`` is the
last. ``body`` is ``raw`` with its references rewritten, where that makes a difference: its Bundle is not at hand at a
retry."""
