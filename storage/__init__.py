"""The record: tables, the journal of raw input, queries, backup and migrations."""
