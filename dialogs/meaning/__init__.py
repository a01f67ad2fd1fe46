"""What did they mean: pure readers of one message, and how their answers are joined."""
