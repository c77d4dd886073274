"""Which elements of R4 identify somebody, beside those whose type says so (HumanName, Address, ContactPoint,
Identifier, Reference, Attachment, dates).

After the definitions of HL7 FHIR R4 (4.0.1), read for the list of 45 CFR 164.514(b)(2)(i); the choice is ours.
"""

from __future__ import annotations

from typing import Final

from bogam.text.deid.finding import Category

VALUES: Final[dict[str, Category]] = {
    "AuditEvent.agent.name": "name",
    "AuditEvent.agent.altId": "other",
    "Annotation.authorString": "name",
    "FamilyMemberHistory.name": "name",
    "Account.name": "name",
    "Organization.name": "organization",
    "Organization.alias": "organization",
    "Location.name": "organization",
    "Location.alias": "organization",
    "HealthcareService.name": "organization",
    "Endpoint.name": "organization",
    "InsurancePlan.name": "organization",
    "Coverage.subscriberId": "health-plan",
    "Coverage.dependent": "health-plan",
    "Coverage.class.value": "health-plan",
    "Coverage.class.name": "health-plan",
    "Claim.insurance.preAuthRef": "health-plan",
    "ClaimResponse.preAuthRef": "health-plan",
    "ExplanationOfBenefit.preAuthRef": "health-plan",
    "Device.serialNumber": "device",
    "Device.distinctIdentifier": "device",
    "Device.lotNumber": "device",
    "Immunization.lotNumber": "other",
    "Medication.batch.lotNumber": "other",
}
"""Strings that are an identifier themselves."""

REMOVED: Final = frozenset(
    {
        "Patient.photo",
        "Practitioner.photo",
        "RelatedPerson.photo",
        "Person.photo",
        "Location.position",
        "Device.udiCarrier",
        "AuditEvent.agent.network",
        "AuditEvent.entity.query",
        "Bundle.link",
        "Bundle.signature",
        "Bundle.entry.link",
        "Bundle.entry.response",
        "Bundle.entry.request.ifNoneExist",
        "Bundle.entry.request.ifMatch",
        "Bundle.entry.request.ifNoneMatch",
        "Bundle.entry.request.ifModifiedSince",
        "Provenance.signature",
        "Meta.source",
        "Meta.versionId",
        "Meta.lastUpdated",
        "Attachment.url",
        "Attachment.hash",
        "Attachment.size",
        "Endpoint.address",
        "Device.url",
        "Practitioner.birthDate",
    }
)
"""Elements that go whole."""

TERMS: Final = frozenset(
    {
        "Coding.display",
        "Coding.version",
        "CodeableConcept.text",
        "Quantity.unit",
        "Age.unit",
        "Duration.unit",
        "Count.unit",
        "Distance.unit",
        "SampledData.data",
        "Medication.form",
        "Dosage.patientInstruction",
    }
)
"""Strings that hold a term: only what the record knows and what has a number's shape is looked for in them."""

EXTENSIONS: Final = frozenset(
    {
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
        "http://hl7.org/fhir/StructureDefinition/patient-genderIdentity",
        "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation",
        "http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
        "http://hl7.org/fhir/StructureDefinition/allergyintolerance-certainty",
        "http://hl7.org/fhir/StructureDefinition/event-statusReason",
        "ombCategory",
        "detailed",
        "text",
    }
)
"""Extensions that are kept, their values cleaned; every other goes, because nobody can say what it holds."""

YEARS: Final = frozenset({"a", "year", "years", "yr", "세"})
"""Units of an age."""

PEOPLE: Final = frozenset({"Patient", "Practitioner", "RelatedPerson", "Person", "PractitionerRole"})
PLACES: Final = frozenset({"Organization", "Location", "HealthcareService", "Endpoint", "CareTeam"})
