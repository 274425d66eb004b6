package dev.attache.iptables.ebpf.assembly;

import dev.attache.iptables.kernel.MapSpec;
import java.util.List;
import java.util.Map;

/** Writes a program in the notation of the kernel's verifier. */
final class Disassembler {
    private static final int WIDE_LOAD = 0x18;
    private static final Register[] REGISTERS = Register.values();

    private final List<Instruction> instructions;
    private final Map<Integer, MapSpec> maps;

    Disassembler(List<Instruction> instructions, Map<Integer, MapSpec> maps) {
        this.instructions = instructions;
        this.maps = maps;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < instructions.size(); at++) {
            Instruction i = instructions.get(at);
            text.append(String.format("%4d: %s%n", at, line(at, i)));
            if (i.opcode() == WIDE_LOAD) {
                at++;
            }
        }
        return text.toString();
    }

    private String line(int at, Instruction i) {
        return switch (i.opcode() & 0x07) {
            case 0x00 -> wideLoad(at, i);
            case 0x01 -> destination(i) + " = " + memory(i, source(i));
            case 0x02 -> memory(i, destination(i)) + " = " + i.immediate();
            case 0x03 -> store(i);
            case 0x04, 0x07 -> arithmetic(i);
            case 0x05, 0x06 -> jump(at, i);
            default -> throw new IllegalArgumentException("no such class: " + i);
        };
    }

    private String wideLoad(int at, Instruction i) {
        MapSpec map = maps.get(at);
        if (map != null) {
            return destination(i) + " = map[" + map.name() + "]";
        }
        long high = instructions.get(at + 1).immediate();
        return String.format(
                "%s = 0x%x ll", destination(i), high << 32 | Integer.toUnsignedLong(i.immediate()));
    }

    private static String store(Instruction i) {
        boolean atomic = (i.opcode() & 0xe0) == 0xc0;
        String assignment = atomic ? " atomic += " : " = ";
        return memory(i, destination(i)) + assignment + source(i);
    }

    private static String memory(Instruction i, Register base) {
        return String.format("*(%s *)(%s %+d)", Width.of(i.opcode()), base, i.offset());
    }

    private static String arithmetic(Instruction i) {
        if ((i.opcode() & 0xf0) == 0xd0) {
            return destination(i) + " = be" + i.immediate() + " " + destination(i);
        }
        String low = (i.opcode() & 0x07) == 0x04 ? " (u32)" : "";
        return destination(i) + " " + Operation.of(i.opcode()) + low + " " + operand(i);
    }

    private static String jump(int at, Instruction i) {
        int target = at + 1 + i.offset();
        return switch (i.opcode()) {
            case 0x05 -> "goto " + target;
            case 0x85 ->
                    i.source() == Assembler.PSEUDO_KERNEL_CALL
                            ? "call kernel function " + i.immediate()
                            : "call " + KernelFunction.of(i.immediate());
            case 0x95 -> "exit";
            default -> {
                String low = (i.opcode() & 0x07) == 0x06 ? "(u32) " : "";
                yield String.format(
                        "if %s%s %s %s goto %d",
                        low, destination(i), Comparison.of(i.opcode()), operand(i), target);
            }
        };
    }

    private static String operand(Instruction i) {
        return (i.opcode() & 0x08) != 0 ? source(i).toString() : Integer.toString(i.immediate());
    }

    private static Register destination(Instruction i) {
        return REGISTERS[i.destination()];
    }

    private static Register source(Instruction i) {
        return REGISTERS[i.source()];
    }
}
