package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A program's attachment to a hook. It lasts while a descriptor or a pin refers to it. Not for use
 * from several threads.
 */
public final class BpfLink implements AutoCloseable {
    private static final int TYPE_NETNS = 5;

    private final Descriptor descriptor;

    private BpfLink(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Attaches {@code program}.
     *
     * @param target the cgroup's directory, or the network namespace for {@link
     *     AttachType#SK_LOOKUP}
     * @throws KernelException if the hook is taken by a program that admits no other, or unknown
     */
    public static BpfLink create(BpfProgram program, Descriptor target, AttachType hook)
            throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, program.descriptor().number()).number(4, target.number());
            a.number(8, hook.number());
            return new BpfLink(new Descriptor(Bpf.LINK_CREATE.call("attach to " + hook, a)));
        }
    }

    /**
     * Opens the link pinned at {@code path}.
     *
     * @throws KernelException with {@code ENOENT} if nothing is pinned there
     */
    public static BpfLink open(Path path) throws KernelException {
        return new BpfLink(Bpf.open(path));
    }

    /** Pins the link at {@code path}, from where it outlives this process. */
    public void pin(Path path) throws KernelException {
        Bpf.pin(descriptor, path);
    }

    /** Puts {@code program} in the place of the one attached, with no moment in between. */
    public void replace(BpfProgram program) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena);
            a.number(0, descriptor.number()).number(4, program.descriptor().number());
            Bpf.LINK_UPDATE.call("replace the program of a link", a);
        }
    }

    /** Takes the program off the hook at once, whoever else refers to the link. */
    public void detach() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Bpf.Attributes a = new Bpf.Attributes(arena).number(0, descriptor.number());
            Bpf.LINK_DETACH.call("detach a link", a);
        }
    }

    /** Returns what is attached where. */
    public LinkInfo info() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(64, 8);
            Bpf.describe(descriptor, info, arena);
            long target =
                    info.get(ValueLayout.JAVA_INT, 0) == TYPE_NETNS
                            ? Integer.toUnsignedLong(info.get(ValueLayout.JAVA_INT, 16))
                            : info.get(ValueLayout.JAVA_LONG, 16);
            return new LinkInfo(
                    info.get(ValueLayout.JAVA_INT, 4), info.get(ValueLayout.JAVA_INT, 8), target);
        }
    }

    /**
     * What the kernel says of a link.
     *
     * @param id the kernel's number of the link
     * @param programId the kernel's number of the program
     * @param target the id of the cgroup, or the inode of the network namespace; 0 once it is gone
     */
    public record LinkInfo(int id, int programId, long target) {}

    @Override
    public void close() throws KernelException {
        descriptor.close();
    }
}
