"""What the skills share that write about one patient: sentences with citations, and how the record is read for them."""
