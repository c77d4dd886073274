"""REST and FHIR."""
