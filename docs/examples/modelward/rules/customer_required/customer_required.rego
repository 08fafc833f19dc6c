# METADATA
# title: A call names its customer
# description: A key with the metadata `for_customers` of `true` calls models in the name of a customer that has a record.
package modelward.rules.customer_required

# METADATA
# description: Refuses a call of such a key that names no customer, or one without a record.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"a call of model `{model}` with this key must name a known customer in `user`"
}

_permitted if is_object(input.customer)

_permitted if input.request.operation == "list"

_permitted if is_null(input.caller.key)

_permitted if {
	is_object(input.caller.key.metadata)
	not input.caller.key.metadata.for_customers
}
