"""How the house talks and listens: pure, with no clock, no network and no database."""
