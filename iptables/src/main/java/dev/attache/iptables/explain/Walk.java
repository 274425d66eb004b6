package dev.attache.iptables.explain;

import dev.attache.iptables.model.Action;
import dev.attache.iptables.model.Condition;
import dev.attache.iptables.model.ReadRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a packet through chains, notes every rule it meets, and stops where one decides. Used once,
 * by one thread.
 */
final class Walk {
    private static final int DEEPEST = 16;

    /** How a table ended. */
    enum End {
        PASSED,
        REDIRECTED,
        HANDED_OVER,
        DROPPED
    }

    private final List<ReadRule> rules;
    private final Packet packet;
    private final List<String> notes = new ArrayList<>();
    private int port;

    Walk(List<ReadRule> rules, Packet packet) {
        this.rules = rules;
        this.packet = packet;
    }

    List<String> notes() {
        return notes;
    }

    /** The port a redirect or TPROXY rule named. */
    int port() {
        return port;
    }

    /** Runs a table's chain from its start. */
    End run(String table, String chain) {
        End end = chain(table, chain, 0);
        return end == null ? End.PASSED : end;
    }

    void note(String text) {
        notes.add(text);
    }

    /** Null means: came to the end or returned, so the calling chain goes on. */
    private @Nullable End chain(String table, String chain, int depth) {
        if (depth > DEEPEST) {
            notes.add("  " + table + " " + chain + ": chains nest too deeply, given up");
            return End.DROPPED;
        }
        for (ReadRule rule : rules) {
            if (!rule.table().equals(table) || !rule.chain().equals(chain)) {
                continue;
            }
            String objection = objection(rule);
            String line = "  ".repeat(depth + 1) + table + " " + chain + ": " + rule.text();
            if (objection != null) {
                notes.add(line + "   -- no: " + objection);
                continue;
            }
            notes.add(line + "   -- YES");
            if (rule.action() instanceof Action.Return) {
                return depth == 0 ? End.PASSED : null;
            }
            End end = act(rule, depth);
            if (end != null) {
                return end;
            }
        }
        return null;
    }

    private @Nullable String objection(ReadRule rule) {
        for (Condition condition : rule.conditions()) {
            String objection = Judge.objection(condition, packet);
            if (objection != null) {
                return objection;
            }
        }
        return null;
    }

    private @Nullable End act(ReadRule rule, int depth) {
        return switch (rule.action()) {
            case Action.Jump(String chain) -> chain(rule.table(), chain, depth + 1);
            case Action.Accept() -> End.PASSED;
            case Action.Drop() -> End.DROPPED;
            case Action.Redirect(int to) -> {
                port = to;
                yield End.REDIRECTED;
            }
            case Action.Tproxy(int to, long mark) -> {
                port = to;
                packet.mark(mark);
                yield End.HANDED_OVER;
            }
            case Action.SetMark(long mark) -> {
                packet.mark(mark);
                yield null;
            }
            case Action.SaveMark() -> {
                packet.connectionMark(packet.mark());
                yield null;
            }
            case Action.RestoreMark() -> {
                packet.mark(packet.connectionMark());
                yield null;
            }
            case Action.Zone _, Action.Nothing _, Action.Return _, Action.Unreadable _ -> null;
        };
    }
}
