# METADATA
# title: The owner is active
# description: A key of a deactivated owner is refused.
# custom:
#   spec: [A2, A4]
package modelward.rules.user_active

# METADATA
# description: Refuses a key whose owner was deactivated.
deny contains message if {
	not _active
	message := "the owner of this key is deactivated; ask the proxy's admin"
}

_active if is_null(input.caller.user)

_active if object.get(input.caller.user.metadata, "scim_active", true) != false
