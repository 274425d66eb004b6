package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R6;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * Where a context tells the two ends of a connection; {@code struct bpf_sock_ops} and {@code struct
 * sk_msg_md} have the same fields at different offsets.
 */
record Endpoints(
        int family,
        int remoteIp4,
        int localIp4,
        int remoteIp6,
        int localIp6,
        int remotePort,
        int localPort) {
    static final Endpoints SOCK_OPS = new Endpoints(20, 24, 28, 32, 48, 64, 68);
    static final Endpoints SK_MSG = new Endpoints(16, 20, 24, 28, 44, 60, 64);

    private static final int AF_INET = 2;

    /**
     * Writes the tuple to the stack, as this end sees it, or as its peer does. Expects the context
     * in R6; loses R0 to R5.
     */
    void tuple(Assembler asm, int at, boolean peer) {
        Label ipv4 = asm.label("ipv4");
        Label done = asm.label("tuple done");
        int local = at + (peer ? Tuple.REMOTE_ADDRESS : Tuple.LOCAL_ADDRESS);
        int remote = at + (peer ? Tuple.LOCAL_ADDRESS : Tuple.REMOTE_ADDRESS);
        asm.move(R1, R6);
        asm.call(KernelFunction.GET_NETNS_COOKIE);
        asm.store(Width.DOUBLE, FP, at + Tuple.NAMESPACE, R0);
        asm.store(Width.WORD, FP, at + Tuple.PADDING, 0);
        ports(asm, at, peer);
        asm.load(Width.WORD, R1, R6, family);
        asm.jumpIf(R1, Comparison.EQUAL, AF_INET, ipv4);
        ipv6(asm, local, localIp6);
        ipv6(asm, remote, remoteIp6);
        asm.jump(done);
        asm.place(ipv4);
        ipv4(asm, local, localIp4);
        ipv4(asm, remote, remoteIp4);
        asm.place(done);
    }

    private void ports(Assembler asm, int at, boolean peer) {
        asm.load(Width.WORD, R1, R6, localPort);
        asm.swap16(R1);
        asm.store(Width.HALF, FP, at + (peer ? Tuple.REMOTE_PORT : Tuple.LOCAL_PORT), R1);
        asm.load(Width.WORD, R1, R6, remotePort);
        asm.apply(Operation.SHIFT_RIGHT, R1, 16);
        asm.store(Width.HALF, FP, at + (peer ? Tuple.LOCAL_PORT : Tuple.REMOTE_PORT), R1);
    }

    private static void ipv6(Assembler asm, int at, int field) {
        for (int word = 0; word < 16; word += 4) {
            asm.load(Width.WORD, R1, R6, field + word);
            asm.store(Width.WORD, FP, at + word, R1);
        }
    }

    private static void ipv4(Assembler asm, int at, int field) {
        asm.store(Width.DOUBLE, FP, at, 0);
        asm.store(Width.WORD, FP, at + 8, Body.MAPPED_WORD);
        asm.load(Width.WORD, R1, R6, field);
        asm.store(Width.WORD, FP, at + 12, R1);
    }
}
