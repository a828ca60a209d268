"""The commands of `redress`, a file for each sort."""
