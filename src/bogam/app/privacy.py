"""De-identification: of files and records, and the desk at which a person reviews it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bogam.access.identity import Action, Actor, Purpose
from bogam.access.secret import secret

if TYPE_CHECKING:
    from bogam.skills.deidentify import work as deidentification
    from bogam.skills.deidentify.review import Document, Review
    from bogam.skills.deidentify.reviews import Change
    from bogam.text.deid.apply import Mode


from bogam.app.house import BadRequest, House, Unknown, now


class Privacy(House):
    """The de-identification of a `Bogam`."""

    def deidentify(
        self,
        inputs: Sequence[tuple[str, bytes]] = (),
        *,
        actor: Actor,
        purpose: str | Purpose,
        mode: Mode,
        patient: str | None = None,
        weekdays: bool = False,
        columns: Mapping[str, str] | None = None,
        show: bool = False,
        progress: deidentification.Progress | None = None,
    ) -> deidentification.Output:
        """De-identify files, or with ``patient`` that patient's record; see `bogam.skills.deidentify.work.work`.

        With ``patient`` and ``inputs``, the inputs are about the patient, and the record's identifiers are looked for.
        The log keeps the mode, counts and rules, and no value. Surrogates are made with the key of this home.

        Raises
        ------
        BadRequest
            When an input cannot be de-identified.
        """
        from bogam.skills.deidentify import work as deidentification  # its patterns take time to compile

        target = patient or f"{len(inputs)} inputs"
        if patient is not None:
            self.require(Action.read, actor=actor, purpose=purpose, target="deidentify", patient=patient)
        with self._step(actor, purpose, patient, Action.deidentify, target, mode=mode):
            people = deidentification.people(self.store, self._resources(patient)) if patient is not None else []
            given = inputs or deidentification.bundle(patient or "", self._resources(patient or ""))
            options = deidentification.Options(
                mode, secret(self.home / "deid.key"), datetime.now(UTC).date(), weekdays, columns or {}, show
            )
            try:
                done = deidentification.work(given, options, people=people, patient=patient or "", progress=progress)
            except deidentification.WorkError as error:
                raise BadRequest(str(error)) from error
            self.audit.write(
                actor, purpose, patient, Action.deidentify, target, "allow", {"done": done.report.summary()}
            )
            return done

    def review(
        self,
        *,
        actor: Actor,
        purpose: str | Purpose,
        mode: Mode,
        text: str = "",
        patient: str | None = None,
        note: str = "",
        part: int = 0,
        change: Change | None = None,
    ) -> Review:
        """Show what identifies people in a text, or in part ``part`` of a patient's note, and what comes out.

        With ``change`` it is made first: a finding removed, restored or added, or all confirmed. Changes are remembered
        for the document; the log keeps what kind of change it was.
        """
        from bogam.skills.deidentify import review as desk
        from bogam.skills.deidentify import work as deidentification
        from bogam.skills.deidentify.reviews import Reviews

        if patient is not None:
            self.require(Action.read, actor=actor, purpose=purpose, target="review", patient=patient)
        done = change.do if change else "look"
        with self._step(actor, purpose, patient, Action.deidentify, note or "pasted text", review=done, mode=mode):
            key, people = secret(self.home / "deid.key"), list[dict[str, Any]]()
            document: Document | None = desk.pasted(text, key)
            if patient is not None:
                people = deidentification.people(self.store, self._resources(patient))
                if note:
                    document = desk.of_note(self._timeline(patient), note, part)
                if document is None:
                    raise Unknown(f"{note} has no text {part} in this record.")
            reviews = Reviews(self.store.engine)
            return desk.review(document, mode, key, reviews, people=people, change=change, by=actor.id, at=now())
