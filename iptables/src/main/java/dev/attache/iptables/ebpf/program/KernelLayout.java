package dev.attache.iptables.ebpf.program;

import dev.attache.iptables.kernel.KernelTypes;
import java.io.IOException;

/**
 * Where this kernel keeps what the short path must know of the two sockets, in bytes from the start
 * of {@code struct tcp_sock}, which starts with {@code struct sock}.
 *
 * @param receiveMemory bytes that wait to be read, whichever way they came
 * @param receiveBuffer how many may
 * @param sentUnacknowledged sequence number that the peer's TCP has acknowledged
 * @param written sequence number of the next byte to send
 * @param copied sequence number up to which the reader has read
 * @param received sequence number up to which TCP has received
 */
public record KernelLayout(
        int receiveMemory,
        int receiveBuffer,
        int sentUnacknowledged,
        int written,
        int copied,
        int received) {

    /**
     * Reads the running kernel's.
     *
     * @throws IOException if it publishes no type information
     * @throws IllegalArgumentException if it has no such members
     */
    public static KernelLayout read() throws IOException {
        KernelTypes types = KernelTypes.read();
        return new KernelLayout(
                types.offset("sock", "sk_backlog", "rmem_alloc"),
                types.offset("sock", "sk_rcvbuf"),
                types.offset("tcp_sock", "snd_una"),
                types.offset("tcp_sock", "write_seq"),
                types.offset("tcp_sock", "copied_seq"),
                types.offset("tcp_sock", "rcv_nxt"));
    }
}
