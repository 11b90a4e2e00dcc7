"""Remote-control products and the activation servers of pirates, as tables: who they are by name. `names` finds a host name's owner."""
