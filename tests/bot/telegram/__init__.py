"""Tests of bot.telegram, which speak HTTP to the emulator only."""
