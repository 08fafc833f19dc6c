# METADATA
# title: Checks of the policies
# description: |
#   Rules that would build and serve, and not decide what they say, found in the syntax trees of the policies.
#   `input.texts` has the policies by their file's name, `input.policies` is their folder; `input.annotations` is what
#   OPA reads of all METADATA, `null` if it cannot; `input.schemas` has the schemas of `input` and `catalog`;
#   `input.no_texts` are files with a `deny` that OPA's type checker takes for no set of texts.
package checks

# METADATA
# description: |
#   What is wrong. `at` is the path of a node in the syntax tree of `file`. Where there is a `word`, it may be meant for
#   one of `known`; `otherwise` is said where it is not.
findings := _findings | {finding |
	some file in input.no_texts
	not file in {each.file | some each in _findings}
	at := array.concat([["rules", place] | some place, rule in _trees[file].rules; _name(rule) == "deny"], [["package"]])[0]
	finding := {"file": file, "at": at, "message": "a denial's message must be a text: this `deny` is no set of texts"}
}

# A node is told by its file and by `at`, its path in the tree.
_trees[file] := rego.parse_module(file, text) if some file, text in input.texts

_packages[file] := [step.value | some step in array.slice(tree["package"].path, 1, 100)] if some file, tree in _trees

_name(rule) := rule.head.ref[0].value

_names[package_] contains _name(rule) if {
	some file, package_ in _packages
	some rule in _trees[file].rules
}

_is_rule(package_) if {
	count(package_) == 3
	package_[0] == "modelward"
	package_[1] in {"rules", "token_rules"}
}

_nodes contains {"file": file, "at": array.concat([part], at), "node": node} if {
	some file, tree in _trees
	some part in ["imports", "rules"]
	[at, node] := walk(tree[part])
	is_object(node)
}

# A call is a term, or an expression by itself.
_calls contains {"file": each.file, "at": array.concat(each.at, [part]), "function": _dotted(terms[0]), "terms": terms} if {
	some each in _nodes
	some part, kind in {"value": "call", "terms": ""}
	object.get(each.node, "type", "") == kind
	terms := each.node[part]
}

_dotted(node) := concat(".", [$"{step.value}" | some step in node.value]) if node.type == "ref"

_imports[file][object.get(each, "alias", steps[count(steps) - 1].value)] := steps if {
	some file, tree in _trees
	some each in tree.imports
	steps := each.path.value
}

# What is read at which path: `root` is `data`, `input` or a variable, and a step that is no constant text is `null`.
_path(file, node) := {"root": whole[0].value, "steps": _constants(array.slice(whole, 1, count(whole)))} if {
	node.type == "ref"
	first := node.value[0]
	first.type == "var"
	begin := object.get(object.get(_imports, file, {}), first.value, [first])
	whole := array.concat(begin, array.slice(node.value, 1, count(node.value)))
}

_constants(steps) := [_constant(step) | some step in steps]

_constant(step) := step.value if step.type == "string"

_constant(step) := null if step.type != "string"

_reads contains {"file": each.file, "at": each.at, "path": _path(each.file, each.node)} if some each in _nodes

_reads contains {"file": call.file, "at": array.concat(call.at, [1]), "path": object.union(path, {"steps": steps})} if {
	some call in _calls
	call.function == "object.get"
	path := _path(call.file, call.terms[1])
	steps := array.concat(path.steps, _constants(_keys(call.terms[2])))
}

_keys(node) := node.value if node.type == "array"

_keys(node) := [node] if node.type != "array"

# A path that is compared with a constant text; what is looked for in a list or a map is one step further.
_comparisons contains {"file": call.file, "at": array.concat(call.at, place), "path": path, "text": text.value} if {
	some call in _calls
	call.function in {"equal", "neq", "eq", "internal.member_2"}
	some [one, other] in [[1, 2], [2, 1]]
	path := _compared(call, one)
	some [place, text] in _texts(call, other)
	text.type == "string"
}

_compared(call, one) := _path(call.file, call.terms[one]) if not _is_container(call, one)

_compared(call, one) := object.union(path, {"steps": array.concat(path.steps, [null])}) if {
	_is_container(call, one)
	path := _path(call.file, call.terms[one])
}

_is_container(call, one) if {
	one == 2
	call.function == "internal.member_2"
}

_texts(call, other) := [[[other], call.terms[other]]] if not _is_collection(call, other)

_texts(call, other) := [[[other, "value", place], text] | some place, text in call.terms[other].value] if {
	_is_collection(call, other)
}

_is_collection(call, other) if {
	_is_container(call, other)
	call.terms[other].type in {"array", "set"}
}
