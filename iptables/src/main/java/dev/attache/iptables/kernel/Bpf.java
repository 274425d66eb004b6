package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The command numbers of bpf(2) and its argument, {@code union bpf_attr}: a block of zeros into
 * which a command's fields are put by offset.
 *
 * <p>Source: include/uapi/linux/bpf.h.
 */
enum Bpf {
    MAP_CREATE(0),
    MAP_LOOKUP_ELEM(1),
    MAP_UPDATE_ELEM(2),
    MAP_DELETE_ELEM(3),
    MAP_GET_NEXT_KEY(4),
    PROG_LOAD(5),
    OBJ_PIN(6),
    OBJ_GET(7),
    PROG_ATTACH(8),
    PROG_DETACH(9),
    PROG_GET_FD_BY_ID(13),
    OBJ_GET_INFO_BY_FD(15),
    PROG_QUERY(16),
    BTF_LOAD(18),
    LINK_CREATE(28),
    LINK_UPDATE(29),
    LINK_DETACH(34);

    /** Longest name of a map or program, with its terminating zero. */
    static final int NAME_BYTES = 16;

    private static final int ATTRIBUTE_BYTES = 152;

    private final int number;

    Bpf(int number) {
        this.number = number;
    }

    /** Makes the call; the result is a descriptor's number where the command yields one. */
    long call(String what, Attributes attributes) throws KernelException {
        MemorySegment block = attributes.block;
        return SystemCall.BPF.call(what, number, block.address(), block.byteSize(), 0, 0);
    }

    /** Pins the object at {@code path}, which must be on a bpf file system. */
    static void pin(Descriptor object, Path path) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Attributes a = new Attributes(arena);
            a.text(0, path.toString()).number(8, object.number());
            OBJ_PIN.call("pin at " + path, a);
        }
    }

    /** Opens the object pinned at {@code path}. */
    static Descriptor open(Path path) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Attributes a = new Attributes(arena).text(0, path.toString());
            return new Descriptor(OBJ_GET.call("open the pin " + path, a));
        }
    }

    /** Fills {@code info} with what the kernel tells of a map, program or link. */
    static void describe(Descriptor object, MemorySegment info, Arena arena)
            throws KernelException {
        Attributes a = new Attributes(arena);
        a.number(0, object.number()).number(4, (int) info.byteSize()).pointer(8, info);
        OBJ_GET_INFO_BY_FD.call("describe descriptor " + object.number(), a);
    }

    /** The argument block of one call. Lives as long as its arena. */
    static final class Attributes {
        private final Arena arena;
        private final MemorySegment block;

        Attributes(Arena arena) {
            this.arena = arena;
            this.block = arena.allocate(ATTRIBUTE_BYTES, 8);
        }

        Attributes number(int offset, int value) {
            block.set(ValueLayout.JAVA_INT, offset, value);
            return this;
        }

        Attributes wide(int offset, long value) {
            block.set(ValueLayout.JAVA_LONG, offset, value);
            return this;
        }

        Attributes pointer(int offset, MemorySegment value) {
            return wide(offset, value.address());
        }

        Attributes bytes(int offset, byte[] value) {
            return pointer(offset, arena.allocateFrom(ValueLayout.JAVA_BYTE, value));
        }

        Attributes text(int offset, String value) {
            return pointer(offset, arena.allocateFrom(value));
        }

        /** Writes a name of at most 15 ASCII characters in place. */
        Attributes name(int offset, String name) {
            byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
            if (ascii.length >= NAME_BYTES) {
                throw new IllegalArgumentException(
                        "the kernel takes names of at most 15 bytes, not \"" + name + "\"");
            }
            MemorySegment.copy(ascii, 0, block, ValueLayout.JAVA_BYTE, offset, ascii.length);
            return this;
        }

        int number(int offset) {
            return block.get(ValueLayout.JAVA_INT, offset);
        }
    }
}
