package dev.attache.iptables.ebpf.assembly;

import dev.attache.iptables.kernel.MapSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the instructions of one program. Every method appends; {@link #assemble} resolves the
 * jumps. Offsets and sizes are in bytes, constants are as the little-endian machine sees them. Not
 * for use from several threads.
 */
public final class Assembler {
    private static final int CLASS_LOAD = 0x61;
    private static final int CLASS_STORE_IMMEDIATE = 0x62;
    private static final int CLASS_STORE = 0x63;
    private static final int CLASS_ATOMIC = 0xc3;
    private static final int CLASS_JUMP = 0x05;
    private static final int CLASS_JUMP32 = 0x06;
    private static final int CLASS_ALU64 = 0x07;
    private static final int FROM_REGISTER = 0x08;
    private static final int OP_CALL = 0x85;
    private static final int OP_EXIT = 0x95;
    private static final int OP_BYTE_SWAP = 0xdc;
    private static final int OP_MOVE32 = 0xbc;
    private static final int OP_LOAD_WIDE = 0x18;
    private static final int PSEUDO_MAP = 1;
    static final int PSEUDO_KERNEL_CALL = 2;

    private final List<Instruction> code = new ArrayList<>();
    private final Map<Integer, Label> jumps = new HashMap<>();
    private final Map<Integer, MapSpec> maps = new HashMap<>();

    /** Makes a label to jump to, not yet placed. */
    public Label label(String name) {
        return new Label(name);
    }

    /** Places {@code label} before the next instruction. */
    public void place(Label label) {
        label.place(code.size());
    }

    /** destination = source. */
    public void move(Register destination, Register source) {
        apply(Operation.MOVE, destination, source);
    }

    /** destination = constant, sign-extended to 64 bits. */
    public void move(Register destination, int constant) {
        apply(Operation.MOVE, destination, constant);
    }

    /** destination = the low 32 bits of source, the rest zero. */
    public void moveLow(Register destination, Register source) {
        emit(OP_MOVE32, destination, source, 0, 0);
    }

    /** destination = destination op source. */
    public void apply(Operation operation, Register destination, Register source) {
        emit(CLASS_ALU64 | FROM_REGISTER | operation.bits(), destination, source, 0, 0);
    }

    /** destination = destination op constant. */
    public void apply(Operation operation, Register destination, int constant) {
        emit(CLASS_ALU64 | operation.bits(), destination, Register.R0, 0, constant);
    }

    /** Turns the low 16 bits from host to network order or back, clearing the rest. */
    public void swap16(Register register) {
        emit(OP_BYTE_SWAP, register, Register.R0, 0, 16);
    }

    /** destination = memory at base + offset. */
    public void load(Width width, Register destination, Register base, int offset) {
        emit(CLASS_LOAD | width.bits(), destination, base, offset, 0);
    }

    /** Memory at base + offset = source. */
    public void store(Width width, Register base, int offset, Register source) {
        emit(CLASS_STORE | width.bits(), base, source, offset, 0);
    }

    /** Memory at base + offset = constant, sign-extended. */
    public void store(Width width, Register base, int offset, int constant) {
        emit(CLASS_STORE_IMMEDIATE | width.bits(), base, Register.R0, offset, constant);
    }

    /** Atomically adds source to the 64 bits at base + offset. */
    public void atomicAdd(Register base, int offset, Register source) {
        emit(CLASS_ATOMIC | Width.DOUBLE.bits(), base, source, offset, 0);
    }

    /** destination = a constant of 64 bits. */
    public void loadWide(Register destination, long constant) {
        emit(OP_LOAD_WIDE, destination, Register.R0, 0, (int) constant);
        code.add(new Instruction(0, 0, 0, 0, (int) (constant >>> 32)));
    }

    /** destination = the address of a map, whose descriptor is filled in on loading. */
    public void loadMap(Register destination, MapSpec map) {
        maps.put(code.size(), map);
        code.add(new Instruction(OP_LOAD_WIDE, destination.ordinal(), PSEUDO_MAP, 0, 0));
        code.add(new Instruction(0, 0, 0, 0, 0));
    }

    /** Calls a function of the kernel with R1 to R5; the result is in R0. */
    public void call(KernelFunction function) {
        emit(OP_CALL, Register.R0, Register.R0, 0, function.number());
    }

    /** Calls a function of the kernel by the number of its type in BTF. */
    public void callKernel(int function) {
        code.add(new Instruction(OP_CALL, 0, PSEUDO_KERNEL_CALL, 0, function));
    }

    /** Ends the program; R0 is its result. */
    public void exit() {
        emit(OP_EXIT, Register.R0, Register.R0, 0, 0);
    }

    /** Jumps always. */
    public void jump(Label target) {
        jumps.put(code.size(), target);
        emit(CLASS_JUMP, Register.R0, Register.R0, 0, 0);
    }

    /** Jumps if all 64 bits of left compare so to the sign-extended constant. */
    public void jumpIf(Register left, Comparison comparison, int constant, Label target) {
        jumps.put(code.size(), target);
        emit(CLASS_JUMP | comparison.bits(), left, Register.R0, 0, constant);
    }

    /** Jumps if all 64 bits of left compare so to right. */
    public void jumpIf(Register left, Comparison comparison, Register right, Label target) {
        jumps.put(code.size(), target);
        emit(CLASS_JUMP | FROM_REGISTER | comparison.bits(), left, right, 0, 0);
    }

    /** Jumps if the low 32 bits of left compare so to the constant. */
    public void jumpIfLow(Register left, Comparison comparison, int constant, Label target) {
        jumps.put(code.size(), target);
        emit(CLASS_JUMP32 | comparison.bits(), left, Register.R0, 0, constant);
    }

    private void emit(int opcode, Register destination, Register source, int offset, int constant) {
        code.add(
                new Instruction(opcode, destination.ordinal(), source.ordinal(), offset, constant));
    }

    /**
     * Resolves the jumps and drops what nothing leads to.
     *
     * @throws IllegalStateException if a label that is jumped to was never placed, or the program
     *     can run past its end
     */
    public Assembly assemble() {
        return new Linker(code, jumps, maps).link();
    }
}
