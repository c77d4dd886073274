"""What the hospital's library must answer. It is never live: its documents are files, here the demonstration's."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copy

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.sources.library.shelf import Shelf


def _files(folder: Path) -> Sequence[Path]:
    """Copy the demonstration library into a folder."""
    with as_file(files("bogam.synthetic") / "library") as library:
        return [Path(copy(each, folder)) for each in sorted(library.iterdir())]


def _ids(answer: Answer) -> list[str]:
    return [item.id for item in answer.items]


def _version() -> str:
    """Return the version of the document that is not in force yet, as a citation has it."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "shelf")
        shelf.add(_files(Path(folder)))
        return next(each.version for each in shelf.editions("fall-prevention") if each.effective == "2027-01-01")


def _whole(answer: Answer) -> bool:
    pages = answer.items[0].fields["pages"]
    cited = answer.items[0].cite("/fields/pages/0/paragraphs/1")
    return cited.quote == pages[0]["paragraphs"][1] and len(pages[0]["headings"]) == len(pages[0]["paragraphs"])


contract = Contract(
    "library",
    [
        Case("English words find a document", "search", {"text": "heparin aPTT"}, "found", lambda a: (
            _ids(a) == ["anticoagulation"])),
        Case("Korean words with particles find a document", "search", {"text": "낙상을 평가"}, "found", lambda a: (
            _ids(a) == ["fall-prevention"])),
        Case("an inflected word finds its stem", "search", {"text": "measuring digoxin levels"}, "found", lambda a: (
            "formulary" in _ids(a))),
        Case("no match is none", "search", {"text": "zzqxv wwkjq"}, "none"),
        Case("all words must be there", "search", {"text": "heparin 낙상"}, "none"),
        Case("without words all documents in force, a part at a time", "search", {"limit": 4}, "truncated", lambda a: (
            len(a.items) == 4 and a.total == 6 and a.next == "4")),
        Case("next leads to the end", "search", {"limit": 4, "next": "4"}, "found", lambda a: (
            len(a.items) == 2 and a.next == "")),
        Case("only documents in one language", "search", {"language": "ko", "limit": 50}, "found", lambda a: (
            set(_ids(a)) == {"antibiotics", "chest-pain", "fall-prevention"})),
        Case("a next that was not given out is refused", "search", {"next": "٣"}, "refused"),
        Case("an unknown language is refused", "search", {"language": "fr"}, "refused"),
        Case("hostile characters do no harm", "search", {"text": "\u202e\x00%'\"*()+$;--"}, "none"),
        Case("a document comes whole, each paragraph citable", "get", {"id": "fall-prevention"}, "found", _whole),
        Case("the version in force comes by default", "get", {"id": "fall-prevention"}, "found", lambda a: (
            a.items[0].version == "2026-03-01")),
        Case("another version comes by its name", "get", {"id": "fall-prevention", "version": _version()}, "found",
             lambda a: a.items[0].version == "2027-01-01"),
        Case("a document without a date states none", "get", {"id": "breathlessness"}, "found", lambda a: (
            a.items[0].version == "" and a.items[0].document.version.startswith("~"))),
        Case("an unknown document", "get", {"id": "absent"}, "unknown_id"),
        Case("an unknown version", "get", {"id": "fall-prevention", "version": "2026-03-01~00000000"}, "unknown_id"),
        Case("a hostile id", "get", {"id": "../../etc/passwd"}, "unknown_id"),
        Case("an empty id is refused", "get", {"id": ""}, "refused"),
    ],
    bulk=_files,
)  # fmt: skip
