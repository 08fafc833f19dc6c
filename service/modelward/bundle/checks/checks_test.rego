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
	some path in [["modelward", "gate"], ["modelward", "gate", "allow"], ["modelward", "lib"], ["modelward", "rules", "x"], ["modelward", "other", "deny"]]
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
	"end without a default": ["deny := set()\nholds_until := null", ["head"], "write `default holds_until := 0`"],
	"no deny": ["list := []", ["head"], "a rule without a `deny`"],
	"condition after another": ["deny := {\"a\"} if {\n true\n input.words\n}", ["head"], "a mere value is no set"],
	"comparison by !=": ["deny contains \"a\" if input.kind != \"x\"", ["body", 0, "terms", 2], "`input.kind` is never `x`"],
	"comparison by =": ["deny contains \"a\" if \"x\" = input.kind", ["body", 0, "terms", 1], "`input.kind` is never `x`"],
	"one of a list": ["deny contains \"a\" if input.kind in [\"x\"]", ["body", 0, "terms", 2, "value", 0], "`input.kind` is never `x`"],
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

_terms := {
	"[]": "an array",
	"[1 | true]": "an array",
	"true": "a boolean",
	"null": "null",
	"1": "a number",
	"{}": "an object",
	"{1: 1 | true}": "an object",
	"{1}": "a set",
	"{1 | true}": "a set",
}

test_a_message_that_is_no_text_is_found[term] if {
	some term, kind in _terms
	some finding in _findings(_rule($"deny contains {term} if input.words"))
	finding.message == $"a denial's message must be a text, not {kind}"
}

_may_fail := {
	"base64.decode(input.kind)",
	"base64url.decode(input.kind)",
	"json.unmarshal(input.kind)",
	"net.cidr_contains(input.kind, input.kind)",
	"net.cidr_intersects(input.kind, input.kind)",
	"net.cidr_overlap(input.kind, input.kind)",
	"numbers.range(1, input.kind)",
	"to_number(input.kind)",
}

test_a_function_that_may_fail_is_found[call] if {
	some call in _may_fail
	some finding in _findings(_rule($"deny contains \"a\" if {call}"))
	startswith(finding.message, $"where `{split(call, "(")[0]}` fails a denial vanishes")
}

_in_order := {
	"helper": "deny contains \"no\" if not _late\n_late if to_number(input.kind) > 0\nlist := input.words",
	"template": `deny contains $"no {input.kind}" if input.words`,
	"set": "deny := {\"a\" | some \"b\" in input.words}\ngrants := {}",
	"map": "deny := set()\ngrants[word] := {} if some word in input.words",
	"a list of what may fail": "deny contains \"a\" if input.words\nlist := [1] if to_number(input.kind) > 0",
	"denied where it fails": "deny contains \"a\" if not to_number(input.kind)",
	"other variables": "deny contains a if {\n a := \"b\"\n b := {}\n c := b\n c == b\n}",
	"a text with the name of a variable": "deny contains \"b\" if {\n b := {}\n count(b) == 0\n}",
	"a variable that is compared": "deny contains a if {\n some a in input.words\n a != {}\n}",
	"known words": "deny contains \"a\" if not input.kind in {\"key\", data.catalog.mode}",
	"own list": "deny contains \"a\" if data.modelward.rules.x.list\nlist := [1]",
	"all rules": "deny contains \"a\" if data.modelward.rules",
	"a step that is no constant": "deny contains \"a\" if input[input.kind]",
	"a field of a text, which OPA itself refuses": "deny contains \"a\" if input.kind.x",
	"a field of no known name": "deny contains \"a\" if input.catalog.x",
	"comparison with a record": "deny contains \"a\" if input.teams.t == \"x\"",
	"comparison with a list": "deny contains \"a\" if input.kind == [\"x\"]",
	"in what is no constant": "deny contains \"a\" if input.kind in data.catalog.mode",
	"a function of a text": "deny contains \"a\" if startswith(input.kind, \"x\")",
	"a function of a path": "deny contains \"a\" if json.filter(input, [\"x\"])",
}

test_a_rule_in_order_has_no_findings[name] if {
	some name, text in _in_order
	{each.message | some each in _findings(_rule(text))} == object.get(_unless, name, set())
}

# Of a path at which there is nothing, one that begins as another does.
_unless := {"a field of no known name": {"`input` has no `catalog`; it has `kind`, `teams`, `words`"}}

test_a_function_that_may_fail_is_in_order_in_another_file if {
	lib := "package modelward.lib\nword contains \"a\" if to_number(input.kind) > 0"
	count(_findings(object.union(_rule("deny contains \"a\" if input.words"), {"modelward/lib/lib.rego": lib}))) == 0
}

test_of_a_deny_in_another_form_the_messages_are_not_looked_at if {
	count(_findings(_rule("default deny := {1}"))) == 1
}

test_a_word_may_be_meant_for_another if {
	some finding in _findings(_rule("deny := set()\n_deny := 1"))
	[finding.word, finding.known] == ["deny", checks.exports]
	some unknown in _findings(_rule("deny := {data.modelward.rules.x.lst}\nlist := [1]\n_help := list"))
	[unknown.word, unknown.known] == ["lst", ["deny", "list"]]
	texts := {"modelward/lib/lib.rego": "package modelward.lib\n_y := data.modelward.lbi._y\nz := _y", "modelward/gate/gate.rego": "package modelward.gate"}
	some misspelt in _findings(texts)
	[misspelt.word, misspelt.known] == ["lbi", ["gate", "lib"]]
}

_undescribed := "the package needs METADATA, with a `title` or a `description`"

_deny_undescribed := "`deny` needs METADATA with a `description`"

_denying := "deny := {_word}\n\n_word := `a`"

_packages := {
	"of another folder": ["modelward/rules/x", "modelward.rules.y", _denying, {"a package has its folder's name: `modelward.rules.y` stands in the folder `modelward/rules/x`"}],
	"below a rule": [
		"modelward/rules/x/z",
		"modelward.rules.x.z",
		_denying,
		{_undescribed, _deny_undescribed, "nobody reads `modelward.rules.x.z`: a rule is one folder in `modelward/rules`, no deeper"},
	],
	"below a rule of tokens": [
		"modelward/token_rules",
		"modelward.token_rules",
		_denying,
		{_undescribed, _deny_undescribed, "nobody reads `modelward.token_rules`: a rule is one folder in `modelward/token_rules`, no deeper"},
	],
	"a rule of tokens": ["modelward/token_rules/x", "modelward.token_rules.x", _denying, {_undescribed, _deny_undescribed}],
	"read by nobody": ["modelward/other", "modelward.other", _denying, {_undescribed, "nobody reads the package `modelward.other`; a rule belongs in a folder of `modelward/rules`"}],
	"of another root": [
		"other/rules/x",
		"other.rules.x",
		"y := 1",
		{_undescribed, "`y` needs METADATA with a `description`", "nobody reads `other.rules.x`: a rule is one folder in `modelward/rules`, no deeper"},
	],
	"without rules": ["modelward/empty", "modelward.empty", "", {_undescribed}],
	"a library": ["modelward/lib", "modelward.lib", _denying, {_deny_undescribed}],
	"a library without a deny": ["modelward/lib", "modelward.lib", "_word := `a`\n\nword := _word", {"`word` needs METADATA with a `description`"}],
	"read as a whole": ["modelward/places/x", "modelward.places.x", "_y := `a`\n\n_z := _y", {_undescribed, "nobody reads `_z`"}],
	"a rule with a foreign name": ["modelward/rules/x", "modelward.rules.x", "deny := set()\n\nallow := 1", {_deny_undescribed, "nobody reads `allow`"}],
}

test_a_package_is_where_it_is_read_and_described[name] if {
	some name, [folder, package_, text, messages] in _packages
	file := $"{folder}/x.rego"
	gate := "package modelward.gate\n\nallow if data.modelward.lib.deny == data.modelward.places"
	texts := {"modelward/gate/gate.rego": gate, file: $"package {package_}\n\n{text}"}
	found := checks.findings with input as _input(texts, _described)
	{finding.message | some finding in found; finding.file == $"/policies/{file}"} == messages
}

test_without_metadata_nothing_is_said_of_it if {
	count(_findings({"modelward/other/other.rego": "package modelward.other\n\nword := 1"})) == 0
}

test_a_package_is_told_by_its_name if {
	places := {finding.at | some finding in _findings({"modelward/x/x.rego": "package modelward.y\n\nword := 1"})}
	places == {["package", "path", 2]}
	undescribed := checks.findings with input as _input({"modelward/x/x.rego": "package modelward.x"}, [])
	{finding.at | some finding in undescribed} == {["package", "path", 2]}
}

test_a_rule_without_rules_refuses_every_call if {
	some finding in _findings({"modelward/rules/x/x.rego": "package modelward.rules.x"})
	finding.at == ["package"]
}

test_what_is_no_set_of_texts_is_said_where_nothing_else_is if {
	text := "list := []\n\ndeny contains count(input.words) if true"
	asked := object.union(_input(_rule(text), null), {"no_texts": ["/policies/modelward/rules/x/x.rego"]})
	found := checks.findings with input as asked
	{[finding.at, finding.message] | some finding in found} == {[["rules", 1], "a denial's message must be a text: this `deny` is no set of texts"]}
	worse := checks.findings with input as object.union(asked, {"texts": {"/policies/modelward/rules/x/x.rego": "package modelward.rules.x\ndeny := 1"}})
	count(worse) == 1
}

_rule_path := "modelward.rules.x"

_reading_the_clock := {
	"deny contains \"a\" if input.request.time_ns > 1",
	"deny contains \"a\" if input[\"request\"].time_ns > 1",
	"deny contains \"a\" if input.request[_] == 1",
	"deny contains \"a\" if input[_].time_ns > 1",
	"deny contains \"a\" if count(input.request) > 1",
	"deny contains \"a\" if input == {}",
	"deny contains $\"a {input.request}\" if true",
	"deny contains \"a\" if object.get(input.request, \"time_ns\", 1) > 1",
	"deny contains \"a\" if object.get(input.request, input.kind, 1) > 1",
	"deny contains \"a\" if object.get(input.request, [], 1) == {}",
	"deny contains \"a\" if object.get(input, [\"request\", \"time_ns\"], 1) > 1",
	"import input.request as asked\ndeny contains \"a\" if asked.time_ns > 1",
	"deny contains \"a\" if time.now_ns() > 1",
	"deny contains \"a\" if http.send({}).status_code == 1",
	"deny contains \"a\" if data.modelward.lib.hours",
}

_reading_no_clock := {
	"deny contains \"a\" if input.request.models == []",
	"deny contains \"a\" if input.kind == \"key\"",
	"deny contains \"a\" if object.get(input.request, \"problem\", 1) == 1",
	"deny contains \"a\" if object.get(input, [\"request\", \"problem\"], 1) == 1",
	"deny contains \"a\" if count(input.teams) > 1",
	"deny contains \"a\" if data.modelward.lib_of_others.hours",
}

test_a_rule_that_reads_the_clock_says_until_when_its_answer_holds if {
	every text in _reading_the_clock {
		_untimed(text) == [_rule_path]
		_untimed(concat("\n", [text, "default holds_until := 0"])) == []
		_untimed(concat("\n", [text, "holds_until := 0"])) == [_rule_path]
	}
}

test_a_rule_that_does_not_read_the_clock_need_not if {
	every text in _reading_no_clock { _untimed(text) == [] }
}

test_nothing_beside_rules_reads_the_clock if {
	lib := "package modelward.lib\nhours := input.request.time_ns"
	gate := "package modelward.gate\nallow if data.modelward.lib.hours\nno if data.modelward.rules[_].deny"
	texts := {"modelward/lib/lib.rego": lib, "modelward/gate/gate.rego": gate}
	_untimed_in(texts) == ["modelward.lib"]
	_untimed_in({"modelward/lib/lib.rego": lib, "modelward/other/other.rego": "package modelward.other"}) == []
	timed := _rule("deny := set()\ndefault holds_until := 0\nuntil := input.request.time_ns")
	_untimed_in(object.union(timed, {"modelward/gate/gate.rego": "package modelward.gate\nno if data.modelward.rules[_].deny"})) == []
}

_untimed(text) := _untimed_in(object.union(_rule(text), {"modelward/lib/lib.rego": "package modelward.lib\nhours := input.request.time_ns"}))

_untimed_in(texts) := found if {
	asked := object.union(_input(texts, _described), {"foreign": ["http.send", "time.now_ns"]})
	found := checks.untimed with input as asked
}
