"""Patterns of another language, where only `*` is special (C2), and in lists of routes (A3).

A regular expression is meant to catch models. Taken as it stands it catches none, and a wider pattern gets them.
"""

import re

_FOREIGN = re.compile(
    r"""
      (?i:^(?:re|regex|regexp|glob):)   # a language that is named
    | \\.?                              # an escape
    | \.[*+]                            # any run of characters, in a regular expression
    | \?                                # any one character
    | ^\^ | (?<=.)\$$                   # anchors
    | \|                                # or
    | \[[^\]\s]+\](?=\S)                # a class of characters; not `[approved] gpt-4`, nor `sonnet[1m]`
    | (?<=[-/_.:@])\[[^\]\s]+\]$
    | \([^()]*\)(?=[*+{])               # a repeated group
    | \{[^{}]*\}                        # a list of words, or a count
    | %                                 # any run of characters, in SQL
    | (?:(?<=/)|^)[+\#](?=/|$)          # any segment, of a topic
    | ^!                                # a negation
    """,
    re.VERBOSE,
)
# Bedrock's ids are words with a `.` behind each, so that `bedrock/us.anthropic.*` says the same in either language.
_WORDS_OF_BEDROCK = re.compile(r"^bedrock(?:_converse)?/(?:(?:[a-z*]+|us-gov|ai21)\.){1,2}(?=\*)")
_FOREIGN_ROUTE = re.compile(r"^\^|\$$|\\|\.[*+]|[?|()\[\]]|(?<=/)%(?=/|$)|\+$|^!|^(?:re|regex|glob):|\*(?!$)|(?<!/)\*$")


def foreign_pattern(name: str) -> str | None:
    """What is wrong with a name or pattern of models that is written in another language than ours."""
    found = _FOREIGN.search(_WORDS_OF_BEDROCK.sub("", name))
    if found is None:
        return None
    return f"only `*` is special here, for any run of characters: `{found[0]}` in `{name}` would be taken as it stands"


def foreign_route(route: str) -> str | None:
    """What is wrong with an item of a list of routes that is written in another language than ours."""
    found = _FOREIGN_ROUTE.search(route)
    if found is None or route == "*":
        return None
    forms = "a route is a path, `/x/{y}`, or `/x/*` with the `*` as its last part"
    return f"{forms}: `{found[0]}` in `{route}` would be taken as it stands"
