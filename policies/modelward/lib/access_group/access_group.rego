# METADATA
# title: Unified access groups
# description: Models that come to a list by the id of a group (G9).
# custom:
#   differs: [G9]
package modelward.lib.access_group

# METADATA
# description: >-
#   `list` with the models of the groups that `ids` name. An empty list with groups holds their models only; the empty text
#   in it, which is no model's name, keeps it from being an empty list.
extended(list, ids) := list if {
	ids == []
} else := array.concat([""], _models(ids)) if {
	list == []
	is_array(ids)
} else := array.concat(list, _models(ids)) if {
	is_array(ids)
}

_models(ids) := [model |
	some id in ids
	some model in input.caller.access_groups[id].access_model_names
]
