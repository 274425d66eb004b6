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

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.Helper;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The sk_msg program: hands what a local socket sends to the socket at the other end, past the TCP
 * stack. A socket's first message settles its path for good, since bytes on the short path overtake
 * bytes that TCP still holds.
 */
public final class ShortcutProgram {
    private static final int SIZE = 68;
    private static final int SOCKET = 72;
    private static final int TUPLE = -56;
    private static final int INGRESS = 1;
    private static final int PASS = 1;

    private ShortcutProgram() {}

    /** Returns the program. */
    public static Assembly assemble() {
        Assembler asm = new Assembler();
        Body body = new Body(asm);
        Label plain = asm.label("plain");
        Label lost = asm.label("lost");
        body.begin();
        body.socket(R2, SOCKET, plain);
        body.flowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, plain);
        asm.move(R7, R0);
        asm.load(Width.WORD, R1, R7, Flow.PATH);
        asm.jumpIf(R1, Comparison.EQUAL, Flow.TCP, plain);
        asm.store(Width.WORD, FP, Body.SMALL_KEY, 0);
        body.lookup(Maps.DRAIN, Body.SMALL_KEY);
        asm.jumpIf(R0, Comparison.EQUAL, 0, lost);
        asm.load(Width.WORD, R1, R0, 0);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, lost);
        asm.load(Width.WORD, R8, R6, SIZE);
        Endpoints.SK_MSG.tuple(asm, TUPLE, true);
        asm.move(R1, R6);
        asm.loadMap(R2, Maps.PAIRS);
        body.stackAddress(R3, TUPLE);
        asm.move(R4, INGRESS);
        asm.call(Helper.MSG_REDIRECT_HASH);
        asm.jumpIf(R0, Comparison.EQUAL, 0, lost);
        asm.store(Width.WORD, R7, Flow.PATH, Flow.SHORTCUT);
        body.count(Counter.SHORTCUT_MESSAGES);
        body.count(Counter.SHORTCUT_BYTES, R8);
        body.result(PASS);
        asm.place(lost);
        asm.store(Width.WORD, R7, Flow.PATH, Flow.TCP);
        asm.place(plain);
        body.count(Counter.TCP_MESSAGES);
        body.result(PASS);
        return asm.assemble();
    }
}
