# METADATA
# title: The decision
# description: A key and the master key are judged as they are, a token as the caller it stands for (R2-R8).
package modelward.access

import data.modelward.lib.caller
import data.modelward.lib.catalog
import data.modelward.token_caller
import data.modelward.verdict

# Each answer is written for both kinds of callers: `with` costs time, and the usual caller is a key.

# METADATA
# title: The decision on one request
# description: Whether it is allowed, why not, what covered each model, which deployments may serve it, and who asked.
# entrypoint: true
decision := verdict.decision if not caller.is_token

decision := found if {
	caller.is_token
	found := verdict.decision with input.caller as token_caller.caller
}

# METADATA
# description: Whether the request is allowed; the same as the decision says.
default allow := false

allow if {
	not caller.is_token
	verdict.allow
}

allow if {
	caller.is_token
	verdict.allow with input.caller as token_caller.caller
}

# METADATA
# description: Whether the request is allowed, and the record of the team that a token stands for in it.
standing := {"allow": allow, "team": token_caller.team}

# METADATA
# description: The lists that bind the caller, by rule.
lists := verdict.lists if not caller.is_token

lists := found if {
	caller.is_token
	found := verdict.lists with input.caller as token_caller.caller
}

# METADATA
# description: The access groups of the entries that the caller may see.
groups := catalog.candidate_groups if not caller.is_token

groups := found if {
	caller.is_token
	found := catalog.candidate_groups with input.caller as token_caller.caller
}

# METADATA
# description: Each rule's part in the decision.
layers := verdict.layers if not caller.is_token

layers := found if {
	caller.is_token
	found := verdict.layers with input.caller as token_caller.caller
}
