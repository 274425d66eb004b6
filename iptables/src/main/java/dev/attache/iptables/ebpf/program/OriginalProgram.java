package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R4;
import static dev.attache.iptables.ebpf.assembly.Register.R6;
import static dev.attache.iptables.ebpf.assembly.Register.R7;
import static dev.attache.iptables.ebpf.assembly.Register.R8;
import static dev.attache.iptables.ebpf.assembly.Register.R9;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The cgroup/getsockopt program: answers SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST on the proxy's
 * accepted socket, so that a proxy made for iptables works unchanged.
 */
public final class OriginalProgram {
    private static final int SOCKET = 0;
    private static final int VALUE = 8;
    private static final int VALUE_END = 16;
    private static final int LEVEL = 24;
    private static final int OPTION = 28;
    private static final int LENGTH = 32;
    private static final int RETURN_VALUE = 36;

    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SIZE_OF_SOCKADDR_IN = 16;
    private static final int SIZE_OF_SOCKADDR_IN6 = 28;

    private static final int SOCKET_FAMILY = 4;
    private static final int SOCKET_PORT = 44;
    private static final int SOCKET_STATE = 72;
    private static final int TCP_LISTEN = 10;
    private static final int FLOW = -40;
    private static final int LEARNT_KEY = -48;
    private static final int LEARNT_TIME = -56;

    /** Longer values than a page are not shown to programs; length 0 leaves them alone. */
    private static final int PAGE = 4096;

    private final Assembler asm = new Assembler();
    private final Body body = new Body(asm);
    private final Label done = asm.label("done");

    private final Label answer = asm.label("answer");
    private final Identity identity;

    private OriginalProgram(Policy policy) {
        this.identity = new Identity(asm, policy, SOCKET);
    }

    /** Returns the program. */
    public static Assembly of(Policy policy) {
        return new OriginalProgram(policy).program();
    }

    private Assembly program() {
        Label ours = asm.label("original asked");
        Label ipv6 = asm.label("ipv6 asked");
        Label shortValue = asm.label("short");
        body.begin();
        asm.load(Width.WORD, R1, R6, OPTION);
        asm.jumpIf(R1, Comparison.EQUAL, SO_ORIGINAL_DST, ours);
        asm.load(Width.WORD, R1, R6, LENGTH);
        asm.jumpIfLow(R1, Comparison.SIGNED_LESS_OR_EQUAL, PAGE, shortValue);
        storeConstant(LENGTH, 0);
        asm.place(shortValue);
        body.result(1);
        asm.place(ours);
        asm.load(Width.WORD, R8, R6, LEVEL);
        loadFlow();
        ownAddress();
        asm.place(answer);
        asm.jumpIf(R8, Comparison.EQUAL, SOL_IPV6, ipv6);
        asm.jumpIf(R8, Comparison.NOT_EQUAL, SOL_IP, done);
        answerIpv4();
        asm.place(ipv6);
        answerIpv6();
        asm.place(done);
        body.result(1);
        return asm.assemble();
    }

    /** Goes to the answer with R7 = the flow of the socket, if it was redirected. */
    private void loadFlow() {
        Label none = asm.label("no flow");
        body.socket(R2, SOCKET, done);
        body.flowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, none);
        asm.move(R7, R0);
        asm.load(Width.BYTE, R1, R7, Flow.KIND);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, Flow.LOCAL, answer);
        asm.place(none);
    }

    /**
     * Goes on with R7 = a flow to the socket's own address, if the proxy asks: the address that a
     * client from outside used is the one that its socket has. So answers connection tracking, too.
     */
    private void ownAddress() {
        Label proxy = asm.label("proxy");
        identity.jumpIfProxy(R9, proxy);
        asm.jump(done);
        asm.place(proxy);
        body.socket(R2, SOCKET, done);
        asm.load(Width.WORD, R1, R2, SOCKET_STATE);
        asm.jumpIf(R1, Comparison.EQUAL, TCP_LISTEN, done);
        ownIpAddress();
        asm.load(Width.WORD, R1, R2, SOCKET_PORT);
        asm.swap16(R1);
        asm.store(Width.HALF, FP, FLOW + Flow.PORT, R1);
        body.stackAddress(R7, FLOW);
    }

    private void ownIpAddress() {
        Label ipv4 = asm.label("own ipv4");
        Label written = asm.label("own address written");
        asm.load(Width.WORD, R1, R2, SOCKET_FAMILY);
        asm.jumpIf(R1, Comparison.EQUAL, AF_INET, ipv4);
        for (int at = 0; at < 16; at += 4) {
            asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP6 + at);
            asm.store(Width.WORD, FP, FLOW + at, R1);
        }
        asm.jump(written);
        asm.place(ipv4);
        asm.store(Width.DOUBLE, FP, FLOW, 0);
        asm.store(Width.WORD, FP, FLOW + 8, Body.MAPPED_WORD);
        asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP4);
        asm.store(Width.WORD, FP, FLOW + 12, R1);
        asm.place(written);
    }

    private void answerIpv4() {
        jumpUnlessMapped(true);
        valueOf(SIZE_OF_SOCKADDR_IN);
        asm.store(Width.HALF, R2, 0, AF_INET);
        asm.load(Width.HALF, R1, R7, Flow.PORT);
        asm.store(Width.HALF, R2, 2, R1);
        asm.load(Width.WORD, R1, R7, Flow.ADDRESS + 12);
        asm.store(Width.WORD, R2, 4, R1);
        asm.store(Width.WORD, R2, 8, 0);
        asm.store(Width.WORD, R2, 12, 0);
        succeed(SIZE_OF_SOCKADDR_IN);
    }

    private void answerIpv6() {
        jumpUnlessMapped(false);
        valueOf(SIZE_OF_SOCKADDR_IN6);
        asm.store(Width.HALF, R2, 0, AF_INET6);
        asm.load(Width.HALF, R1, R7, Flow.PORT);
        asm.store(Width.HALF, R2, 2, R1);
        asm.store(Width.WORD, R2, 4, 0);
        for (int at = 0; at < 16; at += 4) {
            asm.load(Width.WORD, R1, R7, Flow.ADDRESS + at);
            asm.store(Width.WORD, R2, 8 + at, R1);
        }
        asm.store(Width.WORD, R2, 24, 0);
        succeed(SIZE_OF_SOCKADDR_IN6);
    }

    private void jumpUnlessMapped(boolean wanted) {
        Label mapped = asm.label("mapped");
        Label other = wanted ? done : mapped;
        asm.load(Width.DOUBLE, R1, R7, Flow.ADDRESS);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, other);
        asm.load(Width.WORD, R1, R7, Flow.ADDRESS + 8);
        if (wanted) {
            asm.jumpIfLow(R1, Comparison.NOT_EQUAL, Body.MAPPED_WORD, done);
        } else {
            asm.jumpIfLow(R1, Comparison.EQUAL, Body.MAPPED_WORD, done);
        }
        asm.place(mapped);
    }

    /** R2 = the caller's buffer; ends if it is too small. */
    private void valueOf(int size) {
        asm.load(Width.DOUBLE, R2, R6, VALUE);
        asm.load(Width.DOUBLE, R3, R6, VALUE_END);
        asm.move(R1, R2);
        asm.apply(Operation.ADD, R1, size);
        asm.jumpIf(R1, Comparison.UNSIGNED_GREATER, R3, done);
    }

    private void succeed(int size) {
        storeConstant(LENGTH, size);
        storeConstant(RETURN_VALUE, 0);
        learn();
        body.count(Counter.ORIGINAL_ASKED);
        body.result(1);
    }

    /** Files the calling process as the proxy; see the guard in {@link RedirectProgram}. */
    private void learn() {
        Label proxy = asm.label("owner loaded");
        identity.jumpIfProxy(R9, proxy);
        asm.place(proxy);
        identity.learntKey(R9, LEARNT_KEY);
        asm.call(KernelFunction.KTIME_GET_NS);
        asm.store(Width.DOUBLE, FP, LEARNT_TIME, R0);
        asm.loadMap(R1, Maps.PROXIES);
        body.stackAddress(R2, LEARNT_KEY);
        body.stackAddress(R3, LEARNT_TIME);
        asm.move(R4, 0);
        asm.call(KernelFunction.MAP_UPDATE_ELEM);
    }

    private void storeConstant(int at, int value) {
        asm.move(R1, value);
        asm.store(Width.WORD, R6, at, R1);
    }
}
