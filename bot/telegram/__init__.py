"""Telegram: how its messages reach us and ours reach it. Nothing here is imported unless the channel is on."""
