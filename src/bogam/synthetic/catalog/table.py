"""Reading the tables, which are written as text so that they can be read and corrected as tables."""

from __future__ import annotations


def rows(text: str, columns: int) -> list[list[str]]:
    """Split a ``|`` table into rows of exactly ``columns`` trimmed cells; a short row is filled with empty cells.

    Raises
    ------
    ValueError
        For a row with more cells than columns.
    """
    table: list[list[str]] = []
    for line in text.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > columns:
            raise ValueError(f'"{line}" has {len(cells)} cells, the table has {columns} columns')
        table.append(cells + [""] * (columns - len(cells)))
    return table
