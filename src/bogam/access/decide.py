"""Whether an actor may do something, for a purpose: one pure function over one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from bogam.access.consent import Consent
from bogam.access.identity import Action, Actor, Purpose, Role

_READ: Final = frozenset({Action.list, Action.count_patients, Action.read, Action.search, Action.look_up})
_WORK: Final = _READ | {Action.run, Action.edit, Action.export}
_CARE: Final = _WORK | {Action.add}
_ALL: Final = _CARE | {Action.sign, Action.reject}

PERMITTED: Final[dict[tuple[Role, Purpose], frozenset[Action]]] = {
    (Role.physician, Purpose.treatment): _ALL,
    (Role.physician, Purpose.emergency): _ALL,
    (Role.physician, Purpose.operations): frozenset(
        {Action.list, Action.count_patients, Action.read, Action.deidentify, Action.look_up}
    ),
    (Role.nurse, Purpose.treatment): _CARE,
    (Role.nurse, Purpose.emergency): _CARE,
    (Role.nurse, Purpose.operations): frozenset({Action.list, Action.count_patients, Action.look_up}),
    (Role.coder, Purpose.payment): _WORK | {Action.map},
    (Role.reviewer, Purpose.payment): _WORK,
    (Role.researcher, Purpose.research): frozenset({Action.count_patients, Action.look_up}),
    (Role.patient, Purpose.patient_request): (_READ - {Action.count_patients}) | {Action.run, Action.export},
    (Role.auditor, Purpose.oversight): frozenset({Action.read_audit, Action.verify_audit}),
    (Role.administrator, Purpose.administration): frozenset(
        {
            Action.deidentify,
            Action.load,
            Action.quarantine,
            Action.manage_users,
            Action.map,
            Action.verify_audit,
            Action.look_up,
            Action.configure,
        }
    ),
}
"""Everything that is allowed; what is not here is refused.

A record summary is a physician's document: signing files it in the record under the signer's name, and rejecting
closes it. So a nurse prepares and corrects it, and a physician signs or rejects. Loading and mending need no chart: an
administrator sees a quarantined resource, never a patient's record. De-identifying files needs ``deidentify`` alone;
what is in the record needs ``read`` for the same purpose as well.
"""

SKILLS: Final[dict[tuple[Role, Action], frozenset[str]]] = {
    (Role.coder, Action.edit): frozenset({"coding"}),
    (Role.reviewer, Action.edit): frozenset({"coding"}),
    (Role.patient, Action.run): frozenset({"record-summary"}),
}
"""Of which skills a role may do this; a role and action that are not here may do it with every skill.

Who codes or reviews for payment corrects codes, not what a clinician writes. A patient has the own record summarized;
the other skills write for clinicians and coders.
"""


class Work(NamedTuple):
    """The draft that a request is about, as far as it decides.

    ``signed`` is one that a person signed; ``own`` one that the actor had made and nobody else has changed.
    """

    skill: str
    signed: bool = False
    own: bool = False


CLINICAL: Final = (_ALL - {Action.look_up}) | {Action.deidentify}
"""What touches a patient's record, and so is subject to the patient's consent."""

LOG_EMERGENCY: Final = "log-emergency-reason"

_KO: Final[dict[str, str]] = {
    Role.physician: "의사",
    Role.nurse: "간호사",
    Role.coder: "보건의료정보관리사",
    Role.reviewer: "심사자",
    Role.researcher: "연구자",
    Role.patient: "환자",
    Role.auditor: "감사자",
    Role.administrator: "관리자",
    Purpose.treatment: "진료",
    Purpose.emergency: "응급 진료",
    Purpose.payment: "지불·청구",
    Purpose.operations: "운영",
    Purpose.research: "연구",
    Purpose.patient_request: "본인 요청",
    Purpose.oversight: "감독",
    Purpose.administration: "관리",
    Action.list: "목록 보기",
    Action.count_patients: "건수 집계",
    Action.read: "읽기",
    Action.search: "검색",
    Action.run: "초안 만들기",
    Action.edit: "고치기",
    Action.add: "기록에 추가",
    Action.sign: "서명",
    Action.reject: "반려",
    Action.export: "내보내기",
    Action.deidentify: "비식별화",
    Action.load: "불러오기",
    Action.quarantine: "격리 자료 관리",
    Action.read_audit: "감사 기록 보기",
    Action.verify_audit: "감사 기록 검증",
    Action.manage_users: "사용자 관리",
    Action.map: "코드 매핑",
    Action.look_up: "지식 검색",
    Action.configure: "설정",
}

_VERB: Final[dict[Action, str]] = {
    Action.list: "list patients",
    Action.count_patients: "count patients",
    Action.read: "read a record",
    Action.search: "search records",
    Action.run: "make drafts",
    Action.edit: "edit drafts",
    Action.add: "add to a record",
    Action.sign: "sign drafts",
    Action.reject: "reject drafts",
    Action.export: "export documents",
    Action.deidentify: "de-identify records",
    Action.load: "load data",
    Action.quarantine: "work on the quarantine",
    Action.read_audit: "read the audit log",
    Action.verify_audit: "verify the audit log",
    Action.manage_users: "manage users",
    Action.map: "map local codes",
    Action.look_up: "look things up in sources",
    Action.configure: "configure sources",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a request.

    Parameters
    ----------
    allow
        Whether it may be done.
    code
        Stable, for doors and logs: ``allowed``, ``emergency-override``, ``unknown-request``, ``purpose-not-for-role``,
        ``action-not-for-purpose``, ``skill-not-for-role``, ``not-signed``, ``no-own-record``, ``not-own-record``,
        ``identified-data``, ``no-research-consent``, ``consent-denies``; and, of a door, ``not-token-patient``,
        ``account-closed``.
    reason, reason_ko
        One sentence, in English and in Korean: why, and what would be allowed.
    obligations
        What the caller must do when it goes ahead; ``log-emergency-reason`` for every use of the purpose emergency.
    """

    allow: bool
    code: str
    reason: str
    reason_ko: str
    obligations: tuple[str, ...] = ()


class Refused(Exception):
    """A request that was not allowed; ``decision`` says why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


def decide(
    actor: Actor,
    purpose: Purpose | str,
    patient: str | None,
    action: Action | str,
    consent: Consent | None = None,
    work: Work | None = None,
) -> Decision:
    """Decide whether ``actor`` may do ``action`` for ``purpose``. Pure and total: it reads nothing and never raises.

    Parameters
    ----------
    patient
        Id of the Patient whose record it concerns; None where it concerns no single patient.
    consent
        That patient's consent, where the record has any. It is applied to clinical actions, but not to the patient's
        own requests; a denial gives way to the purpose emergency, under the obligation to log it.
    work
        The draft that it is about; of one to be made, its skill.
    """
    try:
        role, why, what = Role(actor.role), Purpose(purpose), Action(action)
    except ValueError as error:
        return Decision(False, "unknown-request", f"{error}.", f"알 수 없는 요청입니다: {error}.")
    refusal = _by_role(role, why, what) or _by_record(actor, role, patient) or _by_work(role, what, work)
    if (
        refusal is not None
        and refusal.code == "identified-data"
        and patient
        and not _for_research(actor, consent, what)
    ):
        return _NO_RESEARCH_CONSENT
    if refusal is not None:
        return refusal
    emergency = why is Purpose.emergency
    denial = None
    if consent is not None and what in CLINICAL and role is not Role.patient:
        denial = consent.denial(actor, why, what)
    if denial is not None and not emergency:
        return _denied(denial, role, why, what)
    if emergency:
        code = "allowed" if denial is None else "emergency-override"
        said = "Allowed for emergency care" + ("" if denial is None else f", although {denial} denies it")
        said_ko = "응급 진료로 허용됩니다" if denial is None else f"{denial} 동의서가 거부했으나 응급 진료로 허용됩니다"
        return Decision(
            True, code, f"{said}; the reason is logged.", f"{said_ko}. 사유가 기록됩니다.", (LOG_EMERGENCY,)
        )
    return Decision(
        True,
        "allowed",
        f"{_article(role)} may {_VERB[what]} for {why}.",
        f"{_KO[role]}: {_KO[why]} 목적의 {_KO[what]}, 허용됩니다.",
    )


_NO_RESEARCH_CONSENT: Final = Decision(
    False,
    "no-research-consent",
    "This patient has not consented to research; a researcher may count patients only.",
    "연구 이용에 동의하지 않은 환자입니다. 연구자는 건수만 볼 수 있습니다.",
)


def _for_research(actor: Actor, consent: Consent | None, what: Action) -> bool:
    return consent is not None and consent.permits(actor, Purpose.research, what)


def _by_role(role: Role, why: Purpose, what: Action) -> Decision | None:
    permitted = PERMITTED.get((role, why))
    if permitted is None:
        own = [purpose for each, purpose in PERMITTED if each is role]
        known, known_ko = ", ".join(own), ", ".join(_KO[purpose] for purpose in own)
        return Decision(
            False,
            "purpose-not-for-role",
            f"{_article(role)} cannot ask for {why}; purposes open to this role: {known}.",
            f"{_KO[role]} 역할은 {_KO[why]} 목적으로 요청할 수 없습니다. 가능한 목적: {known_ko}.",
        )
    if what in permitted:
        return None
    if role is Role.researcher and what in CLINICAL:
        return Decision(
            False,
            "identified-data",
            f"A researcher may count patients, but may not {_VERB[what]}: these are identified records.",
            f"연구자는 건수만 볼 수 있습니다. 식별되는 기록이므로 ‘{_KO[what]}’ 권한이 없습니다.",
        )
    others = sorted({each for (each, purpose), allowed in PERMITTED.items() if purpose is why and what in allowed})
    who = f"; for {why} this is open to: {', '.join(others)}" if others else ""
    who_ko = f" 가능한 역할: {', '.join(_KO[each] for each in others)}." if others else ""
    return Decision(
        False,
        "action-not-for-purpose",
        f"{_article(role)} may not {_VERB[what]} for {why}{who}.",
        f"{_KO[role]} 역할은 {_KO[why]} 목적으로 ‘{_KO[what]}’ 권한이 없습니다.{who_ko}",
    )


def _by_record(actor: Actor, role: Role, patient: str | None) -> Decision | None:
    if role is not Role.patient:
        return None
    if not actor.patient:
        return Decision(
            False,
            "no-own-record",
            "This account is not linked to a patient record yet; an administrator can link it.",
            "아직 환자 기록과 연결되지 않은 계정입니다. 관리자에게 연결을 요청하십시오.",
        )
    if patient != actor.patient:
        return Decision(
            False,
            "not-own-record",
            "A patient's account opens that patient's own record only.",
            "환자 계정으로는 본인의 기록만 볼 수 있습니다.",
        )
    return None


def _by_work(role: Role, what: Action, work: Work | None) -> Decision | None:
    if work is None:
        return None
    known = SKILLS.get((role, what))
    if known is not None and work.skill not in known:
        names = ", ".join(sorted(known))
        return Decision(
            False,
            "skill-not-for-role",
            f"{_article(role)} may {_VERB[what]} of {names} only, not of {work.skill}.",
            f"{_KO[role]} 역할의 ‘{_KO[what]}’ 권한은 {names} 문서에만 있고 {work.skill} 문서에는 없습니다.",
        )
    seen = work.signed or (work.own and what is not Action.export) or what is Action.run
    if role is Role.patient and not seen:
        return _NOT_SIGNED
    return None


_NOT_SIGNED: Final = Decision(
    False,
    "not-signed",
    "This draft is not signed; a patient's account opens and exports documents that a physician has signed.",
    "아직 서명되지 않은 초안입니다. 환자 계정으로는 의사가 서명한 문서만 보고 내보낼 수 있습니다.",
)


def _denied(source: str, role: Role, why: Purpose, what: Action) -> Decision:
    emergency = what in PERMITTED.get((role, Purpose.emergency), frozenset())
    way = " In an emergency, ask with the purpose emergency and give the reason." if emergency else ""
    way_ko = " 응급이면 목적을 ‘응급 진료’로 하고 사유를 남기십시오." if emergency else ""
    return Decision(
        False,
        "consent-denies",
        f"The patient's consent ({source}) denies this: {role}, to {_VERB[what]}, for {why}.{way}",
        f"환자의 동의서({source})가 거부한 요청입니다: {_KO[role]}, {_KO[why]} 목적의 {_KO[what]}.{way_ko}",
    )


def main_purpose(role: Role) -> Purpose:
    """Return what a role mostly asks for: the first purpose that the table has for it."""
    return next(purpose for each, purpose in PERMITTED if each is role)


def _article(role: Role) -> str:
    return f"{'An' if role.startswith('a') else 'A'} {role}"


def table() -> str:
    """Return the permissions as a Markdown table: one row for each role and purpose, one column for each action."""
    lines = [f"| role | purpose | {' | '.join(Action)} |", f"|---|---|{'---|' * len(Action)}"]
    for (role, purpose), allowed in PERMITTED.items():
        lines.append(f"| {role} | {purpose} | {' | '.join('yes' if each in allowed else '' for each in Action)} |")
    return "\n".join(lines)
