package dev.attache.iptables.ebpf.assembly;

/** How much of memory an instruction touches. */
public enum Width {
    BYTE(0x10, "u8"),
    HALF(0x08, "u16"),
    WORD(0x00, "u32"),
    DOUBLE(0x18, "u64");

    private final int bits;
    private final String text;

    Width(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    int bits() {
        return bits;
    }

    static Width of(int opcode) {
        for (Width width : values()) {
            if (width.bits == (opcode & 0x18)) {
                return width;
            }
        }
        throw new IllegalArgumentException("no width in opcode " + opcode);
    }

    @Override
    public String toString() {
        return text;
    }
}
