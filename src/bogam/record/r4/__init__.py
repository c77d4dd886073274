"""FHIR R4 (4.0.1) itself: what HL7 defined, and whether a resource keeps to it."""
