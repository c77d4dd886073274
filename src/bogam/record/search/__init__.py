"""FHIR search: what is indexed of a resource, and how a query finds it."""
