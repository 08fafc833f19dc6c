# Packages in the wrong folder, packages and helpers that no decision comes to, and METADATA that is missing.
package checks

_findings contains _found(each, ["head"], problem) if {
	some each in _rules
	some expression in each.rule.body
	expression.terms == {true: _true, false: _false}[object.get(expression, "negated", false)]
	problem := $"`{each.name}` never holds by this: `false` stands in its body, or `not true`"
}

_findings contains object.union(_found(each, ["head"], $"nobody reads `{each.name}`"), {
	"word": trim_left(each.name, "_"),
	"known": exports,
}) if {
	some each in _rules
	startswith(each.name, "_")
	not [each.package, each.name] in _read_names
}

_findings contains _found(each, ["head"], $"`{each.name}` needs METADATA with a `description`") if {
	some each in _rules
	not each in _foreign
	not _is_described(array.concat(each.package, [each.name]))
}

_findings contains {"file": file, "at": _begin(file), "message": problem} if {
	some file, package_ in _packages
	_is_rule(package_)
	not _denies_in(package_)
	problem := "a rule without a `deny` refuses every call; write `deny := set()` where it denies nothing"
}

_findings contains {"file": each.file, "at": each.at, "message": problem} if {
	some each in _nodes
	_dotted(each.node) == "sprintf"
	problem := "where `sprintf` fails a denial vanishes: write `$\"... {x} ...\"` instead"
}

_findings contains {"file": file, "at": ["package", "path", count(package_)], "message": problem} if {
	some file, package_ in _packages
	problem := _place_problem(file, package_)
}

_findings contains {"file": file, "at": ["package", "path", count(package_)], "message": problem} if {
	some file, package_ in _packages
	not _is_described(package_)
	problem := "the package needs METADATA, with a `title` or a `description`"
}

_denies_in(package_) if "deny" in _names[package_]

_begin(file) := ["rules", 0, "head"] if _trees[file].rules

_begin(file) := ["package"] if not _trees[file].rules

_place_problem(file, package_) := $"a package has its folder's name: `{name}` stands in the folder `{folder}`" if {
	package_ != _folder(file)
	name := concat(".", package_)
	folder := concat("/", _folder(file))
} else := $"nobody reads `{name}`: a rule is one folder in `modelward/{package_[1]}`, no deeper" if {
	package_[1] in {"rules", "token_rules"}
	not _is_rule(package_)
	name := concat(".", package_)
} else := $"nobody reads the package `{name}`; a rule belongs in a folder of `modelward/rules`" if {
	_knows_metadata
	not package_ in _reached
	count(_trees[file].rules) > 0
	name := concat(".", package_)
}

_folder(file) := array.slice(parts, 0, count(parts) - 1) if {
	parts := split(trim_prefix(file, $"{input.policies}/"), "/")
}

# Else OPA takes the METADATA of one package for that of another.
_knows_metadata if {
	is_array(input.annotations)
	every file, package_ in _packages { package_ == _folder(file) }
}

_described contains [step.value | some step in array.slice(each.path, 1, 100)] if some each in input.annotations

_is_described(_) if not _knows_metadata

_is_described(path) if startswith(path[count(path) - 1], "_")

_is_described(path) if path in _described

# The names that the rules of a package read, each with the package.
_read_names contains [_packages[each.file], each.node.value] if {
	some each in _nodes
	is_string(each.node.value)
	array.slice(each.at, 2, 10) != ["head", "ref", 0]
}

# The packages that decisions come to: the rules and the entrypoints, and what these read.
_reached := graph.reachable(_package_reads, _rule_packages | _entrypoints)

_rule_packages := {package_ | some package_ in _packages; _is_rule(package_)}

_entrypoints := {[step.value | some step in array.slice(each.path, 1, count(each.path) - 1)] |
	some each in input.annotations
	each.annotations.entrypoint
}

_package_reads[package_] contains package_ if some package_ in _packages

_package_reads[_packages[file]] contains package_ if {
	some [file, _, path] in _data_paths
	some package_ in _packages
	shorter := min([count(path), count(package_)])
	array.slice(path, 0, shorter) == array.slice(package_, 0, shorter)
}
