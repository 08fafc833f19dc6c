package checks_test

import data.checks

_schemas := {
	"input": {"type": "object", "properties": {
		"kind": {"type": "string", "enum": ["key", "jwt"]},
		"teams": {"type": "object", "additionalProperties": {"type": "object", "properties": {"models": {"type": "array"}}}},
		"words": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
	}},
	"catalog": {"type": "object", "properties": {"mode": {"type": "string", "enum": ["on", "off"]}}},
}

_described := [{"path": [{"value": part} | some part in array.concat(["data"], path)], "annotations": {"entrypoint": path == ["modelward", "gate", "allow"]}} |
	some path in [["modelward", "gate"], ["modelward", "gate", "allow"], ["modelward", "lib"], ["modelward", "rules", "x"]]
]

_input(texts, annotations) := {
	"annotations": annotations,
	"no_texts": [],
	"policies": "/policies",
	"schemas": _schemas,
	"texts": {$"/policies/{file}": text | some file, text in texts},
}

_rule(text) := {"modelward/rules/x/x.rego": $"package modelward.rules.x\n{text}"}

_findings(texts) := found if {
	found := checks.findings with input as _input(texts, null)
}

_messages := {
	"default": ["default deny := set()", ["head"], "without a default"],
	"otherwise": ["deny := \"a\" if input.words else := \"b\"", ["head"], "without an `else`"],
	"function": ["deny(_) := set()", ["head"], "without arguments"],
	"map": ["deny[m] := 1 if some m in input.words", ["head"], "not `deny[...]`"],
	"value": ["deny := 1", ["head"], "a mere value is no set"],
	"condition": ["deny := {\"a\"} if input.words", ["head"], "a mere value is no set"],
	"number": ["deny contains 1 if input.words", ["head", "key"], "not a number"],
	"member": ["deny := {[]}", ["head", "value", "value", 0], "not an array"],
	"comprehension": ["deny := {1 | input.words}", ["head", "value", "value", "term"], "not a number"],
	"variable": ["deny contains a if {\n b := {}\n a = b\n}", ["body", 0, "terms", 2], "not an object"],
	"of a comprehension": ["deny := {a | a := 1}", ["head", "value", "value", "body", 0, "terms", 2], "not a number"],
	"braces": ["deny contains \"{a}\" if input.words", ["head", "key"], "in place of the braces"],
	"braces in a call": ["deny contains upper(\"{a}\") if input.words", ["head", "key", "value", 1], "in place of the braces"],
	"failing": ["deny contains \"a\" if to_number(input.kind) > 0", ["body", 0], "where `to_number` fails"],
	"never": ["deny contains \"a\" if false", ["head"], "`deny` never holds"],
	"never by not": ["deny contains \"a\" if not true", ["head"], "`deny` never holds"],
	"sprintf": ["deny contains sprintf(\"%v\", [1]) if input.words", ["head", "key", "value", 0], "where `sprintf` fails"],
	"unread helper": ["deny := set()\n_help := 1", ["head"], "nobody reads `_help`"],
	"foreign name": ["deny := set()\nallow if input.words", ["head"], "nobody reads `allow`"],
	"set of grants": ["deny := set()\ngrants contains 1 if input.words", ["head"], "must be an object from model to"],
	"no deny": ["list := []", ["head"], "a rule without a `deny`"],
	"unknown data": ["deny contains \"a\" if data.modelward.rule.y", ["body", 0, "terms"], "`data.modelward.rule` is nothing here"],
	"unknown in a map": ["deny contains \"a\" if input.teams[input.kind].x", ["body", 0, "terms"], "`input.teams[...]` has no `x`; it has `models`"],
	"unknown in the catalogue": ["deny contains \"a\" if data.catalog.x", ["body", 0, "terms"], "`data.catalog` has no `x`"],
	"object.get": ["deny contains \"a\" if object.get(input, \"x\", 1) == 1", ["body", 0, "terms", 1, "value", 1], "`input` has no `x`"],
	"object.get of a path": ["deny contains \"a\" if object.get(input, [\"teams\", \"t\", \"x\"], 1)", ["body", 0, "terms", 1], "`input.teams.t` has no `x`"],
	"import": ["import data.catalog as c\ndeny contains \"a\" if c.mode == \"x\"", ["body", 0, "terms", 2], "`data.catalog.mode` is never `x`; it is one of `on`, `off`"],
	"one of some": ["deny contains \"a\" if input.kind in {\"key\", \"x\"}", ["body", 0, "terms", 2, "value", 1], "`input.kind` is never `x`"],
	"in a list": ["deny contains \"a\" if \"x\" in input.words", ["body", 0, "terms", 1], "`input.words[...]` is never `x`"],
}

test_a_mistake_is_found_at_its_place[name] if {
	some name, [text, at, message] in _messages
	some finding in _findings(_rule(text))
	array.slice(finding.at, 2, 10) == at
	contains(finding.message, message)
}

test_a_rule_in_order_has_no_findings if {
	helper := "_late if to_number(input.kind) > 0"
	count(_findings(_rule($"deny contains $\"no {{input.kind}}\" if not _late\n{helper}\nlist := input.words"))) == 0
	count(_findings(_rule("deny := {\"a\" | some \"b\" in input.words}\ngrants := {}"))) == 0
	count(_findings(_rule("deny contains \"a\" if not input.kind in {\"key\", data.catalog.mode}"))) == 0
	count(_findings(_rule("deny contains \"a\" if data.modelward.rules.x.list\nlist := [1]"))) == 0
}

test_a_word_may_be_meant_for_another if {
	some finding in _findings(_rule("deny := set()\n_deny := 1"))
	[finding.word, finding.known] == ["deny", checks.exports]
	some unknown in _findings(_rule("deny := {data.modelward.rules.x.lst}\nlist := [1]"))
	[unknown.word, unknown.known] == ["lst", ["deny", "list"]]
}

test_a_package_is_in_the_place_where_it_is_read if {
	_said("modelward/rules/x/x.rego", "modelward.rules.y") == {"a package has its folder's name: `modelward.rules.y` stands in the folder `modelward/rules/x`"}
	_said("modelward/rules/x/z/z.rego", "modelward.rules.x.z") == _undescribed | {"nobody reads `modelward.rules.x.z`: a rule is one folder in `modelward/rules`, no deeper"}
	_said("modelward/other/other.rego", "modelward.other") == _undescribed | {"nobody reads the package `modelward.other`; a rule belongs in a folder of `modelward/rules`"}
	_said("modelward/lib/lib.rego", "modelward.lib") == {"`deny` needs METADATA with a `description`"}
}

_undescribed := {
	"the package needs METADATA, with a `title` or a `description`",
	"`deny` needs METADATA with a `description`",
}

_said(file, package_) := {finding.message | some finding in found; finding.file == $"/policies/{file}"} if {
	gate := "package modelward.gate\n\nallow if data.modelward.lib.deny == set()"
	texts := {"modelward/gate/gate.rego": gate, file: $"package {package_}\n\ndeny := \{_word}\n\n_word := `a`"}
	found := checks.findings with input as _input(texts, _described)
}

test_a_rule_without_rules_refuses_every_call if {
	some finding in _findings({"modelward/rules/x/x.rego": "package modelward.rules.x"})
	finding.at == ["package"]
}

test_what_is_no_set_of_texts_is_said_where_nothing_else_is if {
	asked := object.union(_input(_rule("deny contains count(input.words) if true"), null), {"no_texts": ["/policies/modelward/rules/x/x.rego"]})
	found := checks.findings with input as asked
	{[finding.at, finding.message] | some finding in found} == {[["rules", 0], "a denial's message must be a text: this `deny` is no set of texts"]}
	worse := checks.findings with input as object.union(asked, {"texts": {"/policies/modelward/rules/x/x.rego": "package modelward.rules.x\ndeny := 1"}})
	count(worse) == 1
}
