"""What sources send, read: checked shapes, text of marked-up fields, labels, names in other scripts."""
