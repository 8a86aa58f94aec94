"""For those who write rules: starting one, running its cases, and the pages about rules, views and functions."""
