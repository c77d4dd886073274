"""The ways in: command line, REST and FHIR, web. They translate; they hold no clinical logic."""
