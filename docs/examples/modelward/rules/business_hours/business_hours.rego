# METADATA
# title: Some teams work on weekdays
# description: A team with the metadata `business_hours` calls models from Monday to Friday, 8 to 18 o'clock UTC.
package modelward.rules.business_hours

# METADATA
# description: Refuses a model to such a team at any other time.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"this team may call model `{model}` from Monday to Friday, 8 to 18 o'clock UTC"
}

default holds_until := 0

# METADATA
# description: What is decided now holds until the next full hour.
holds_until := (floor(input.request.time_ns / 3600000000000) + 1) * 3600000000000

_permitted if is_null(input.caller.team)

_permitted if {
	is_object(input.caller.team.metadata)
	not input.caller.team.metadata.business_hours
}

_permitted if {
	hours := floor(input.request.time_ns / 3600000000000)
	hours % 24 >= 8
	hours % 24 < 18

	# The first day of 1970 was a Thursday.
	(floor(hours / 24) + 3) % 7 < 5
}
