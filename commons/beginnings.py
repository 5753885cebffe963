"""Finding words by how they begin, without regard to case, so that an index serves it on both engines.

The index is over `lower(column)`; a search for a beginning is a range of it. On PostgreSQL it must be `COLLATE "C"`, by code
point as SQLite compares: under the collation of a language what begins alike does not stand together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

LAST = "\U0010ffff"


class Folded(FunctionElement[str]):
    """A text in lower case, in the order of its code points."""

    name = "folded"
    type = String()
    inherit_cache = True


def begins_with(column: ColumnElement[Any] | Any, words: str) -> ColumnElement[bool]:
    """Whether the text of `column` begins with `words`. The database knows what is lower case, on both sides alike."""
    first = func.lower(literal(words, String()))
    return and_(Folded(column) >= first, Folded(column) < first.concat(LAST))


@compiles(Folded)
def _plainly(element: Folded, compiler: SQLCompiler, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


@compiles(Folded, "postgresql")
def _by_code_point(element: Folded, compiler: SQLCompiler, **more: Any) -> str:
    return f'lower({compiler.process(element.clauses, **more)}) COLLATE "C"'
