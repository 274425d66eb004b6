package dev.attache.iptables.ebpf.assembly;

/** A place in a program that jumps may name before it is known. Belongs to one assembler. */
public final class Label {
    private static final int UNKNOWN = -1;

    private final String name;
    private int position = UNKNOWN;

    Label(String name) {
        this.name = name;
    }

    void place(int at) {
        if (position != UNKNOWN) {
            throw new IllegalStateException("label " + name + " is placed twice");
        }
        position = at;
    }

    int position() {
        if (position == UNKNOWN) {
            throw new IllegalStateException("label " + name + " is never placed");
        }
        return position;
    }

    @Override
    public String toString() {
        return name;
    }
}
