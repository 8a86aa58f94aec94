"""The table of the functions that make certificates and keys: `scanner.template.certificates`."""

from __future__ import annotations

from scanner.template.function import Function, late

_FOR = "string list list int"

FUNCTIONS = (
    Function("genPrivateKey", "string", late("certificates", "gen_private_key"), stateful=True),
    Function("genCA", "string int", late("certificates", "gen_ca"), stateful=True),
    Function("genCAWithKey", "string int string", late("certificates", "gen_ca_with_key"), stateful=True),
    Function("genSelfSignedCert", _FOR, late("certificates", "gen_self_signed"), stateful=True),
    Function(
        "genSelfSignedCertWithKey", f"{_FOR} string", late("certificates", "gen_self_signed_with_key"), stateful=True
    ),
    Function("genSignedCert", f"{_FOR} sprig.certificate", late("certificates", "gen_signed"), stateful=True),
    Function(
        "genSignedCertWithKey",
        f"{_FOR} sprig.certificate string",
        late("certificates", "gen_signed_with_key"),
        stateful=True,
    ),
    Function("buildCustomCert", "string string", late("certificates", "build_custom")),
)
