package dev.attache.iptables.kernel;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The type information (BTF) without which the kernel makes no socket-storage map: a 32-bit key and
 * a value that is an array of bytes.
 *
 * <p>Source: Documentation/bpf/btf.rst of the kernel.
 */
final class TypeInformation {
    /** Id of the key's type. */
    static final int KEY_TYPE = 1;

    /** Id of the value's type. */
    static final int VALUE_TYPE = 3;

    private static final int MAGIC = 0xeB9F;
    private static final int HEADER_BYTES = 24;
    private static final int KIND_INT = 1;
    private static final int KIND_ARRAY = 3;

    private final byte[] blob;

    private TypeInformation(byte[] blob) {
        this.blob = blob;
    }

    static TypeInformation ofStorageMap(MapSpec spec) {
        byte[] names = "\0u32\0u8\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer types = ByteBuffer.allocate(16 + 16 + 24).order(ByteOrder.LITTLE_ENDIAN);
        integer(types, 1, 32);
        integer(types, 5, 8);
        types.putInt(0).putInt(KIND_ARRAY << 24).putInt(0);
        types.putInt(2).putInt(KEY_TYPE).putInt(spec.valueBytes());
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) MAGIC).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
        header.putInt(0).putInt(types.capacity()).putInt(types.capacity()).putInt(names.length);
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        blob.writeBytes(header.array());
        blob.writeBytes(types.array());
        blob.writeBytes(names);
        return new TypeInformation(blob.toByteArray());
    }

    private static void integer(ByteBuffer types, int name, int bits) {
        types.putInt(name).putInt(KIND_INT << 24).putInt(bits / 8).putInt(bits);
    }

    byte[] bytes() {
        return blob.clone();
    }

    /** Hands the types to the kernel. */
    Descriptor load() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena).bytes(0, blob).number(16, blob.length);
            return new Descriptor(Bpf.BTF_LOAD.call("load type information", a));
        }
    }
}
