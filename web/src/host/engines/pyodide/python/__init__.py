"""The engine's part in Python: runs programs and the console, shows pictures, answers web requests."""
