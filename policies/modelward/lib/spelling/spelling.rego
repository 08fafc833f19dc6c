# METADATA
# title: Spellings of one model
# description: Which names a provider takes for the same model, by the foldings of the catalogue (M8).
package modelward.lib.spelling

# METADATA
# description: The upstream's own name for what `name` says at the open place of a wildcard entry.
upstream(fill, name) := _moved(name, fill.name, fill.model)

# METADATA
# description: The other way round - the name under the wildcard entry that says `spelled` to the upstream.
name(fill, spelled) := _moved(spelled, fill.model, fill.name)

# METADATA
# description: What all spellings of an upstream's own name come to; undefined for what no model is called.
key(folding, spelled) := concat("/", [part | some part in [parts.publisher, parts.model]; part != ""]) if {
	parts := _parts(folding, spelled)
}

# METADATA
# description: Spellings that mean the same model as `spelled`, itself among them.
forms(folding, spelled) := {form |
	parts := _parts(folding, spelled)
	some template in folding.forms
	some version in ["", parts.version]
	model := replace(template, "{model}", concat("", [parts.model, version]))
	form := replace(model, "{publisher}", parts.publisher)
}

_moved(text, from, to) := concat("", [to[0], _between(text, from), to[1]])

_between(text, frame) := substring(text, count(frame[0]), length) if {
	startswith(text, frame[0])
	endswith(text, frame[1])
	length := (count(text) - count(frame[0])) - count(frame[1])
	length >= 0
}

_parts(folding, spelled) := {"publisher": "", "model": spelled, "version": ""} if {
	folding.pattern == ""
	folding.case == false
}

_parts(folding, spelled) := {"publisher": "", "model": lower(spelled), "version": ""} if {
	folding.pattern == ""
	folding.case == true
	_plain(spelled)
}

_parts(folding, spelled) := {"publisher": _publisher(folding, found), "model": found[2], "version": found[3]} if {
	folding.pattern != ""
	_plain(spelled)
	found := regex.find_all_string_submatch_n(folding.pattern, _lowered(folding, spelled), 1)[0]
}

_lowered(folding, spelled) := lower(spelled) if folding.case == true

_lowered(folding, spelled) := spelled if folding.case == false

_publisher(folding, found) := found[1] if folding.families == []

_publisher(folding, found) := [publisher |
	some publisher in array.concat([found[1]], [family.publisher |
		some family in folding.families
		regex.match(family.pattern, found[2])
	])
	publisher != ""
][0]

# Providers fold more than the table says of what is not plain: other scripts, percent-encoding, a dot at the end, segments
# that are empty.
_plain(spelled) if regex.match(`^(?:[!-$&-.0-\[\]-~]+/)*[!-$&-.0-\[\]-~]*[!-$&-\-0-\[\]-~]$`, spelled)
