# Rules whose answer may change while the rest of the question is the same: they read the clock, or call a function that
# is not the same for the same arguments.
package checks

# METADATA
# description: |
#   The packages that read the clock, themselves or by another package, and do not say until when a decision holds.
#   `input.foreign` are the functions that OPA's Wasm does not have, such as `time.now_ns` and `http.send`: all that it
#   has depend on nothing but their arguments.
untimed := sort({concat(".", package_) | some package_ in _clocked; not _has_end(package_)})

_clock := ["request", "time_ns"]

# A package that is no rule has no end of its own: it counts where a decision comes to it by no rule.
_clocked contains package_ if {
	some package_ in _rule_packages
	some read in graph.reachable(_package_reads, {package_})
	read in _reading_clock
}

_clocked contains package_ if {
	some package_ in graph.reachable(_reads_beside_rules, _entrypoints)
	package_ in _reading_clock
}

_reads_beside_rules[package_] := reads - _rule_packages if some package_, reads in _package_reads

_reading_clock contains _packages[each.file] if {
	some each in _reads
	each.path.root == "input"
	not each in _looked_into
	every place, step in array.slice(each.path.steps, 0, count(_clock)) { step in {null, _clock[place]} }
}

_reading_clock contains _packages[call.file] if {
	some call in _calls
	call.function in input.foreign
}

# `object.get` reads no more of a document than what is at the path that it is given.
_looked_into contains {"file": call.file, "at": array.concat(call.at, [1]), "path": _path(call.file, call.terms[1])} if {
	some call in _calls
	call.function == "object.get"
	count(_keys(call.terms[2])) > 0
}

# Without a default it may be undefined, which would be no end.
_has_end(package_) if {
	some each in _rules
	each.package == package_
	each.name == "holds_until"
	each.rule["default"]
}
