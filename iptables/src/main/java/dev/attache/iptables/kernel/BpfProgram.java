package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A verified BPF program in the kernel, by an open descriptor. Not for use from several threads.
 */
public final class BpfProgram implements AutoCloseable {
    private static final int LOG_BYTES = 1 << 20;
    private static final int LOG_LEVEL = 1;

    private final String name;
    private final Descriptor descriptor;

    private BpfProgram(String name, Descriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /**
     * Has the kernel verify and load {@code code}.
     *
     * @param code instructions of eight bytes, little-endian, with descriptors of maps filled in
     * @throws KernelException with the verifier's log if the program was refused
     */
    public static BpfProgram load(String name, AttachType hook, byte[] code)
            throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            return new BpfProgram(name, load(arena, name, hook, code, MemorySegment.NULL));
        } catch (KernelException e) {
            throw explained(name, hook, code, e);
        }
    }

    private static KernelException explained(
            String name, AttachType hook, byte[] code, KernelException refusal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_BYTES);
            try (Descriptor loaded = load(arena, name, hook, code, log)) {
                return new KernelException(
                        "load program " + name,
                        refusal,
                        "a second try loaded descriptor " + loaded.number());
            } catch (KernelException e) {
                return new KernelException("load program " + name, e, log.getString(0));
            }
        }
    }

    private static Descriptor load(
            Arena arena, String name, AttachType hook, byte[] code, MemorySegment log)
            throws KernelException {
        Bpf.Attributes a = new Bpf.Attributes(arena);
        a.number(0, hook.programType().number()).number(4, code.length / 8);
        a.bytes(8, code).text(16, "GPL");
        if (log.byteSize() > 0) {
            a.number(24, LOG_LEVEL).number(28, (int) log.byteSize()).pointer(32, log);
        }
        a.name(48, name).number(68, hook.number());
        return new Descriptor(Bpf.PROG_LOAD.call("load program " + name, a));
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Returns the kernel's id of the program and the tag of its instructions. */
    public ProgramInfo info() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(232, 8);
            Bpf.describe(descriptor, info, arena);
            byte[] tag = info.asSlice(8, 8).toArray(ValueLayout.JAVA_BYTE);
            return new ProgramInfo(
                    info.get(ValueLayout.JAVA_INT, 4),
                    HexFormat.of().formatHex(tag),
                    info.get(ValueLayout.JAVA_LONG, 200),
                    info.get(ValueLayout.JAVA_LONG, 192));
        }
    }

    /**
     * What the kernel says of a program.
     *
     * @param id the kernel's number of the program
     * @param tag hash of the instructions, in hexadecimal
     * @param runs how often it has run while {@code kernel.bpf_stats_enabled} was set
     * @param nanos how long these runs took in all
     */
    public record ProgramInfo(int id, String tag, long runs, long nanos) {}

    /**
     * Makes the sockets that enter {@code map} from now on run this program when they send.
     *
     * @throws KernelException if the map is none of sockets, or has such a program
     */
    public void attachTo(BpfMap map) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, map.number()).number(4, descriptor.number());
            a.number(8, AttachType.SK_MSG_VERDICT.number());
            Bpf.PROG_ATTACH.call("attach " + name + " to map " + map.spec().name(), a);
        }
    }

    /** Pins the program at {@code path}. */
    public void pin(Path path) throws KernelException {
        Bpf.pin(descriptor, path);
    }

    /**
     * Opens the program pinned at {@code path}.
     *
     * @throws KernelException with {@code ENOENT} if nothing is pinned there
     */
    public static BpfProgram open(Path path) throws KernelException {
        return new BpfProgram(path.getFileName().toString(), Bpf.open(path));
    }

    /**
     * Opens the program of that number.
     *
     * @throws KernelException with {@code ENOENT} if there is none
     */
    public static BpfProgram ofId(int id) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena).number(0, id);
            String what = "open program " + id;
            return new BpfProgram(what, new Descriptor(Bpf.PROG_GET_FD_BY_ID.call(what, a)));
        }
    }

    @Override
    public void close() throws KernelException {
        descriptor.close();
    }
}
