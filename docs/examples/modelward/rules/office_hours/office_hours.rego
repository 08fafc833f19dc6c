# METADATA
# title: The o1 family has office hours
# description: Models of the o1 family may be called from 8 to 18 o'clock UTC.
package modelward.rules.office_hours

import data.modelward.lib.catalog

# METADATA
# description: Refuses the o1 family outside office hours.
deny contains message if {
	some model, entry in catalog.entry
	not _permitted(entry)
	message := $"model `{model}` may be called from 8 to 18 o'clock UTC"
}

default holds_until := 0

# METADATA
# description: What is decided now holds until the next full hour.
holds_until := (floor(input.request.time_ns / 3600000000000) + 1) * 3600000000000

_permitted(entry) if not startswith(entry.model, "openai/o1-")

_permitted(_) if {
	hour := floor(input.request.time_ns / 3600000000000) % 24
	hour >= 8
	hour < 18
}
