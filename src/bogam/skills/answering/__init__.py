"""What skills share that answer out of sources: quotations, grouping, disagreement, the patient's own facts."""
