"""What is believed of enrolled PCs: `told` what they may say, `rows` what is kept, `fold` how a fact changes it, `ask` what the rules ask."""
