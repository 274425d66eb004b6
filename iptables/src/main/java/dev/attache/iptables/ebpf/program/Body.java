package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R4;
import static dev.attache.iptables.ebpf.assembly.Register.R6;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.assembly.Width;
import dev.attache.iptables.kernel.MapSpec;

/**
 * The phrases that several programs speak. By convention R6 holds the context throughout, and the
 * four bytes at {@link #SMALL_KEY} on the stack are scratch.
 */
final class Body {
    /** Four bytes of stack for the key of an array or of a process. */
    static final int SMALL_KEY = -4;

    /** The first two words of an IPv4 address in IPv6 form, after eight bytes of zero. */
    static final int MAPPED_WORD = 0xffff0000;

    private static final int CREATE = 1;

    private final Assembler asm;

    Body(Assembler asm) {
        this.asm = asm;
    }

    /** Keeps the context, which arrives in R1. */
    void begin() {
        asm.move(R6, R1);
    }

    /** Ends the program with {@code result}. */
    void result(int result) {
        asm.move(R0, result);
        asm.exit();
    }

    /** Adds one to a counter. Loses R0 to R5. */
    void count(Counter counter) {
        Label full = counterAddress(counter);
        asm.load(Width.DOUBLE, R1, R0, 0);
        asm.apply(Operation.ADD, R1, 1);
        asm.store(Width.DOUBLE, R0, 0, R1);
        asm.place(full);
    }

    /** Adds {@code amount}, which must survive calls, to a counter. Loses R0 to R5. */
    void count(Counter counter, Register amount) {
        Label full = counterAddress(counter);
        asm.load(Width.DOUBLE, R1, R0, 0);
        asm.apply(Operation.ADD, R1, amount);
        asm.store(Width.DOUBLE, R0, 0, R1);
        asm.place(full);
    }

    private Label counterAddress(Counter counter) {
        Label none = asm.label("no counter " + counter);
        asm.store(Width.WORD, FP, SMALL_KEY, counter.ordinal());
        asm.move(R2, FP);
        asm.apply(Operation.ADD, R2, SMALL_KEY);
        asm.loadMap(R1, Maps.COUNTERS);
        asm.call(KernelFunction.MAP_LOOKUP_ELEM);
        asm.jumpIf(R0, Comparison.EQUAL, 0, none);
        return none;
    }

    /** R0 = address of the value of the key on the stack, or 0. Loses R1 to R5. */
    void lookup(MapSpec map, int keyAt) {
        asm.loadMap(R1, map);
        stackAddress(R2, keyAt);
        asm.call(KernelFunction.MAP_LOOKUP_ELEM);
    }

    /** register = FP + offset. */
    void stackAddress(Register register, int offset) {
        asm.move(register, FP);
        asm.apply(Operation.ADD, register, offset);
    }

    /** R0 = address of the flow of the socket in R2, or 0. Loses R1 to R5. */
    void flowOfSocket() {
        asm.loadMap(R1, Maps.FLOWS);
        asm.move(R3, 0);
        asm.move(R4, 0);
        asm.call(KernelFunction.SK_STORAGE_GET);
    }

    /** R0 = address of the flow of the socket in R2, made if need be; 0 if there is no memory. */
    void newFlowOfSocket() {
        asm.loadMap(R1, Maps.FLOWS);
        asm.move(R3, 0);
        asm.move(R4, CREATE);
        asm.call(KernelFunction.SK_STORAGE_GET);
    }

    /** Copies a flow. Loses {@code scratch}. */
    void copyFlow(Register to, int toOffset, Register from, int fromOffset, Register scratch) {
        for (int at = 0; at < Flow.BYTES; at += 8) {
            asm.load(Width.DOUBLE, scratch, from, fromOffset + at);
            asm.store(Width.DOUBLE, to, toOffset + at, scratch);
        }
    }

    /** Loads the context's socket into {@code register}; jumps if there is none. */
    void socket(Register register, int offset, Label none) {
        asm.load(Width.DOUBLE, register, R6, offset);
        asm.jumpIf(register, Comparison.EQUAL, 0, none);
    }
}
