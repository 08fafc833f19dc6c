# METADATA
# title: A trial ends
# description: A team with the metadata `trial_ends`, seconds since 1970, calls models until then.
package modelward.rules.trial_ends

# METADATA
# description: Refuses a model to a team whose trial is over.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"the trial of this team is over, so it may not call model `{model}`; ask the proxy's admin to extend it"
}

default holds_until := 0

# METADATA
# description: What is decided before the trial ends holds until then.
holds_until := null if _is_endless

holds_until := _end if not _is_endless

_permitted if _is_endless

_permitted if {
	is_number(input.request.time_ns)
	input.request.time_ns < _end
}

_is_endless if is_null(input.caller.team)

_is_endless if is_null(object.get(input.caller.team.metadata, "trial_ends", null))

_end := input.caller.team.metadata.trial_ends * 1000000000 if is_number(input.caller.team.metadata.trial_ends)
