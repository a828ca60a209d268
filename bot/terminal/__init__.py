"""The terminal as a messenger: the same conversation on a tty or through pipes, for operators and for tests."""
