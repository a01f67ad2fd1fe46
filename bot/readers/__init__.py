"""Readers that need a file or the network; each answers with a `dialogs.meaning` reading."""
