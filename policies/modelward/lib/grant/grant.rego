# METADATA
# title: Grant lists
# description: The one matcher of every layer (spec section 4).
package modelward.lib.grant

import data.modelward.lib.catalog
import data.modelward.lib.pattern

# METADATA
# description: >-
#   What in `list` covers `model` - `by` is the item, `groups` the access groups if only groups cover it.
#   Undefined when nothing does.
cover(list, model) := _cover(list, model) if is_array(list)

_cover(list, model) := {"by": "no restriction", "groups": []} if {
	list == []
	data.catalog.settings.empty_list == "allow"
} else := {"by": named, "groups": []} if {
	named := sort([name | some name in catalog.names[model]; name in list; not _means_no_model(name, model)])[0]
} else := {"by": fitting, "groups": []} if {
	fitting := [item | some item in list; contains(item, "*"); _fits(item, model)][0]
} else := {"by": groups[0], "groups": groups} if {
	known := catalog.entry[model].groups
	groups := [item | some item in list; known[item]]
	count(groups) > 0
}

# METADATA
# description: The same for a list that covers nothing when it is empty.
cover_only(list, model) := cover(list, model) if list != []

# METADATA
# description: An empty list restricts nothing, unless the config says it grants nothing (G1).
open(list) if {
	list == []
	data.catalog.settings.empty_list == "allow"
}

# METADATA
# description: Whether a list holds an access group or leaves it open (V3).
holds(list, _) if open(list)

holds(list, group) if {
	is_array(list)
	group in list
}

holds(list, _) if {
	is_array(list)
	some item in list
	item in {"*", "all-proxy-models"}
}

# A special name is no model's, unless an entry has that name (C7, G8).
_means_no_model(name, model) if {
	name in {"no-default-models", "all-team-models"}
	not catalog.entry[model]
}

_fits(item, model) if {
	some name in catalog.pattern_names[model]
	pattern.matches(item, name)
}
