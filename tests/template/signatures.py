"""What the template functions take and give, for the generator of random templates: kinds of plausible arguments."""

from __future__ import annotations

TABLE = """
abbrev              size text -> text
abbrevboth          size size text -> text
add                 number* -> int64
add1                number -> int64
add1f               number -> float
addf                number* -> float
adler32sum          text -> text
all                 any* -> bool
and                 any+ -> any
any                 any* -> bool
append              list any -> list
atoi                text -> int
b32dec              base32 -> text
b32enc              text -> text
b64dec              base64 -> text
b64enc              text -> text
base                path -> text
biggest             number+ -> int64
buildCustomCert     base64 base64 -> any
camelcase           text -> text
cat                 any* -> text
ceil                number -> float
chunk               size list -> list
clean               path -> text
coalesce            any* -> any
compact             list -> list
concat              list* -> list
contains            text text -> bool
date                layout moment -> text
dateInZone          layout moment zone -> text
dateModify          duration time -> time
date_in_zone        layout moment zone -> text
date_modify         duration time -> time
decryptAES          text base64 -> text
deepCopy            any -> any
deepEqual           any any -> bool
default             any any -> any
dict                pair* -> map
dig                 key+ any map -> any
dir                 path -> text
div                 number number -> int64
divf                number number* -> float
duration            number -> text
durationRound       duration -> text
empty               any -> bool
eq                  same+ -> bool
ext                 path -> text
fail                text -> text
first               list -> any
float64             number -> float
floor               number -> float
fromJson            json -> map
fromJsonArray       json -> list
fromToml            toml -> map
fromYaml            yaml -> map
fromYamlArray       yaml -> list
ge                  same same -> bool
get                 map key -> any
getHostByName       text -> text
gt                  same same -> bool
has                 any list -> bool
hasKey              map key -> bool
hasPrefix           text text -> bool
hasSuffix           text text -> bool
hello               -> text
html                any* -> text
htmlDate            moment -> text
htmlDateInZone      moment zone -> text
indent              size text -> text
index               indexed -> any
initial             list -> list
initials            text -> text
int                 number -> int
int64               number -> int64
isAbs               path -> bool
join                text list -> text
js                  any* -> text
kebabcase           text -> text
kindIs              kind any -> bool
kindOf              any -> text
last                list -> any
le                  same same -> bool
len                 sized -> int
list                any* -> list
lookup              text text text text -> map
lower               text -> text
lt                  same same -> bool
max                 number number* -> int64
maxf                number number* -> float
merge               map map* -> map
mergeOverwrite      map map* -> map
min                 number number* -> int64
minf                number number* -> float
mod                 number number -> int64
mul                 number number* -> int64
mulf                number number* -> float
mustAppend          list any -> list
mustChunk           size list -> list
mustCompact         list -> list
mustDateModify      duration time -> time
mustDeepCopy        any -> any
mustFirst           list -> any
mustFromJson        json -> any
mustHas             any list -> bool
mustInitial         list -> list
mustLast            list -> any
mustMerge           map map* -> map
mustMergeOverwrite  map map* -> map
mustPrepend         list any -> list
mustPush            list any -> list
mustRegexFind       regex text -> text
mustRegexFindAll    regex text count -> strings
mustRegexMatch      regex text -> bool
mustRegexReplaceAll regex text replacement -> text
mustRegexReplaceAllLiteral regex text replacement -> text
mustRegexSplit      regex text count -> strings
mustRest            list -> list
mustReverse         list -> list
mustSlice           list count? count? -> list
mustToDate          layout date -> time
mustToJson          any -> text
mustToPrettyJson    any -> text
mustToRawJson       any -> text
mustUniq            list -> list
mustWithout         list any* -> list
must_date_modify    duration time -> time
ne                  same same -> bool
nindent             size text -> text
nospace             text -> text
not                 any -> bool
omit                map key* -> map
or                  any+ -> any
osBase              path -> text
osClean             path -> text
osDir               path -> text
osExt               path -> text
osIsAbs             path -> bool
pick                map key* -> map
pluck               key map* -> list
plural              text text int -> text
prepend             list any -> list
print               any* -> text
printf              format -> text
println             any* -> text
push                list any -> list
quote               any* -> text
regexFind           regex text -> text
regexFindAll        regex text count -> strings
regexMatch          regex text -> bool
regexQuoteMeta      text -> text
regexReplaceAll     regex text replacement -> text
regexReplaceAllLiteral regex text replacement -> text
regexSplit          regex text count -> strings
repeat              size text -> text
replace             text text text -> text
required            text any -> any
rest                list -> list
reverse             list -> list
round               number count real? -> float
semver              version -> semver
semverCompare       constraint version -> bool
seq                 size* -> text
set                 map key any -> map
sha1sum             text -> text
sha256sum           text -> text
sha512sum           text -> text
slice               sliced -> any
snakecase           text -> text
sortAlpha           list -> strings
split               text text -> map
splitList           text text -> strings
splitn              text count text -> map
squote              any* -> text
sub                 number number -> int64
subf                number number* -> float
substr              count count text -> text
swapcase            text -> text
ternary             any any bool -> any
title               text -> text
toDate              layout date -> time
toDecimal           any -> int64
toJson              any -> text
toPrettyJson        any -> text
toRawJson           any -> text
toString            any -> text
toStrings           list -> strings
toToml              map -> text
toYaml              any -> text
toYamlPretty        any -> text
trim                text -> text
trimAll             text text -> text
trimPrefix          text text -> text
trimSuffix          text text -> text
trimall             text text -> text
trunc               count text -> text
tuple               any* -> list
typeIs              type any -> bool
typeIsLike          type any -> bool
typeOf              any -> text
uniq                list -> list
unixEpoch           time -> text
unset               map key -> map
until               size -> ints
untilStep           size size step -> ints
untitle             text -> text
upper               text -> text
urlJoin             map -> text
urlParse            url -> map
urlquery            any* -> text
without             list any* -> list
wrap                size text -> text
wrapWith            size text text -> text
"""

LEFT_OUT = {
    "what chance decides": "bcrypt encryptAES htpasswd randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    "what chance decides, and takes long": (
        "genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey"
    ),
    "the time of day": "ago now",
    "takes seconds on purpose": "derivePassword",
    "written by the generator itself, where it fits": "include tpl keys values",
}
"""Functions that the table leaves out, and why."""


def signatures() -> dict[str, tuple[list[str], str]]:
    """Name → (kinds of the arguments, kind of the result). A mark behind a kind says how often it may stand."""
    found = {}
    for line in TABLE.strip().split("\n"):
        takes, _, gives = line.partition("->")
        name, *kinds = takes.split()
        found[name] = kinds, gives.strip()
    return found
