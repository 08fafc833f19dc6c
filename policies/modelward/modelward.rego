# METADATA
# scope: subpackages
# title: Modelward
# description: The types of input and data.catalog, for every package below. There are no rules here.
# schemas:
#   - input: schema.input
#   - data.catalog: schema.catalog
package modelward
