package dev.attache.iptables.ebpf.assembly;

/** The condition of a jump; the words in parentheses are how a disassembly writes it. */
public enum Comparison {
    EQUAL(0x10, "=="),
    UNSIGNED_GREATER(0x20, ">"),
    UNSIGNED_GREATER_OR_EQUAL(0x30, ">="),
    ANY_BIT(0x40, "&"),
    NOT_EQUAL(0x50, "!="),
    SIGNED_GREATER(0x60, "s>"),
    SIGNED_GREATER_OR_EQUAL(0x70, "s>="),
    UNSIGNED_LESS(0xa0, "<"),
    UNSIGNED_LESS_OR_EQUAL(0xb0, "<="),
    SIGNED_LESS(0xc0, "s<"),
    SIGNED_LESS_OR_EQUAL(0xd0, "s<=");

    private final int bits;
    private final String text;

    Comparison(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    int bits() {
        return bits;
    }

    static Comparison of(int opcode) {
        for (Comparison comparison : values()) {
            if (comparison.bits == (opcode & 0xf0)) {
                return comparison;
            }
        }
        throw new IllegalArgumentException("no comparison in opcode " + opcode);
    }

    @Override
    public String toString() {
        return text;
    }
}
