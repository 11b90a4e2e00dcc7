"""What kind of device an asset is. `model.classes.judge.classify` answers; docs/classes.md tells how."""
