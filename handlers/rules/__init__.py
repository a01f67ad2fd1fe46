"""Pure rules: time, calendar and tables are arguments; only the standard library is used."""
