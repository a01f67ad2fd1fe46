"""What advisors do."""
