# METADATA
# title: The user is active
# description: A caller whose user is deactivated is refused.
# custom:
#   spec: [A2, A4]
#   order: 700
#   status: 401
#   type: auth_error
#   record: user
#   remedy: activate
#   advice: "the caller's user is deactivated: ask the admin"
#   alike: true
package modelward.rules.user_active

# METADATA
# description: Refuses a caller whose user was deactivated.
deny contains message if {
	not _active
	message := "the user of this caller is deactivated; ask the proxy's admin"
}

_active if is_null(input.caller.user)

_active if object.get(input.caller.user.metadata, "scim_active", true) == true
