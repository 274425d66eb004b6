package dev.attache.iptables.ebpf.assembly;

import java.nio.ByteBuffer;

/**
 * One slot of eight bytes of a program.
 *
 * @param opcode class, operation and source in eight bits
 * @param destination number of the destination register
 * @param source number of the source register, or a pseudo value of a wide load
 * @param offset signed offset of a memory access or jump
 * @param immediate signed constant
 */
record Instruction(int opcode, int destination, int source, int offset, int immediate) {
    static final int BYTES = 8;

    Instruction {
        if (offset < Short.MIN_VALUE || offset > Short.MAX_VALUE) {
            throw new IllegalArgumentException("offset " + offset + " does not fit 16 bits");
        }
    }

    Instruction withOffset(int other) {
        return new Instruction(opcode, destination, source, other, immediate);
    }

    void writeTo(ByteBuffer code) {
        code.put((byte) opcode);
        code.put((byte) (source << 4 | destination));
        code.putShort((short) offset);
        code.putInt(immediate);
    }

    static Instruction readFrom(ByteBuffer code) {
        int opcode = Byte.toUnsignedInt(code.get());
        int registers = Byte.toUnsignedInt(code.get());
        return new Instruction(
                opcode, registers & 0xf, registers >> 4, code.getShort(), code.getInt());
    }
}
