"""The table of the functions of chance: `scanner.template.randoms`."""

from __future__ import annotations

from scanner.template.function import Function, late

FUNCTIONS = (
    Function("randAlphaNum", "int", late("randoms", "rand_alpha_num"), stateful=True),
    Function("randAlpha", "int", late("randoms", "rand_alpha"), stateful=True),
    Function("randNumeric", "int", late("randoms", "rand_numeric"), stateful=True),
    Function("randAscii", "int", late("randoms", "rand_ascii"), stateful=True),
    Function("randBytes", "int", late("randoms", "rand_bytes"), stateful=True),
    Function("randInt", "int int", late("randoms", "rand_int"), stateful=True),
    Function("shuffle", "string", late("randoms", "shuffle"), stateful=True),
    Function("uuidv4", "", late("randoms", "uuidv4"), stateful=True),
)
