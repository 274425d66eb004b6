package dev.attache.iptables.ebpf.assembly;

/** Arithmetic, always on all 64 bits of a register. */
public enum Operation {
    ADD(0x00, "+="),
    SUBTRACT(0x10, "-="),
    MULTIPLY(0x20, "*="),
    OR(0x40, "|="),
    AND(0x50, "&="),
    SHIFT_LEFT(0x60, "<<="),
    SHIFT_RIGHT(0x70, ">>="),
    XOR(0xa0, "^="),
    MOVE(0xb0, "=");

    private final int bits;
    private final String text;

    Operation(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    int bits() {
        return bits;
    }

    static Operation of(int opcode) {
        for (Operation operation : values()) {
            if (operation.bits == (opcode & 0xf0)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("no operation in opcode " + opcode);
    }

    @Override
    public String toString() {
        return text;
    }
}
