package dev.attache.iptables.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the running kernel keeps the members of its structures, read from the type information
 * (BTF) that it publishes about itself. Immutable.
 *
 * <p>Source: Documentation/bpf/btf.rst of the kernel.
 */
public final class KernelTypes {
    private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int TYPE_BYTES = 12;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_UNION = 5;
    private static final int KIND_FUNCTION = 12;
    private static final int BITS_OF_OFFSET = 0xffffff;

    private final ByteBuffer data;
    private final int typesAt;
    private final int namesAt;

    /** Offset of each type, by its id. */
    private final List<Integer> types = new ArrayList<>();

    private KernelTypes(ByteBuffer data) {
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
        if (data.limit() < HEADER_BYTES || (data.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("no type information: the magic number is missing");
        }
        int header = data.getInt(4);
        this.typesAt = header + data.getInt(8);
        this.namesAt = header + data.getInt(16);
        index(typesAt + data.getInt(12));
    }

    /** Tells whether the running kernel publishes any (CONFIG_DEBUG_INFO_BTF). */
    public static boolean published() {
        return Files.isReadable(KERNEL);
    }

    /**
     * Reads the running kernel's.
     *
     * @throws IOException if it cannot be read
     */
    public static KernelTypes read() throws IOException {
        return of(Files.readAllBytes(KERNEL));
    }

    static KernelTypes of(byte[] data) {
        return new KernelTypes(ByteBuffer.wrap(data));
    }

    /** Returns the number of the last type. */
    int size() {
        return types.size() - 1;
    }

    private void index(int end) {
        types.add(-1);
        int at = typesAt;
        while (at < end) {
            types.add(at);
            at += TYPE_BYTES + extraBytes(kind(at), count(at));
        }
    }

    private int kind(int type) {
        return data.getInt(type + 4) >>> 24 & 0x1f;
    }

    private int count(int type) {
        return data.getInt(type + 4) & 0xffff;
    }

    /** Returns how much follows a type's common part. */
    private static int extraBytes(int kind, int count) {
        return switch (kind) {
            case 1, 14, 17 -> 4;
            case 3 -> 12;
            case KIND_STRUCT, KIND_UNION, 15, 19 -> 12 * count;
            case 6, 13 -> 8 * count;
            case 2, 7, 8, 9, 10, 11, 12, 16, 18 -> 0;
            default -> throw new IllegalArgumentException("type information of kind " + kind);
        };
    }

    /**
     * Returns the offset in bytes of a member, given the names that lead to it: {@code
     * offset("sock", "sk_backlog", "rmem_alloc")}.
     *
     * @throws IllegalArgumentException if the kernel has no such structure or member
     */
    public int offset(String structure, String... path) {
        int type = find(structure);
        int bits = 0;
        for (String name : path) {
            long found = member(type, name);
            if (found < 0) {
                throw new IllegalArgumentException(
                        "struct " + structure + " of this kernel has no " + Arrays.toString(path));
            }
            bits += (int) (found & BITS_OF_OFFSET);
            type = (int) (found >>> 32);
        }
        return bits / 8;
    }

    private int find(String structure) {
        return types.get(structureId(structure));
    }

    /**
     * Returns the number of a structure's type.
     *
     * @throws IllegalArgumentException if the kernel has no such structure
     */
    public int structureId(String name) {
        return id(KIND_STRUCT, name);
    }

    /**
     * Returns the number by which a program calls a function of the kernel.
     *
     * @throws IllegalArgumentException if the kernel has no such function
     */
    public int functionId(String name) {
        return id(KIND_FUNCTION, name);
    }

    private int id(int kind, String name) {
        for (int id = 1; id < types.size(); id++) {
            int at = types.get(id);
            if (kind(at) == kind && isNamed(data.getInt(at), name)) {
                return id;
            }
        }
        throw new IllegalArgumentException("this kernel has no " + name);
    }

    /** Returns the member's type in the high half and its bit offset in the low, or -1. */
    private long member(int structure, String name) {
        for (int i = 0; i < count(structure); i++) {
            int at = structure + TYPE_BYTES + 12 * i;
            int type = types.get(data.getInt(at + 4));
            long bits = data.getInt(at + 8) & BITS_OF_OFFSET;
            if (isNamed(data.getInt(at), name)) {
                return (long) type << 32 | bits;
            }
            boolean nested = kind(type) == KIND_STRUCT || kind(type) == KIND_UNION;
            if (nested && isNamed(data.getInt(at), "")) {
                long inner = member(type, name);
                if (inner >= 0) {
                    return inner + bits;
                }
            }
        }
        return -1;
    }

    private boolean isNamed(int nameAt, String name) {
        byte[] expected = name.getBytes(StandardCharsets.US_ASCII);
        int at = namesAt + nameAt;
        for (byte each : expected) {
            if (data.get(at++) != each) {
                return false;
            }
        }
        return data.get(at) == 0;
    }
}
