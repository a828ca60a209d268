"""Complaints in conversation: one conversation for every messenger, and a folder for each of them."""
