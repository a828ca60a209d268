"""What ombudsmen made of complaints, and what they recommended."""
