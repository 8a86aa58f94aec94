"""The rules that groundrule comes with: their cases, and what must hold for every one of them."""
