"""What the public and other bodies read of our learning, and what we read of theirs."""
