# METADATA
# title: Restricted models are for employees
# description: Who calls a model of the group `restricted-models` must be a user with the metadata `employment` of `employee`.
package modelward.rules.contractors

import data.modelward.lib.caller
import data.modelward.lib.catalog

# METADATA
# description: Refuses such a model to everybody else, contractors among them.
deny contains message if {
	some model, entry in catalog.entry
	not _permitted(entry)
	message := $"model `{model}` is for employees; ask the proxy's admin to set `employment` in your user's metadata"
}

_permitted(_) if caller.is_master

_permitted(_) if input.caller.user.metadata.employment == "employee"

_permitted(entry) if not entry.groups["restricted-models"]
