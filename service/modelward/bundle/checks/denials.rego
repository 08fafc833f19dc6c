# What a rule exports: a `deny` that is no set of texts, denials that vanish, and names that nobody reads.
package checks

# METADATA
# description: The names of a rule that are read; all others are helpers.
exports := ["deny", "grants", "list", "holds_until"]

_form := "`deny` must be a set of texts: write `deny contains message if { ... }`"

_braces := `\{[^{}]*\w[^{}]*\}`

# These fail for some values of their type: what they are in is then undefined.
_failing := {
	"base64.decode",
	"base64url.decode",
	"json.unmarshal",
	"net.cidr_contains",
	"net.cidr_intersects",
	"net.cidr_overlap",
	"numbers.range",
	"to_number",
}

_kinds := {
	"array": "an array",
	"arraycomprehension": "an array",
	"boolean": "a boolean",
	"null": "null",
	"number": "a number",
	"object": "an object",
	"objectcomprehension": "an object",
	"set": "a set",
	"setcomprehension": "a set",
}

_true := {"type": "boolean", "value": true}

_false := {"type": "boolean", "value": false}

_rules contains {"file": file, "at": ["rules", place], "name": _name(rule), "rule": rule, "package": _packages[file]} if {
	some file, tree in _trees
	some place, rule in tree.rules
}

_exported contains each if {
	some each in _rules
	_is_rule(each.package)
}

_foreign contains each if {
	some each in _exported
	not each.name in exports
	not startswith(each.name, "_")
}

_denies contains each if {
	some each in _exported
	each.name == "deny"
}

_findings contains _found(each, ["head"], problem) if {
	some each in _denies
	problem := _form_problem(each.rule)
}

_findings contains object.union(_found(each, ["head"], $"nobody reads `{each.name}`"), {
	"word": lower(each.name),
	"known": exports,
	"otherwise": "a rule exports `deny`, `grants`, `list`, `holds_until`, helpers begin with `_`",
}) if some each in _foreign

_findings contains _found(each, ["head"], problem) if {
	some each in _exported
	each.name == "grants"
	not each.rule.head.value
	problem := "`grants` must be an object from model to `{\"by\", \"groups\"}`, not a set"
}

_findings contains _found(each, ["head"], problem) if {
	some each in _exported
	each.name == "holds_until"
	not _has_end(each.package)
	problem := "where `holds_until` is undefined nobody knows how long a decision holds: write `default holds_until := 0`"
}

_findings contains _found(each, ["body", place], problem) if {
	some each in _denies
	some call in _calls
	call.file == each.file
	call.function in _failing
	array.slice(call.at, 0, 3) == array.concat(each.at, ["body"])
	place := call.at[3]
	not each.rule.body[place].negated
	advice := "call it in a helper that holds where nothing is denied, and deny by `not` that helper"
	problem := $"where `{call.function}` fails a denial vanishes: {advice}"
}

_findings contains _found(each, place, $"a denial's message must be a text, not {kind}") if {
	some [each, place, term] in _messages
	kind := _kinds[term.type]
}

_findings contains _found(each, array.concat(place, within), problem) if {
	some [each, place, term] in _messages
	some [within, text] in _written(term)
	regex.match(_braces, text.value)
	problem := "nothing is put in place of the braces in this text; did you forget the `$` before it?"
}

# The terms that are a message: as they are written, and what is assigned to a variable in their place.
_messages contains [each, place, term] if some [each, place, term, _] in _written_messages

_messages contains [each, array.concat(each_body, within), term] if {
	some [each, _, variable, each_body] in _written_messages
	assignments := _assignments(object.get(each.rule, each_body, []))
	leads := {name: {a.term.value | some a in assignments; a.name == name; a.term.type == "var"} |
		some name in {a.name | some a in assignments}
	}
	variable.type == "var"
	some {"name": name, "at": within, "term": term} in assignments
	name in graph.reachable(leads, {variable.value})
}

_written_messages contains [each, ["head", "key"], each.rule.head.key, ["body"]] if {
	some each in _well_formed
}

_written_messages contains [each, ["head", "value", "value", "term"], value.term, ["head", "value", "value", "body"]] if {
	some each in _well_formed
	each.rule.head.value.type == "setcomprehension"
	value := each.rule.head.value.value
}

_written_messages contains [each, ["head", "value", "value", place], term, []] if {
	some each in _well_formed
	each.rule.head.value.type == "set"
	some place, term in each.rule.head.value.value
}

_well_formed contains each if {
	some each in _denies
	not _form_problem(each.rule)
}

_assignments(body) := {{"name": expression.terms[one].value, "at": [place, "terms", other], "term": expression.terms[other]} |
	some place, expression in body
	count(expression.terms) == 3
	_dotted(expression.terms[0]) in {"assign", "eq"}
	some [one, other] in [[1, 2], [2, 1]]
	expression.terms[one].type == "var"
}

_written(term) := [[[], term]] if term.type != "call"

_written(term) := [[["value", place], part] | some place, part in term.value] if term.type == "call"

_found(each, place, problem) := {"file": each.file, "at": array.concat(each.at, place), "message": problem}

_form_problem(rule) := $"{_form}, without a default" if {
	rule["default"]
} else := $"{_form}, without an `else`" if {
	rule["else"]
} else := $"{_form}, without arguments" if {
	rule.head.args
} else := $"{_form}, not `deny[...]`" if {
	count(rule.head.ref) > 1
} else := $"{_form}; a mere value is no set, or is undefined where nothing is denied" if {
	rule.head.value
	not _is_set(rule)
}

_is_set(rule) if {
	rule.head.value.type in {"set", "setcomprehension"}
	every expression in rule.body { expression.terms == _true }
}
