# METADATA
# title: A view-only admin runs no inference
# description: A proxy_admin_viewer may look, not call.
# custom:
#   spec: [A2]
#   differs: [A2]
#   order: 710
#   type: auth_error
#   record: user
#   remedy: change_role
#   advice: a view-only admin calls no models
#   alike: true
package modelward.rules.user_role

# METADATA
# description: Refuses a call by a view-only admin.
deny contains message if {
	not _permitted
	message := "a view-only admin may not call models; use a key of another user"
}

_permitted if input.request.operation in {"list", "info", "manage"}

_permitted if is_null(input.caller.user)

_permitted if input.caller.user.user_role != "proxy_admin_viewer"
