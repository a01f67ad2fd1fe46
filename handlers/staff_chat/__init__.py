"""The house in a chat with its staff: what they see, press and write there (design §9)."""
