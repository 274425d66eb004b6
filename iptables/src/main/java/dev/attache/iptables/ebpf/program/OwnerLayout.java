package dev.attache.iptables.ebpf.program;

import dev.attache.iptables.kernel.KernelTypes;
import java.io.IOException;

/**
 * Where this kernel keeps the user and group that opened a socket, by which netfilter's owner match
 * judges; the running process may have others. Offsets in bytes.
 *
 * @param cast number of the kernel's function {@code bpf_rdonly_cast}
 * @param socketType number of {@code struct sock}
 * @param socket of the {@code struct socket} in {@code struct sock}
 * @param file of the {@code struct file} in {@code struct socket}
 * @param credentials of the {@code struct cred} in {@code struct file}
 * @param user of the user in {@code struct cred}
 * @param group of the group in {@code struct cred}
 */
public record OwnerLayout(
        int cast, int socketType, int socket, int file, int credentials, int user, int group) {

    /**
     * Reads the running kernel's.
     *
     * @throws IOException if it publishes no type information
     * @throws IllegalArgumentException if it lacks one of them, as kernels before 6.2 do
     */
    public static OwnerLayout read() throws IOException {
        KernelTypes types = KernelTypes.read();
        return new OwnerLayout(
                types.functionId("bpf_rdonly_cast"),
                types.structureId("sock"),
                types.offset("sock", "sk_socket"),
                types.offset("socket", "file"),
                types.offset("file", "f_cred"),
                types.offset("cred", "fsuid"),
                types.offset("cred", "fsgid"));
    }
}
