"""Text of RTF by striprtf, kept from the inputs on which its patterns take forever."""

from __future__ import annotations

from typing import Final, cast

from striprtf.striprtf import (
    font_table_group,  # pyright: ignore[reportUnknownVariableType]
    rtf_to_text,  # pyright: ignore[reportUnknownVariableType]
)

_FONT_TABLE: Final = 32_000
_FONT: Final = 500
"""Characters of a font table and of one font in it; Word's own stay far below. striprtf searches it in cubic time."""


class RtfError(ValueError):
    """RTF that cannot be read."""


def rtf_text(source: str) -> str:
    """Return the text of RTF; the code page it names is used for its bytes, Korean ones too.

    Raises
    ------
    RtfError
        When it is damaged.
    """
    fonts = cast("str", font_table_group(source))
    if len(fonts) > _FONT_TABLE or any(len(font) > _FONT for font in fonts.split(";")):
        raise RtfError("its font table is damaged")
    # A line break after \fldinst is nothing in RTF, but striprtf's hyperlink pattern, a cubic one, cannot start there.
    calm = source.replace("\\fldinst", "\\fldinst\n")
    try:
        return cast("str", rtf_to_text(calm, errors="replace")).strip()
    except (ValueError, LookupError, OverflowError, TypeError, AttributeError) as error:
        raise RtfError("it is damaged") from error
