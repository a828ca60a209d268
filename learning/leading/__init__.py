"""For those who lead: the digest, and the decisions that they answer it with."""
