package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open BPF map. Lives in the kernel while a descriptor, a pin or a program refers to it; closing
 * gives up this descriptor only. Not for use from several threads.
 */
public final class BpfMap implements AutoCloseable {
    private final MapSpec spec;
    private final Descriptor descriptor;

    private BpfMap(MapSpec spec, Descriptor descriptor) {
        this.spec = spec;
        this.descriptor = descriptor;
    }

    /**
     * Creates a map.
     *
     * @throws KernelException if the kernel refuses the type, the size or the caller
     */
    public static BpfMap create(MapSpec spec) throws KernelException {
        if (spec.type() == MapType.SK_STORAGE) {
            try (Descriptor types = TypeInformation.ofStorageMap(spec).load()) {
                return create(spec, types.number());
            }
        }
        return create(spec, 0);
    }

    private static BpfMap create(MapSpec spec, int types) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, spec.type().number());
            a.number(4, spec.keyBytes()).number(8, spec.valueBytes()).number(12, spec.entries());
            a.number(16, spec.flags());
            a.name(28, spec.name());
            if (types != 0) {
                a.number(48, types);
                a.number(52, TypeInformation.KEY_TYPE).number(56, TypeInformation.VALUE_TYPE);
            }
            return new BpfMap(
                    spec, new Descriptor(Bpf.MAP_CREATE.call("create map " + spec.name(), a)));
        }
    }

    /**
     * Opens the map pinned at {@code path}.
     *
     * @throws KernelException with {@code ENOENT} if nothing is pinned there
     */
    public static BpfMap open(MapSpec spec, Path path) throws KernelException {
        return new BpfMap(spec, Bpf.open(path));
    }

    /** Returns what the map was asked to be. */
    public MapSpec spec() {
        return spec;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Returns the descriptor's number, which a program's map-load instruction carries. */
    public int number() {
        return descriptor.number();
    }

    /** Pins the map at {@code path}. */
    public void pin(Path path) throws KernelException {
        Bpf.pin(descriptor, path);
    }

    /** Returns the kernel's id and shape of the map. */
    public MapInfo info() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(88, 8);
            Bpf.describe(descriptor, info, arena);
            return new MapInfo(
                    info.get(ValueLayout.JAVA_INT, 4),
                    info.get(ValueLayout.JAVA_INT, 0),
                    info.get(ValueLayout.JAVA_INT, 8),
                    info.get(ValueLayout.JAVA_INT, 12),
                    info.get(ValueLayout.JAVA_INT, 16));
        }
    }

    /**
     * What the kernel says of a map.
     *
     * @param id the kernel's number of the map
     * @param type the number of its type
     */
    public record MapInfo(int id, int type, int keyBytes, int valueBytes, int entries) {
        /** Tells whether the map has the shape that {@code spec} asks for. */
        public boolean fits(MapSpec spec) {
            return type == spec.type().number()
                    && keyBytes == spec.keyBytes()
                    && valueBytes == spec.valueBytes()
                    && (spec.entries() == 0 || entries == spec.entries());
        }
    }

    /**
     * Reads the value of a key, null if there is none. A per-CPU map yields one value per possible
     * CPU, each padded to eight bytes.
     */
    public byte @Nullable [] get(byte[] key) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(readBytes(), 8);
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, number()).bytes(8, key).pointer(16, value);
            Bpf.MAP_LOOKUP_ELEM.call("read map " + spec.name(), a);
            return value.toArray(ValueLayout.JAVA_BYTE);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private long readBytes() throws KernelException {
        return spec.type() == MapType.PERCPU_ARRAY
                ? (long) PossibleCpus.COUNT * ((spec.valueBytes() + 7) & ~7)
                : spec.valueBytes();
    }

    /** Sets the value of a key, whether or not it has one. */
    public void put(byte[] key, byte[] value) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, number()).bytes(8, key).bytes(16, value);
            Bpf.MAP_UPDATE_ELEM.call("write map " + spec.name(), a);
        }
    }

    /**
     * Puts a socket into slot {@code index} of a {@link MapType#SOCKMAP}.
     *
     * @throws KernelException if it is no socket of a kind and state that the map takes
     */
    public void put(int index, Descriptor socket) throws KernelException {
        put(littleEndian(index, 4), littleEndian(socket.number(), 8));
    }

    private static byte[] littleEndian(int number, int size) {
        byte[] bytes = new byte[size];
        for (int at = 0; at < 4; at++) {
            bytes[at] = (byte) (number >>> 8 * at);
        }
        return bytes;
    }

    /** Removes a key; does nothing if there is none. */
    public void remove(byte[] key) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, number()).bytes(8, key);
            Bpf.MAP_DELETE_ELEM.call("remove from map " + spec.name(), a);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** Returns the keys present now; entries that come or go meanwhile may or may not appear. */
    public List<byte[]> keys() throws KernelException {
        List<byte[]> keys = new ArrayList<>();
        byte[] key = next(null);
        while (key != null && keys.size() < Math.max(1, spec.entries())) {
            keys.add(key);
            key = next(key);
        }
        return keys;
    }

    private byte @Nullable [] next(byte @Nullable [] key) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment next = arena.allocate(spec.keyBytes(), 8);
            Bpf.Attributes a = new Bpf.Attributes(arena).number(0, number()).pointer(16, next);
            if (key != null) {
                a.bytes(8, key);
            }
            Bpf.MAP_GET_NEXT_KEY.call("walk map " + spec.name(), a);
            return next.toArray(ValueLayout.JAVA_BYTE);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void close() throws KernelException {
        descriptor.close();
    }
}
