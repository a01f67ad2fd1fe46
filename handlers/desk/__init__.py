"""What staff see: cards, cases and the board, redacted for the viewer, ready to be laid out."""
