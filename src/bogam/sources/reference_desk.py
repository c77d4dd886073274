"""The reference desk: asks a source, live or its mirror, and answers in the one envelope, whatever happens."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, quote_plus

from pydantic import ValidationError

from bogam.sources.answer import (
    Answer,
    BadQuery,
    Document,
    Item,
    Result,
    UnknownId,
    Upstream,
)
from bogam.sources.catalogue import Catalogue, Way, held, off
from bogam.sources.mirrors import KeepsVersions
from bogam.sources.outside.egress import NotSent, People, check
from bogam.sources.outside.gate import client
from bogam.sources.outside.http import SKEW_S, Http, Line, Pace, instant
from bogam.sources.reading import korean
from bogam.sources.settings import Setting
from bogam.sources.source import Answering, Conversation, Lookup, Query, Source

Act = Literal["search", "get"]


class ReferenceDesk(Catalogue):
    """The sources of one home folder.

    Parameters
    ----------
    home
        The home folder: ``config.toml`` says what is enabled, ``sources/`` holds mirrors and what is kept.
    known
        Sources by name; the installed ones by default.
    clock, sleep
        Seconds since the epoch, and waiting.
    people
        Says whether a question names a patient of this record; such a question is not sent.
    """

    def __init__(
        self,
        home: Path,
        known: Mapping[str, Source] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: float = 20.0,
        patience_s: float = 30.0,
        people: People = lambda keys: False,
    ) -> None:
        super().__init__(home, known, clock=clock, timeout_s=timeout_s)
        self._people = people
        self._sleep, self._patience_s = sleep, patience_s
        self._lines: dict[str, tuple[Setting, Line]] = {}
        self._lock = threading.Lock()

    # --- asking

    def request(self, name: str, act: Act, given: Mapping[str, Any]) -> Any:
        """Return a source's request of outside values. Raises `NoSource`, `BadQuery` naming the field."""
        source = self.source(name)
        shape = source.Search if act == "search" else source.Get
        try:
            return shape.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            where = "".join(f"{part}: " for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ").rstrip(".")
            raise BadQuery(f"{name} {act}: {where}{said}. Fields: {', '.join(shape.model_fields)}.") from error

    def ask(self, name: str, act: Act, request: Query | Lookup | Mapping[str, Any], *, way: Way = "auto") -> Answer:
        """Ask a source.

        Parameters
        ----------
        request
            The source's ``Search`` or ``Get``, or a mapping to make it of.
        way
            ``live`` or ``mirror`` alone; by default live where it is enabled, else the mirror.

        Raises
        ------
        NoSource, BadQuery
            For what cannot be asked.
        SourceOff
            When the source is neither enabled nor mirrored. Every failure of the source itself is an answer.
        """
        source = self.source(name)
        asked = self.request(name, act, request) if isinstance(request, Mapping) else request
        built_in = source.built_in()
        if built_in is not None:
            return self._answer(source, act, asked, built_in, "built-in", None)
        setting = self._setting(name)
        if way != "mirror" and setting.enabled:
            live = self._live(source, act, asked, setting)
            behind = self._behind(source, act, asked) if live.status == "upstream_error" and way == "auto" else None
            if behind is None or behind.status in ("none", "unknown_id"):
                return live
            reason = f"{live.reason} This is from the mirror of {behind.version}. {behind.reason}".rstrip()
            return replace(behind, status="stale", reason=reason)
        mirrored = self._mirrored(source, act, asked) if way != "live" else None
        if mirrored is None:
            raise off(source, self.mirror(name), way, enabled=setting.enabled)
        return mirrored

    def may_leave(self, name: str, act: Act, request: Mapping[str, Any], *, way: Way = "auto") -> None:
        """Refuse a question that would be sent and that holds what identifies a patient; `ask` refuses it too.

        Raises
        ------
        NoSource, BadQuery
            For what cannot be asked; `NotSent` for what identifies a patient.
        """
        source = self.source(name)
        if way != "mirror" and source.built_in() is None and self._setting(name).enabled:
            self._may_leave(source, act, self.request(name, act, request))

    def search(self, name: str, *, way: Way = "auto", **given: Any) -> Answer:
        """Search a source; see `ask`."""
        return self.ask(name, "search", given, way=way)

    def get(self, name: str, id: str, *, way: Way = "auto", **given: Any) -> Answer:
        """Get one item of a source; see `ask`."""
        return self.ask(name, "get", {"id": id, **given}, way=way)

    def keep(self, items: Sequence[Item]) -> None:
        """Keep items that a draft cites, so that they resolve when the mirror has moved on."""
        self.kept.keep(items)

    def cited(self, ref: str, version: str) -> Document | None:
        """Return the document that a citation stands in; None when it is not here in that version."""
        kept = self.kept.document(ref, version)
        if kept is not None:
            return kept
        name, _, id = ref.partition(":")
        if name not in self._sources():
            return None
        source, mirror = self.source(name), self.mirror(name)
        if isinstance(mirror, KeepsVersions):
            return mirror.document(id, version)
        backend = source.built_in() or (mirror if held(mirror) else None)
        if backend is None:
            return None
        try:
            found = backend.get(source.Get.model_validate({"id": id}))
        except (UnknownId, Upstream, BadQuery, ValidationError, sqlite3.DatabaseError):
            return None
        return next((i.document for i in found.items if i.ref == ref and i.document.version == version), None)

    def current(self, ref: str, version: str) -> bool:
        """Return False when what is here holds another version of a cited document than the one cited."""
        name, _, id = ref.partition(":")
        mirror = self.mirror(name) if name in self._sources() else None
        if mirror is None or held(mirror) is None:
            return True
        try:
            found = mirror.get(self.source(name).Get.model_validate({"id": id}))
        except (UnknownId, Upstream, BadQuery, ValidationError, sqlite3.DatabaseError):
            return True
        return all(i.ref != ref or i.document.version == version for i in found.items)

    # --- how

    def _line(self, source: Source, setting: Setting) -> Line:
        with self._lock:
            known = self._lines.get(source.name)
            if known is not None and known[0] == setting:
                return known[1]
            base = setting.base or source.base
            rate = max(source.per_second, source.per_second_with_key) if setting.key else source.per_second
            line = Line(
                source.name,
                base,
                client(base, setting.proxy, self._timeout_s),
                self.kept,
                Pace(rate, time.monotonic, self._sleep),
                source.fresh_s,
                setting.key,
                self._clock,
                self._sleep,
                self._patience_s,
                setting.more,
            )
            self._lines[source.name] = (setting, line)
            return line

    def _live(self, source: Source, act: Act, request: Any, setting: Setting) -> Answer:
        self._may_leave(source, act, request)
        http: Conversation
        backend: Answering | None
        speaker = source.speaks(setting, self._timeout_s, self._clock)
        if speaker is not None:
            backend = http = speaker
        else:
            line = Http(self._line(source, setting))
            backend, http = source.live(line), line
        if backend is None:
            raise BadQuery(f"{source.name} has no live form.")
        answer = self._answer(source, act, request, backend, "live", http)
        answer = replace(answer, reason=_without(answer.reason, setting.key))
        # A tool's answer holds what it was asked; what comes from the cache was kept when it came.
        if speaker is None and answer.usable and answer.backend == "live":
            self.kept.keep_shown(answer.items)
        return answer

    def _behind(self, source: Source, act: Act, request: Any) -> Answer | None:
        """Return what the mirror says where the live source failed; None where it cannot be asked the same."""
        try:
            return self._mirrored(source, act, request)
        except BadQuery:
            return None

    def _may_leave(self, source: Source, act: Act, request: Query | Lookup) -> None:
        """Refuse a question that holds what identifies a patient, before anything of it is sent."""
        asked = request.model_dump(mode="json", exclude_defaults=True)
        try:
            check(asked, self._people, names=not source.people, numbers=act == "search" or set(asked) != {"id"})
        except NotSent as refusal:
            mirror = self.mirror(source.name)
            if mirror is None or held(mirror) is None:
                raise
            here = ("The mirror answers it here (`--way mirror`).", "미러에는 그대로 물을 수 있습니다(`--way mirror`).")
            raise NotSent(f"{refusal} {here[0]}", ko=f"{refusal.ko} {here[1]}") from None

    def _mirrored(self, source: Source, act: Act, request: Any) -> Answer | None:
        mirror = self.mirror(source.name)
        state = held(mirror)
        if mirror is None or state is None:
            return None
        made = self._answer(source, act, request, mirror, "mirror", None)
        age = int(self._clock() - _seconds(state.imported_at))
        dated = replace(made, version=made.version or state.version, retrieved_at=state.imported_at, age_s=max(0, age))
        if age < -SKEW_S and made.status != "upstream_error":
            doubt = f"The mirror was imported at {state.imported_at}, later than now: set this machine's clock."
            return replace(dated, status="stale", reason=_joined(doubt, dated))
        return dated

    def _answer(
        self,
        source: Source,
        act: Act,
        request: Any,
        backend: Answering,
        kind: Literal["live", "mirror", "built-in"],
        http: Conversation | None,
    ) -> Answer:
        """Have a backend answer, and say what its result or its failure means."""
        base = Answer("none", source.name, kind)
        try:
            if act == "get":
                result = backend.get(request)
            elif source.english:
                result = korean.asked(request, backend.search, source.title)
            else:
                result = backend.search(request)
            if http is not None:
                for each in result.items:
                    _ = each.document  # what cannot be written down, such as JSON nested too deep, is no answer
        except UnknownId as error:
            base, result = replace(base, status="unknown_id", reason=str(error)), Result()
        except Upstream as error:
            base, result = replace(base, status="upstream_error", reason=str(error)), Result()
        except sqlite3.DatabaseError as error:
            reason = f"The {kind} of {source.name} cannot be read ({error}). Import it again."
            base, result = replace(base, status="upstream_error", reason=reason), Result()
        except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
            if http is None:
                raise  # here nobody else can be at fault
            shape = f"{type(error).__name__}: {error}"[:200]
            reason = f"{source.title} sent what does not have the documented shape ({shape})."
            base, result = replace(base, status="upstream_error", reason=reason), Result()
        else:
            base = _told(base, result)
        if http is not None:
            base = self._dated(base, http)
        if len(result.items) == 1 and result.items[0].url:
            base = replace(base, url=result.items[0].url)
        return base

    def _dated(self, answer: Answer, http: Conversation) -> Answer:
        """Say when the parts of a live answer came, and whether that can be relied on; keep what made sense."""
        if answer.status != "upstream_error":
            http.commit()
        at = http.oldest if http.oldest is not None else self._clock()
        answer = replace(
            answer,
            backend="cache" if http.cached and http.oldest is not None else "live",
            retrieved_at=instant(at),
            age_s=max(0, int(self._clock() - at)),
            url=http.first_url,
        )
        if http.doubt and answer.status != "upstream_error":
            return replace(answer, status="stale", reason=_joined(http.doubt, answer))
        return answer


def _without(text: str, key: str) -> str:
    """Return a reason without the key, however the source wrote it: some repeat what they were asked."""
    for written in {key, quote(key), quote(key, safe=""), quote_plus(key)} if key else ():
        text = text.replace(written, "…")
    return text


def _joined(doubt: str, answer: Answer) -> str:
    """Return the doubt about an answer and what the answer says besides."""
    return f"{doubt} {answer.reason or ('' if answer.items else 'Nothing matched.')}".strip()


def _told(base: Answer, result: Result) -> Answer:
    more = bool(result.next or result.cut)
    reason = result.cut or ("More items match; ask again with `next`." if more else "")
    reason = " ".join(filter(None, (result.note, reason)))
    status = "truncated" if more else "found" if result.items else "none"
    return replace(
        base,
        status=status,
        items=result.items,
        version=result.version,
        total=result.total,
        next=result.next,
        reason=reason,
    )


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
