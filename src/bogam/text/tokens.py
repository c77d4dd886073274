"""The words of a text as an index sees them: English words by their stem, Korean ones by pairs of syllables.

Tokens are runs of one script, so that a particle after an English word (``DM으로``) is a token of its own. Pairs of
syllables find compounds that Korean writes with and without spaces; particles and verb endings are taken off first.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final, cast

import Stemmer

from bogam.terms.concepts import function_words
from bogam.terms.concepts import stem as korean_stem

_RUN: Final = re.compile(r"[a-z]+|[가-힣]+|\d+(?:[.,]\d+)*|[^\W\d_a-z가-힣]+")
_local: Final = threading.local()
_EMPTY: Final = frozenset(re.findall(r"\w+", """
a an and are as at be been being but by can could did do does for from had has have he her his how i if in into is it
its may might must of on or our she should so such than that the their them then there these they this those to was we
were what when where which while who whom whose why will with would you your
"""))  # fmt: skip
_EMPTY_KO: Final = frozenset(re.findall(r"\w+", """
무엇 무엇인 어떻게 어떤 언제 얼마 얼마나 누가 누구 어디 어디서 왜 몇 경우 때 때는 것 수 및 또는 그리고 하나 하는
해야 한다 있는 있나 있다 없는 대한 대해 위한 위해 이상 이하
"""))  # fmt: skip


def tokens(text: str) -> list[str]:
    """Return the tokens of a text in order; words that tell nothing are left out.

    Raises nothing, whatever the text; its time grows with the text's length alone.
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        found.extend(_of_run(run))
    return found


def placed(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return each run of one script with its place and tokens; ``text`` is in composed, ordinary-width form."""
    lower = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return [(run.start(), run.end(), _of_run(run[0])) for run in _RUN.finditer(lower)]


@lru_cache(maxsize=65536)
def _of_run(run: str) -> tuple[str, ...]:
    first = run[0]
    if "a" <= first <= "z":
        return () if run in _EMPTY else (_stemmed(run[:60]),)
    if first.isdigit():
        return (run.replace(",", ""),)
    if "가" <= first <= "힣":
        return _korean(run[:60])
    return tuple(run[:60])


_ASKED: Final = re.compile(
    r"(?:해야|하여야|하면|되면|이면)?(?:하나요|합니까|할까요|하는가|인가요|입니까|되나요|됩니까|습니까|나요|까요|는지요?"
    r"|한가|하는지|해야|하도록|하려면|인지|십시오|한가요|될까)$"
)
"""Endings of Korean questions and directions."""


def _korean(run: str) -> tuple[str, ...]:
    run = _ASKED.sub("", run)
    if not run or run in _EMPTY_KO or run in _function_words():
        return ()
    word = korean_stem(run)
    if word in _EMPTY_KO or word in _function_words():
        return ()
    return (word,) if len(word) < 3 else tuple(word[at : at + 2] for at in range(len(word) - 1))


@cache
def _function_words() -> frozenset[str]:
    return frozenset(word for word in function_words() if word[:1] >= "가")


def _stemmed(word: str) -> str:
    """Return the stem of an English word (Snowball's Porter2), by this thread's stemmer: it is not safe to share."""
    stemmer: Any = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = cast(Any, Stemmer).Stemmer("english")
    return str(stemmer.stemWord(word))
