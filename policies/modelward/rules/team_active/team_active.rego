# METADATA
# title: The team is not blocked
# description: A blocked team blocks all its callers.
# custom:
#   spec: [A2, A4]
#   order: 610
#   status: 401
#   type: auth_error
#   record: team
#   remedy: unblock
#   advice: "the team is blocked: ask the admin"
#   alike: true
package modelward.rules.team_active

# METADATA
# description: Refuses a caller of a blocked team.
deny contains message if {
	not _active
	message := "the team of this caller is blocked; ask the proxy's admin to unblock it"
}

_active if is_null(input.caller.team)

_active if input.caller.team.blocked == false
