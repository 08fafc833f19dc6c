# METADATA
# title: The project is not blocked
# description: A blocked project blocks all its keys.
# custom:
#   spec: [A2, A4]
#   order: 910
#   status: 401
#   type: auth_error
#   record: project
#   remedy: unblock
#   advice: "the project is blocked: ask the admin"
#   alike: true
package modelward.rules.project_active

# METADATA
# description: Refuses a key of a blocked project.
deny contains message if {
	not _active
	message := "this key's project is blocked; ask the proxy's admin to unblock it"
}

_active if is_null(input.caller.project)

_active if input.caller.project.blocked == false
