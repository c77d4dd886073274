"""Actors, roles and purposes of use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is here to do."""

    physician = "physician"
    nurse = "nurse"
    coder = "coder"
    reviewer = "reviewer"
    researcher = "researcher"
    patient = "patient"
    auditor = "auditor"
    administrator = "administrator"


class Purpose(StrEnum):
    """Purpose of use (after HL7 v3 PurposeOfUse: TREAT, ETREAT, HPAYMT, HOPERAT, HRESCH, PATRQT; oversight and
    administration are ours)."""

    treatment = "treatment"
    emergency = "emergency"
    payment = "payment"
    operations = "operations"
    research = "research"
    patient_request = "patient-request"
    oversight = "oversight"
    administration = "administration"


class Action(StrEnum):
    """What is asked for."""

    list = "list"
    count_patients = "count"
    read = "read"
    search = "search"
    run = "run"
    edit = "edit"
    add = "add"
    sign = "sign"
    reject = "reject"
    export = "export"
    deidentify = "deidentify"
    load = "load"
    quarantine = "quarantine"
    read_audit = "read-audit"
    verify_audit = "verify-audit"
    manage_users = "manage-users"
    map = "map"
    look_up = "look-up"
    configure = "configure"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or program) that asks.

    ``patient`` is the Patient id of a patient's own account, ``practitioner`` the Practitioner id under which the
    record knows a member of staff (a consent may name it).
    """

    id: str
    name: str
    role: Role
    patient: str | None = None
    practitioner: str | None = None
