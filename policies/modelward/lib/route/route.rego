# METADATA
# title: Route lists
# description: Which routes a list of routes covers (A3).
package modelward.lib.route

# METADATA
# description: Whether the request's route is among `list` - by its path, a template, a prefix or a group of routes.
covers(list) if {
	some item in list
	_names(item)
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

_may_name(item, template) if _fits(split(item, "/"), split(template, "/"))

_may_name(item, template) if _fits(split(template, "/"), split(item, "/"))

_may_name(item, template) if {
	endswith(item, "/*")
	startswith(template, trim_suffix(item, "*"))
}

_names(item) if item == input.request.path

_names(item) if item in input.request.groups

_names(item) if {
	contains(item, "{")
	_fits(split(item, "/"), split(input.request.path, "/"))
}

_names(item) if {
	contains(item, "{")
	_fits(split(item, "/"), split(input.request.route, "/"))
}

_names(item) if {
	endswith(item, "/*")
	startswith(input.request.path, trim_suffix(item, "*"))
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
