package dev.attache.iptables.ebpf.assembly;

/**
 * A register of the BPF machine. R0 holds results, R1 to R5 arguments (lost by a call), R6 to R9
 * survive calls, FP points to the end of a stack of 512 bytes.
 */
public enum Register {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    FP;

    @Override
    public String toString() {
        return this == FP ? "fp" : "r" + ordinal();
    }
}
