module irqbypass

go 1.19
