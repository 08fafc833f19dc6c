# METADATA
# title: The client is mapped to a key
# description: >-
#   With `unregistered_jwt_client_behavior: reject` a token that is mapped to no key is refused.
# custom:
#   spec: [R9]
#   order: 210
#   type: auth_error
#   layer: token
#   remedy: map_client
#   advice: "the token's client is not mapped to a key: ask the admin"
#   alike: true
package modelward.token_rules.token_client

# METADATA
# description: Refuses a token that is mapped to no key, where the config says so.
deny contains message if {
	not _permitted
	message := "this token's client is not mapped to a key; ask the proxy's admin to map it"
}

_permitted if data.catalog.tokens.reject_unmapped_clients == false
