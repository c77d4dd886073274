"""What the library says of a file, in Korean: why it was refused, what of it was left out or not read."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "Hidden text was left out."


def addressed(count: int) -> str:
    """Say that paragraphs speak to a program."""
    return (
        "1 paragraph looks like instructions to a program: not used in answers."
        if count == 1
        else f"{count} paragraphs look like instructions to a program: not used in answers."
    )


def misdated(text: str) -> str:
    """Say that a date is impossible."""
    return (
        f'It states "{text}" as the date from which it applies, and there is no such date: add it again with its date.'
    )


_KO: Final = tuple(
    (re.compile(english, re.IGNORECASE), korean)
    for english, korean in (
        (r"hidden text was left out\.?", "숨겨진 글은 읽지 않고 뺐습니다."),
        (
            r"(\d+) paragraphs? looks? like instructions to a program: not used in answers\.?",
            r"\1개 문단이 프로그램에 내리는 지시로 보여 답에 쓰지 않습니다.",
        ),
        (
            r'it states "(.*)" as the date from which it applies, and there is no such date.*',
            r"시행일로 “\1”이라고 적혀 있으나 그런 날짜는 없습니다. 시행일을 지정하여 다시 넣으십시오.",
        ),
        (r"only the first (\d+) of (\d+) pages were read\.?", r"\2쪽 가운데 앞의 \1쪽만 읽었습니다."),
        (
            r"(\d+) of (\d+) pages are damaged or too complex to read\.?(; .*)?",
            r"\2쪽 가운데 \1쪽은 손상되었거나 너무 복잡하여 읽지 못했습니다.",
        ),
        (r"the pdf has no text; it may be a scan.*", "PDF에 글자가 없습니다. 스캔이면 먼저 OCR을 하십시오"),
        (r"it has no text; a scan must be read by ocr first", "글자가 없습니다. 스캔이면 먼저 OCR을 하십시오"),
        (r"the pdf is locked with a password.*", "PDF에 암호가 걸려 있습니다. 암호를 풀어 저장하십시오"),
        (r"the pdf is damaged.*", "PDF가 손상되었습니다"),
        (r"it is larger than (\d+) MB.*", r"\1 MB보다 큽니다. 나누어 넣으십시오"),
        (r"it holds macros.*", "매크로가 들어 있습니다. 매크로 없이(.docx) 또는 PDF로 저장하십시오"),
        (
            r"a file that ends in (\S+) is not read.*",
            r"\1 파일은 읽지 않습니다. PDF, DOCX, HTML, Markdown, 텍스트를 읽습니다",
        ),
        (r"it is empty", "빈 파일입니다"),
        (
            r"it is locked with a password, or an old \.doc.*",
            "암호가 걸렸거나 예전 .doc 파일입니다. 암호 없이 .docx나 PDF로 저장하십시오",
        ),
        (r"its content is (?:no )?(\S+) although its name ends in (\S+)", r"내용이 이름(\2)과 다릅니다"),
        (r"it is no text: it holds NUL bytes", "텍스트가 아닙니다. NUL 바이트가 들어 있습니다"),
        (
            r"its characters are neither UTF-8 nor a Korean code page.*",
            "글자가 UTF-8도 한글 코드 페이지도 아닙니다. UTF-8로 저장하십시오",
        ),
        (r"it has too many parts to be a Word document", "워드 문서치고 들어 있는 부분이 너무 많습니다"),
        (r"it is no Word document.*", "워드 문서가 아닙니다"),
        (
            r"it is damaged or locked with a password.*",
            "손상되었거나 암호가 걸려 있어 열 수 없습니다",
        ),
        (r"its text unpacks to more than (\d+) MB", r"풀면 글이 \1 MB를 넘습니다"),
        (r"it is damaged: (\S+) is no plain XML", r"손상되었습니다. \1을(를) 읽을 수 없습니다"),
        (
            r"it has more than ([\d,]+) paragraphs or ([\d,]+) characters.*",
            r"문단이 \1개, 글자가 \2자를 넘습니다. 나누어 넣으십시오",
        ),
        (r"its name has no letter or digit.*", "이름에 글자나 숫자가 없습니다. 이름을 바꾸십시오"),
        (
            r'it would be the same document as (.+) \("(.+)"\).*',
            r"\1와(과) 같은 문서(“\2”)가 됩니다. 한쪽의 이름을 바꾸십시오",
        ),
        (r"it cannot be opened.*", "파일을 열 수 없습니다"),
    )
)


def korean(text: str) -> str:
    """Return in Korean what the library says of a file; what has no Korean stays as it is."""
    for english, told in _KO:
        if found := english.fullmatch(text.strip()):
            return found.expand(told)
    return text
