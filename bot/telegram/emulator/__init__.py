"""A Bot API server of our own, spoken to over HTTP, for tests and for the demonstration."""
