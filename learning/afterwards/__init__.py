"""People afterwards: what they are told of what became of their complaint, and how they take part."""
