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
 * The sk_msg program: hands what a local socket sends to the socket at the other end, past the TCP
 * stack. It keeps two promises that the kernel does not keep for it:
 *
 * <ul>
 *   <li>Order. The reader takes bytes of the short path before bytes that TCP holds, so a message
 *       goes the short way only when every byte that went through TCP has been read.
 *   <li>Back-pressure. The short path has no window, so a message that would not fit half of the
 *       reader's buffer goes through TCP, which makes the writer wait.
 * </ul>
 *
 * <p>Registers: R6 context, R7 flow of the sender, R8 size of the message, R9 the peer's socket as
 * a number. That socket may be gone: reads of it cannot fault, and what they then yield decides
 * only between two right paths, since the redirect looks the peer up for itself.
 */
public final class ShortcutProgram {
    private static final int SIZE = 68;
    private static final int SOCKET = 72;
    private static final int TUPLE = -56;
    private static final int FIRST = -64;
    private static final int SECOND = -72;
    private static final int INGRESS = 1;
    private static final int PASS = 1;

    private final Assembler asm = new Assembler();
    private final Body body = new Body(asm);
    private final KernelLayout layout;
    private final Label plain = asm.label("plain");
    private final Label foreign = asm.label("foreign");

    private ShortcutProgram(KernelLayout layout) {
        this.layout = layout;
    }

    /** Returns the program. */
    public static Assembly of(KernelLayout layout) {
        return new ShortcutProgram(layout).assemble();
    }

    private Assembly assemble() {
        Label ordered = asm.label("ordered");
        body.begin();
        body.socket(R2, SOCKET, foreign);
        body.flowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, foreign);
        asm.move(R7, R0);
        asm.load(Width.WORD, R8, R6, SIZE);
        passWhileDraining();
        findPeer();
        asm.load(Width.WORD, R1, R7, Flow.PATH);
        asm.jumpIf(R1, Comparison.EQUAL, Flow.SHORTCUT, ordered);
        passUnlessAllIsRead();
        asm.place(ordered);
        passUnlessItFits();
        redirect();
        asm.place(plain);
        asm.store(Width.WORD, R7, Flow.PATH, Flow.TCP);
        asm.place(foreign);
        body.count(Counter.TCP_MESSAGES);
        body.result(PASS);
        return asm.assemble();
    }

    private void passWhileDraining() {
        asm.store(Width.WORD, FP, Body.SMALL_KEY, 0);
        body.lookup(Maps.DRAIN, Body.SMALL_KEY);
        asm.jumpIf(R0, Comparison.EQUAL, 0, plain);
        asm.load(Width.WORD, R1, R0, 0);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, plain);
    }

    /** R9 = the peer: the accepted end knows it from the start, the other learns it here. */
    private void findPeer() {
        Label known = asm.label("peer known");
        asm.load(Width.DOUBLE, R9, R7, Flow.PEER);
        asm.jumpIf(R9, Comparison.NOT_EQUAL, 0, known);
        Endpoints.SK_MSG.tuple(asm, TUPLE, false);
        body.lookup(Maps.TUPLES, TUPLE);
        asm.jumpIf(R0, Comparison.EQUAL, 0, plain);
        asm.load(Width.BYTE, R1, R0, Flow.SIDE);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, Flow.ACCEPTED, plain);
        asm.load(Width.DOUBLE, R9, R0, Flow.PEER);
        asm.store(Width.DOUBLE, R7, Flow.PEER, R9);
        asm.loadMap(R1, Maps.TUPLES);
        body.stackAddress(R2, TUPLE);
        asm.call(KernelFunction.MAP_DELETE_ELEM);
        asm.place(known);
    }

    /** All is read when the peer has acknowledged what was written, and copied what it received. */
    private void passUnlessAllIsRead() {
        asm.load(Width.DOUBLE, R1, R6, SOCKET);
        asm.call(KernelFunction.SKC_TO_TCP_SOCK);
        asm.jumpIf(R0, Comparison.EQUAL, 0, plain);
        asm.load(Width.WORD, R1, R0, layout.sentUnacknowledged());
        asm.load(Width.WORD, R2, R0, layout.written());
        asm.jumpIf(R1, Comparison.NOT_EQUAL, R2, plain);
        readOfPeer(layout.copied(), layout.received());
        asm.jumpIf(R1, Comparison.NOT_EQUAL, R2, plain);
    }

    private void passUnlessItFits() {
        readOfPeer(layout.receiveMemory(), layout.receiveBuffer());
        asm.apply(Operation.ADD, R1, R8);
        asm.apply(Operation.SHIFT_RIGHT, R2, 1);
        asm.jumpIf(R1, Comparison.UNSIGNED_GREATER, R2, plain);
    }

    /** R1, R2 = two words of the peer's socket. Loses R0 to R5. */
    private void readOfPeer(int first, int second) {
        probe(FIRST, first);
        probe(SECOND, second);
        asm.load(Width.WORD, R1, FP, FIRST);
        asm.load(Width.WORD, R2, FP, SECOND);
    }

    private void probe(int stackAt, int offset) {
        body.stackAddress(R1, stackAt);
        asm.move(R2, Integer.BYTES);
        asm.move(R3, R9);
        asm.apply(Operation.ADD, R3, offset);
        asm.call(KernelFunction.PROBE_READ_KERNEL);
        asm.jumpIf(R0, Comparison.NOT_EQUAL, 0, plain);
    }

    private void redirect() {
        Endpoints.SK_MSG.tuple(asm, TUPLE, true);
        asm.move(R1, R6);
        asm.loadMap(R2, Maps.PAIRS);
        body.stackAddress(R3, TUPLE);
        asm.move(R4, INGRESS);
        asm.call(KernelFunction.MSG_REDIRECT_HASH);
        asm.jumpIf(R0, Comparison.EQUAL, 0, plain);
        asm.store(Width.WORD, R7, Flow.PATH, Flow.SHORTCUT);
        body.count(Counter.SHORTCUT_MESSAGES);
        body.count(Counter.SHORTCUT_BYTES, R8);
        body.result(PASS);
    }
}
