"""What the house does: use cases, one file each, in rooms named after the people they serve."""
