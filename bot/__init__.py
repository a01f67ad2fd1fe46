"""Where the outside meets the house: the only place that wires the parts together."""
