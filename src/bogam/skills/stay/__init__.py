"""What the skills of an inpatient stay share: which stay it is, and what the record and the notes say of it."""
