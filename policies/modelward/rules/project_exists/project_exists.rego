# METADATA
# title: The key's project exists
# description: A key that names a project without a record is refused.
# custom:
#   spec: [L8]
#   differs: [L8]
#   order: 900
#   type: auth_error
#   layer: project
#   remedy: create_project
#   advice: "the key names a project that does not exist: ask the admin"
#   alike: true
package modelward.rules.project_exists

import data.modelward.lib.caller

# METADATA
# description: Refuses a key whose project has no record.
deny contains message if {
	not _found
	message := "this key's project does not exist; ask the proxy's admin to move the key"
}

_found if is_null(input.caller.key.project_id)

_found if input.caller.project.project_id == input.caller.key.project_id

_found if caller.has_no_key
