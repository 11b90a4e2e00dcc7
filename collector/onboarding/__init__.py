"""What the province gives each PC and each box so that they may talk: keys, certificates, settings, instructions. The CA's key never leaves the province."""
