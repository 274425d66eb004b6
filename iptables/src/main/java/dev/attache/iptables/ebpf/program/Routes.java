package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R4;
import static dev.attache.iptables.ebpf.assembly.Register.R5;
import static dev.attache.iptables.ebpf.assembly.Register.R6;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * What a connection would have had, were it not redirected: the interface that it leaves by and the
 * address it comes from, looked up in {@link Maps#ROUTES} by the destination on the stack.
 */
final class Routes {
    /** Offset of the interface's index in a value. */
    static final int INTERFACE = 0;

    /** Offset of the source address, 16 bytes in IPv6 form, in a value; all zero for none. */
    static final int SOURCE = 4;

    static final int VALUE_BYTES = 20;

    private static final int SOCKADDR = -96;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int SOCKET_PORT = 44;
    private static final int TCP = 6;
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTOIFINDEX = 62;

    private final Assembler asm;
    private final Body body;
    private final SockAddr family;

    /** Where on the stack the key of the destination is built. */
    private final int keyAt;

    Routes(Assembler asm, SockAddr family, int keyAt) {
        this.asm = asm;
        this.body = new Body(asm);
        this.family = family;
        this.keyAt = keyAt;
    }

    /**
     * Jumps unless the rules are for the interface: that the socket is bound to, or else that the
     * route leads to. The key must be built. Loses R0 to R5.
     */
    void jumpUnlessCaptured(Policy.Interfaces rules, Label no) {
        if (rules.excluded().isEmpty() && rules.included().isEmpty()) {
            return;
        }
        Label routed = asm.label("not bound to an interface");
        Label known = asm.label("interface known");
        Label yes = asm.label("interface captured");
        body.socket(R2, SockAddr.SOCKET, routed);
        asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_DEVICE);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, known);
        asm.place(routed);
        body.lookup(Maps.ROUTES, keyAt);
        asm.jumpIf(R0, Comparison.EQUAL, 0, yes);
        asm.load(Width.WORD, R1, R0, INTERFACE);
        asm.place(known);
        for (int index : rules.excluded()) {
            asm.jumpIf(R1, Comparison.EQUAL, index, no);
        }
        if (!rules.included().isEmpty()) {
            for (int index : rules.included()) {
                asm.jumpIf(R1, Comparison.EQUAL, index, yes);
            }
            asm.jump(no);
        }
        asm.place(yes);
    }

    /**
     * Binds the socket to the address that it would have had, unless the application bound it, and
     * frees it from an interface, from which the loopback address cannot be reached. A multipath
     * socket keeps its parts' addresses to itself and is not bound. The key must be built. Loses R0
     * to R5.
     */
    void keepSource(int addressAt) {
        Label done = asm.label("source kept");
        Label unbound = asm.label("no interface");
        body.socket(R2, SockAddr.SOCKET, done);
        asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_DEVICE);
        asm.jumpIf(R1, Comparison.EQUAL, 0, unbound);
        asm.store(Width.WORD, FP, Body.SMALL_KEY, 0);
        asm.move(R1, R6);
        asm.move(R2, SOL_SOCKET);
        asm.move(R3, SO_BINDTOIFINDEX);
        body.stackAddress(R4, Body.SMALL_KEY);
        asm.move(R5, Integer.BYTES);
        asm.call(KernelFunction.SETSOCKOPT);
        asm.place(unbound);
        asm.load(Width.WORD, R1, R6, SockAddr.PROTOCOL);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, TCP, done);
        jumpIfBound(addressAt, done);
        body.lookup(Maps.ROUTES, keyAt);
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        asm.load(Width.WORD, R1, R0, SOURCE + 12);
        asm.jumpIf(R1, Comparison.EQUAL, 0, done);
        bind();
        asm.place(done);
    }

    private void jumpIfBound(int addressAt, Label bound) {
        Label nativeIpv6 = asm.label("bound native");
        Label free = asm.label("free");
        body.socket(R2, SockAddr.SOCKET, bound);
        asm.load(Width.WORD, R1, R2, SOCKET_PORT);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, bound);
        family.jumpIfNative(addressAt, nativeIpv6);
        asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP4);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, bound);
        if (family.isIpv6()) {
            asm.jump(free);
            asm.place(nativeIpv6);
            for (int at = 0; at < 16; at += 4) {
                asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP6 + at);
                asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, bound);
            }
            asm.place(free);
        }
    }

    private void bind() {
        boolean ipv6 = family.isIpv6();
        int size = ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES;
        for (int at = 0; at < size; at += 4) {
            asm.store(Width.WORD, FP, SOCKADDR + at, 0);
        }
        asm.store(Width.HALF, FP, SOCKADDR, ipv6 ? AF_INET6 : AF_INET);
        if (ipv6) {
            for (int at = 0; at < 16; at += 4) {
                asm.load(Width.WORD, R1, R0, SOURCE + at);
                asm.store(Width.WORD, FP, SOCKADDR + 8 + at, R1);
            }
        } else {
            asm.store(Width.WORD, FP, SOCKADDR + 4, R1);
        }
        asm.move(R1, R6);
        body.stackAddress(R2, SOCKADDR);
        asm.move(R3, size);
        asm.call(KernelFunction.BIND);
    }
}
