"""The life of a draft: made by a skill, verified, edited, signed and filed, or rejected; exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import BaseModel, ValidationError

from bogam.access.decide import Refused, Work, decide
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.evidence.draft import Draft, Filed, Signature, cited_in
from bogam.evidence.drafts import NoDraft, State
from bogam.evidence.export import fhir
from bogam.evidence.retrieval.need import Need, Question
from bogam.evidence.verify import verify, verify_draft
from bogam.record.facts import Timeline
from bogam.record.store import Incoming, Resource
from bogam.skills.skill import Informed, Skill, skills

if TYPE_CHECKING:
    pass


from bogam.app.house import BadRequest, House, SourceClosed, Unknown, now

FORMATS: Final = ("text", "markdown", "html", "pdf", "csv", "fhir")


def _work(filed: Filed, actor: Actor) -> Work:
    own = filed.made_by == actor.id and filed.edited_by in ("", actor.id)
    return Work(filed.draft.skill, filed.state == "signed", own)


class Drafting(House):
    """The drafts of a `Bogam`."""

    def run(self, skill: str, *, patient: str, actor: Actor, purpose: str | Purpose, **request: Any) -> Draft:
        """Have a skill make a draft about a patient, verify it, and keep it until a person signs or rejects it.

        Raises
        ------
        Unknown
            For a skill or patient that does not exist.
        BadRequest
            When ``request`` does not fit the skill's request type.
        """
        return self.run_request(skill, request, patient=patient, actor=actor, purpose=purpose)

    def run_request(
        self,
        skill: str,
        request: Mapping[str, Any],
        *,
        patient: str,
        actor: Actor,
        purpose: str | Purpose,
        wait: bool = True,
    ) -> Draft:
        """As `run`, with the skill's request as a mapping, as it comes from outside.

        With ``wait`` False the draft waits for nobody: what a page shows on being opened.
        """
        maker = self.skill(skill)
        note: dict[str, Any] = {"request": {key: str(value) for key, value in request.items()}}
        if isinstance(cast(object, maker), Informed):  # asked in a person's own words
            note = {"asked": self._asked(request)}
        with self._step(actor, purpose, patient, Action.run, skill, work=Work(skill), **note):
            asked = self._requested(maker, request)
            draft = self._drafted(maker, self._timeline(patient), asked)
            kept = self._drafts.keep(draft, by=actor.id, at=now(), waiting=wait)
            seen = decide(actor, purpose, patient, Action.read, work=_work(kept, actor))
            if not seen.allow:  # somebody else works on the same draft
                raise Refused(seen)
            return kept.draft

    def _requested(self, maker: Skill, request: Mapping[str, Any]) -> BaseModel:
        try:
            return maker.request.model_validate(dict(request))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadRequest(f"{maker.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error

    def _drafted(self, maker: Skill, timeline: Timeline | None, asked: BaseModel) -> Draft:
        """Gather what the skill needs to know, have it draft, keep what the draft cites, and verify it."""
        knowing = cast(object, maker)
        if isinstance(knowing, Informed):
            needs = knowing.needs(timeline, asked)
            self._reached(needs)
            knowledge = self.retriever.gather(needs)
            made = knowing.draft(timeline, asked, knowledge)
            self.sources.keep(knowledge.items({each.source for each in cited_in(made)}))
        else:
            assert timeline is not None
            made = maker.draft(timeline, asked)
        return verify_draft(made, self._fetch)

    def _reached(self, needs: Sequence[Need]) -> None:
        """Refuse a source that does not exist, and one that cannot be looked through here."""
        named = {name for need in needs if isinstance(need, Question) for name in need.sources}
        for name in sorted(named):
            if name not in self.sources.names():
                raise Unknown(f'No source "{name}". Known: {", ".join(sorted(self.sources.names()))}.')
            if not self.retriever.searched((name,)):
                raise SourceClosed(
                    f"{name} cannot be looked through: nothing of it is held here. Import its mirror, or leave it out.",
                    ko=f"{name}: 들여온 자료가 없어 찾아볼 수 없습니다. 미러를 들이거나 빼고 물으십시오.",
                )

    def skill(self, name: str) -> Skill:
        """Return an installed skill."""
        if name not in skills():
            raise Unknown(f'No skill "{name}". Known: {", ".join(sorted(skills()))}.')
        return skills()[name]

    def drafts(
        self, *, actor: Actor, purpose: str | Purpose, state: State | None = "waiting", patient: str | None = None
    ) -> list[Filed]:
        """List drafts, newest first: those that wait, or of any state with ``state=None``."""
        only = actor.patient or "" if actor.role is Role.patient else patient
        with self._step(actor, purpose, only, Action.list, "drafts"):
            held = self._withheld(actor, Purpose(purpose))
            return [
                each
                for each in self._drafts.list(state=state, patient=only)
                if each.draft.patient not in held
                and decide(actor, purpose, each.draft.patient, Action.read, work=_work(each, actor)).code
                != "not-signed"
            ]

    def waiting(self, *, actor: Actor, purpose: str | Purpose) -> int:
        """Count the drafts that `drafts` would list as waiting. Not logged: a number of drafts is about nobody."""
        why = Purpose(purpose)
        if actor.role is Role.patient or not decide(actor, why, None, Action.list).allow:
            return 0
        counts, held = self._drafts.waiting(), self._withheld(actor, why)
        return sum(counts[patient] for patient in counts if patient not in held)

    def draft(self, id: str, *, actor: Actor, purpose: str | Purpose) -> Filed:
        """Return a draft."""
        filed = self._filed(id)
        with self._step(actor, purpose, filed.draft.patient, Action.read, id, work=_work(filed, actor)):
            return filed

    def edit(
        self,
        id: str,
        *,
        actor: Actor,
        texts: Mapping[int, str | None],
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Change or remove sentences of a waiting draft; each changed one is verified again against its citations.

        Parameters
        ----------
        texts
            New text by index into ``draft.claims``; None removes the sentence.
        revision
            The revision that the editor saw. An edit of an older one raises `DraftChanged`.
        """
        filed = self._seen(id, revision)
        draft = filed.draft
        with self._step(actor, purpose, draft.patient, Action.edit, id, work=_work(filed, actor), claims=sorted(texts)):
            wrong = [index for index in texts if not 0 <= index < len(draft.claims)]
            if wrong:
                raise BadRequest(f"{id} has sentences 0 to {len(draft.claims) - 1}; there is no {wrong[0]}.")
            changed = [
                claim if index not in texts else replace(claim, text=(texts[index] or "").strip())
                for index, claim in enumerate(draft.claims)
                if texts.get(index, "keep") is not None
            ]
            if any(not claim.text for claim in changed):
                raise BadRequest("A sentence cannot be empty: remove it instead.")
            claims = verify(changed, self._fetch, as_of=draft.as_of)
            return self._drafts.revise(filed, replace(draft, claims=claims), by=actor.id, at=now())

    def amend(
        self,
        id: str,
        *,
        actor: Actor,
        change: Callable[[Draft], Draft],
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Change a waiting draft in a way that its skill knows; every sentence is verified again.

        Parameters
        ----------
        change
            Returns the draft changed. Only its sections and sentences are taken over: whose draft it is, and what it
            was made from, stays.
        revision
            The revision that the editor saw. A change of an older one raises `DraftChanged`.
        """
        filed = self._seen(id, revision)
        draft = filed.draft
        with self._step(actor, purpose, draft.patient, Action.edit, id, work=_work(filed, actor), amend=filed.revision):
            made = change(draft)
            parts = {name: getattr(made, name) for name in ("sections", "claims", "missing", "conflicts")}
            changed = verify_draft(replace(draft, **parts), self._fetch)
            return self._drafts.revise(filed, changed, by=actor.id, at=now())

    def undo(
        self, id: str, *, actor: Actor, purpose: str | Purpose = Purpose.treatment, revision: int | None = None
    ) -> Filed:
        """Take back the last edit of a waiting draft."""
        filed = self._seen(id, revision)
        with self._step(
            actor, purpose, filed.draft.patient, Action.edit, id, work=_work(filed, actor), undo=filed.revision
        ):
            return self._drafts.back(filed)

    def sign(
        self,
        id: str,
        *,
        actor: Actor,
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
        despite: bool = False,
    ) -> Filed:
        """Sign a draft as it stands; it is filed in the record as a Composition with its Provenance.

        Parameters
        ----------
        despite
            Sign although sentences are not borne out by what they cite. Without it such a draft is refused, because
            nobody should do that unawares; the document marks those sentences all the same.
        """
        current, filed = self._filed(id), self._seen(id, revision)
        unsupported = [
            claim.text for claim in current.draft.claims if claim.support.state not in ("supported", "absence")
        ]
        detail: dict[str, Any] = {"unsupported": len(unsupported)} if unsupported else {}
        with self._step(actor, purpose, filed.draft.patient, Action.sign, id, revision=filed.revision, **detail):
            if unsupported and not despite and current.open and filed.revision == current.revision:
                raise BadRequest(
                    f"{len(unsupported)} sentences are not supported by what they cite: {' / '.join(unsupported)} "
                    "Correct or remove them, or say that you sign despite them."
                )
            signature = Signature(actor.id, actor.name, actor.role.value, now(), "signed")
            return self._file(self._drafts.close(filed, signature))

    def reject(
        self,
        id: str,
        *,
        actor: Actor,
        reason: str,
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Reject a draft, with the reason."""
        filed = self._seen(id, revision)
        with self._step(actor, purpose, filed.draft.patient, Action.reject, id, reason=reason):
            if not reason.strip():
                raise BadRequest("A rejection needs a reason.")
            signature = Signature(actor.id, actor.name, actor.role.value, now(), "rejected", reason.strip())
            return self._drafts.close(filed, signature)

    def export(self, id: str, format: str, *, actor: Actor, purpose: str | Purpose, only: str | None = None) -> bytes:
        """Return a draft as ``text``, ``markdown``, ``html``, ``pdf``, ``csv`` or ``fhir``.

        With ``only``, it must be about that patient.
        """
        filed = self._filed(id)
        self.keep_to(only, filed.draft.patient, actor=actor, purpose=purpose, action=Action.export, target=id)
        with self._step(
            actor, purpose, filed.draft.patient, Action.export, id, work=_work(filed, actor), format=format
        ):
            if format == "fhir":
                return fhir.render(filed, self._cited(filed.draft))
            if format not in FORMATS:
                raise BadRequest(f'No format "{format}". Known: {", ".join(FORMATS)}.')
            renderer = import_module(f"bogam.evidence.export.{format}")
            return renderer.render(filed)

    def _cited(self, draft: Draft) -> list[Resource]:
        """Return the versions that a draft cites, each once."""
        cited = {(each.source, each.version) for each in cited_in(draft)}
        return [found for place in sorted(cited) if isinstance(found := self._fetch(*place), Resource)]

    def _filed(self, id: str) -> Filed:
        try:
            return self._drafts.get(id)
        except NoDraft as error:
            raise Unknown(str(error)) from error

    def _seen(self, id: str, revision: int | None) -> Filed:
        filed = self._filed(id)
        return filed if revision is None else replace(filed, revision=revision)

    def _file(self, signed: Filed) -> Filed:
        """File a signed draft. On opening, one whose filing was interrupted is filed again, to the same effect."""
        assert signed.signature is not None
        composition, provenance = (Incoming.of(body) for body in fhir.resources(signed))
        self.store.put([composition, provenance], signed.signature.at)
        self._charts.refresh()
        return self._drafts.filed(signed.draft.id, f"{composition.type}/{composition.id}")
