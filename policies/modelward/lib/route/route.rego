# METADATA
# title: Route lists
# description: >-
#   Which routes a list of routes covers (A3). Each `{...}` of a path is compared percent-decoded, all else as sent (M4). A
#   comma list of models in a path makes several paths of it.
package modelward.lib.route

# METADATA
# description: Whether `list` permits the request's route. By a path, a template or a prefix it must permit each of its paths.
covers(list) if {
	some item in list
	_names_route(item)
}

covers(list) if {
	_paths_are_known
	every segments in input.request.segments {
		some item in list
		_names(item, segments)
	}
}

# METADATA
# description: Whether `list` does not name the request's route, by any of its paths. Undefined while a fact is missing.
spares(list) if {
	is_array(list)
	is_string(input.request.path)
	is_string(input.request.route)
	is_array(input.request.groups)
	_paths_are_known
	not _touches(list)
}

# METADATA
# description: Whether a route that calls models may be among `list`; a listing's request brings their templates (V2).
covers_a_call(list) if {
	some item in list
	item in {"llm_api_routes", "openai_routes"}
}

covers_a_call(list) if {
	some item in list
	some template in input.request.calls
	_may_name(item, template)
}

_touches(list) if {
	some item in list
	_names_route(item)
}

_touches(list) if {
	some item in list
	some segments in input.request.segments
	_names(item, segments)
}

_paths_are_known if {
	count(input.request.segments) > 0
	every segments in input.request.segments {
		is_array(segments)
		count(segments) > 0
	}
}

_may_name(item, template) if _names(item, split(template, "/"))

_may_name(item, template) if _fits(split(template, "/"), split(item, "/"))

# Everything in the path: the path as it was sent, the groups of its route, and the route's template.
_names_route(item) if item == input.request.path

_names_route(item) if item in input.request.groups

_names_route(item) if {
	contains(item, "{")
	_names(item, split(input.request.route, "/"))
}

_names(item, segments) if _fits(split(item, "/"), segments)

_names(item, segments) if {
	endswith(item, "/*")
	prefix := split(trim_suffix(item, "/*"), "/")
	count(segments) > count(prefix)
	_fits(prefix, array.slice(segments, 0, count(prefix)))
}

_fits(template, segments) if {
	count(template) == count(segments)
	every place, part in template {
		_stands_for(part, segments[place])
	}
}

_stands_for(part, part)

_stands_for(part, segment) if {
	startswith(part, "{")
	endswith(part, "}")
	segment != ""
}
