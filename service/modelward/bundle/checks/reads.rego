# Paths at which there is nothing. OPA itself knows the types of `input` and of `data.catalog`, but does not look into maps
# from an id to a record, and does not know a text that is never there.
package checks

_findings contains {
	"file": file,
	"at": at,
	"message": $"`data.{concat(".", array.slice(path, 0, depth + 1))}` is nothing here",
	"word": path[depth],
	"known": [name | some name in _known_below(array.slice(path, 0, depth)); not startswith(name, "_")],
} if {
	some [file, at, path] in _data_paths
	depth := min({depth | some depth, _ in path; not array.slice(path, 0, depth + 1) in _prefixes})
	path[0] != "catalog"
	not _is_named(path)
}

_findings contains {"file": each.file, "at": each.at, "message": $"`{shown}` has no `{step}`; it has {known}"} if {
	some each in _reads
	[root, steps] := _document(each.path)
	some place, step in steps
	step != null
	shape := _shape(root, array.slice(steps, 0, place))
	count(shape.properties) > 0
	not step in shape.properties
	shown := _shown(root, array.slice(steps, 0, place))
	known := _listed(shape.properties)
}

_findings contains {"file": each.file, "at": each.at, "message": $"`{shown}` is never `{each.text}`; it is one of {words}"} if {
	some each in _comparisons
	[root, steps] := _document(each.path)
	shape := _shape(root, steps)
	count(shape.words) > 0
	not each.text in shape.words
	shown := _shown(root, steps)
	words := _listed(shape.words)
}

# The paths of `data` up to the first step that is no constant.
_data_paths contains [each.file, each.at, array.slice(steps, 0, constant)] if {
	some each in _reads
	each.path.root == "data"
	steps := each.path.steps
	constant := min({count(steps)} | {place | some place, step in steps; step == null})
}

_prefixes := {array.slice(package_, 0, length) |
	some package_ in _packages
	some length in numbers.range(0, count(package_))
}

_is_named(path) if {
	some length, name in path
	name in _names[array.slice(path, 0, length)]
}

_known_below(path) := {package_[count(path)] |
	some package_ in _packages
	array.slice(package_, 0, count(path)) == path
} | {name | some name in _names[path]}

_document(path) := ["input", path.steps] if path.root == "input"

_document(path) := ["catalog", array.slice(path.steps, 1, 100)] if {
	path.root == "data"
	path.steps[0] == "catalog"
}

_shown(root, steps) := concat("", [{"input": "input", "catalog": "data.catalog"}[root], concat("", [part |
	some step in steps
	part := {true: "[...]", false: $".{step}"}[step == null]
])])

_listed(words) := concat(", ", [$"`{word}`" | some word in words])

# What a schema says of the values at a path; `null` is a step into a map or a list.
_shapes[root][count(steps)] contains {"steps": steps, "properties": properties, "words": words} if {
	some root, document in input.schemas
	[at, schema] := walk(document)
	steps := [{true: null, false: name}[name in {"additionalProperties", "items"}] | some name in at; name != "properties"]
	properties := [name | some name, _ in object.get(schema, "properties", {})]
	words := object.get(schema, "enum", [])
	count(properties) + count(words) > 0
}

_shape(root, steps) := shape if {
	some shape in _shapes[root][count(steps)]
	every place, step in shape.steps { step in {null, steps[place]} }
}
