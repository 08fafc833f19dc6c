# METADATA
# title: Patterns
# description: In a pattern `*` stands for any run of characters, every other character for itself (C2).
# custom:
#   differs: [C2]
package modelward.lib.pattern

# METADATA
# description: Whether the whole of `name` fits `pattern`. A text without `*` is no pattern and matches nothing.
matches(pattern, name) if {
	parts := split(pattern, "*")
	count(parts) == 2
	startswith(name, parts[0])
	endswith(name, parts[1])
	count(name) >= count(parts[0]) + count(parts[1])
}

matches(pattern, name) if {
	parts := split(pattern, "*")
	count(parts) > 2
	regex.match(_expression(parts), name)
}

# `\Q...\E` takes all between for literal text, so only an `\E` in that text needs care.
_expression(parts) := $"^(?s:{concat(".*", [_literal(part) | some part in parts])})$"

_literal(part) := $`\Q{replace(part, `\E`, `\E\\E\Q`)}\E`
