package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R6;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The context of the cgroup's socket-address hooks ({@code struct bpf_sock_addr}) for one address
 * family. Expects the context in R6.
 */
final class SockAddr {
    static final int PROTOCOL = 36;
    static final int SOCKET = 64;

    /** Offsets in the socket that {@link #SOCKET} points to ({@code struct bpf_sock}). */
    static final int SOCKET_DEVICE = 0;

    static final int SOCKET_MARK = 16;
    static final int SOCKET_IP4 = 24;
    static final int SOCKET_IP6 = 28;

    private static final int USER_IP4 = 4;
    private static final int USER_IP6 = 8;
    private static final int USER_PORT = 24;
    private static final int LOOPBACK4 = 0x0100007f;
    private static final int LOOPBACK6_LAST = 0x01000000;

    private final Assembler asm;
    private final boolean ipv6;

    SockAddr(Assembler asm, boolean ipv6) {
        this.asm = asm;
        this.ipv6 = ipv6;
    }

    boolean isIpv6() {
        return ipv6;
    }

    /** register = the port, 16 bits in network order. */
    void loadPort(Register register) {
        asm.load(Width.WORD, register, R6, USER_PORT);
    }

    /** Writes the address in IPv6 form to the stack. Loses R1. */
    void loadAddress(int stackAt) {
        if (ipv6) {
            for (int at = 0; at < 16; at += 4) {
                asm.load(Width.WORD, R1, R6, USER_IP6 + at);
                asm.store(Width.WORD, FP, stackAt + at, R1);
            }
            return;
        }
        asm.store(Width.DOUBLE, FP, stackAt, 0);
        asm.store(Width.WORD, FP, stackAt + 8, Body.MAPPED_WORD);
        asm.load(Width.WORD, R1, R6, USER_IP4);
        asm.store(Width.WORD, FP, stackAt + 12, R1);
    }

    /** Jumps unless the address on the stack is IPv4. Loses R1. Nothing to do for IPv4 sockets. */
    void jumpIfNative(int stackAt, Label nativeIpv6) {
        if (ipv6) {
            asm.load(Width.DOUBLE, R1, FP, stackAt);
            asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, nativeIpv6);
            asm.load(Width.WORD, R1, FP, stackAt + 8);
            asm.jumpIfLow(R1, Comparison.NOT_EQUAL, Body.MAPPED_WORD, nativeIpv6);
        }
    }

    /** Rewrites the destination to the loopback address of its family. Loses R1. */
    void rewriteToLoopback(int stackAt, int port) {
        Label nativeIpv6 = asm.label("rewrite native");
        Label done = asm.label("rewritten");
        if (ipv6) {
            jumpIfNative(stackAt, nativeIpv6);
            storeWord(USER_IP6 + 12, LOOPBACK4);
            asm.jump(done);
            asm.place(nativeIpv6);
            storeWord(USER_IP6, 0);
            storeWord(USER_IP6 + 4, 0);
            storeWord(USER_IP6 + 8, 0);
            storeWord(USER_IP6 + 12, LOOPBACK6_LAST);
            asm.place(done);
        } else {
            storeWord(USER_IP4, LOOPBACK4);
        }
        storeWord(USER_PORT, networkOrder(port));
    }

    private void storeWord(int at, int value) {
        asm.move(R1, value);
        asm.store(Width.WORD, R6, at, R1);
    }

    /** Jumps unless the address is the proxy's loopback address and {@code port}. Loses R1. */
    void jumpUnlessLoopback(int port, Label other) {
        asm.load(Width.WORD, R1, R6, USER_PORT);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, networkOrder(port), other);
        if (!ipv6) {
            asm.load(Width.WORD, R1, R6, USER_IP4);
            asm.jumpIfLow(R1, Comparison.NOT_EQUAL, LOOPBACK4, other);
            return;
        }
        Label mapped = asm.label("mapped loopback");
        Label yes = asm.label("loopback");
        asm.load(Width.WORD, R1, R6, USER_IP6 + 8);
        asm.jumpIfLow(R1, Comparison.EQUAL, Body.MAPPED_WORD, mapped);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, other);
        asm.load(Width.WORD, R1, R6, USER_IP6 + 12);
        asm.jumpIfLow(R1, Comparison.NOT_EQUAL, LOOPBACK6_LAST, other);
        asm.jump(yes);
        asm.place(mapped);
        asm.load(Width.WORD, R1, R6, USER_IP6 + 12);
        asm.jumpIfLow(R1, Comparison.NOT_EQUAL, LOOPBACK4, other);
        asm.place(yes);
    }

    /** Sets address and port to those of the flow that {@code flow} points to. Loses R1. */
    void rewriteToOriginal(Register flow) {
        if (ipv6) {
            for (int at = 0; at < 16; at += 4) {
                asm.load(Width.WORD, R1, flow, Flow.ADDRESS + at);
                asm.store(Width.WORD, R6, USER_IP6 + at, R1);
            }
        } else {
            asm.load(Width.WORD, R1, flow, Flow.ADDRESS + 12);
            asm.store(Width.WORD, R6, USER_IP4, R1);
        }
        asm.load(Width.HALF, R1, flow, Flow.PORT);
        asm.store(Width.WORD, R6, USER_PORT, R1);
    }

    /** Returns a port as a little-endian load of its network order yields it. */
    static int networkOrder(int port) {
        return (port & 0xff) << 8 | port >> 8 & 0xff;
    }
}
