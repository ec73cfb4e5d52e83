"""Chat platforms, each behind `bot.ports.Platform`."""
