"""Rules: loaded, checked, compiled and judged."""
