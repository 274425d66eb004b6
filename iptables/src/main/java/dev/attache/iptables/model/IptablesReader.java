package dev.attache.iptables.model;

import dev.attache.iptables.capture.Cidr;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.Condition.PortRange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one iptables rule, as written for iptables-restore or as printed by iptables-save. What it
 * does not know it keeps as text. One reader per rule.
 */
public final class IptablesReader {
    private static final Set<String> IMPLIED = Set.of("tcp", "udp", "owner", "multiport", "mark");
    private static final Set<String> MORE_IMPLIED =
            Set.of("connmark", "conntrack", "comment", "state");

    private final Names names;
    private final Deque<String> words = new ArrayDeque<>();
    private final Set<Condition> conditions = new LinkedHashSet<>();
    private Action action = new Action.Nothing();

    private IptablesReader(Names names) {
        this.names = names;
    }

    /**
     * Reads the part of a rule after the chain's name.
     *
     * @param text matches and target
     */
    public static ReadRule read(String table, String chain, String text, Names names) {
        IptablesReader reader = new IptablesReader(names);
        for (String word : text.split(" ", -1)) {
            if (!word.isEmpty()) {
                reader.words.add(word);
            }
        }
        while (!reader.words.isEmpty()) {
            reader.next();
        }
        return new ReadRule(table, chain, Set.copyOf(reader.conditions), reader.action, text);
    }

    private String take() {
        String word = words.poll();
        return word == null ? "" : word;
    }

    private void next() {
        boolean negated = "!".equals(words.peek());
        if (negated) {
            words.remove();
        }
        String word = take();
        switch (word) {
            case "-m", "--match" -> module(take());
            case "-j", "--jump", "-g", "--goto" -> target(take());
            case "-p", "--protocol" -> add(word, new Condition.Protocol(take(), negated));
            case "-i", "--in-interface" ->
                    add(word, new Condition.Interface(false, take(), negated));
            case "-o", "--out-interface" ->
                    add(word, new Condition.Interface(true, take(), negated));
            case "-s", "--source" -> address(true, negated);
            case "-d", "--destination" -> address(false, negated);
            default -> option(word, negated);
        }
    }

    private void option(String word, boolean negated) {
        switch (word) {
            case "--dport", "--dports", "--destination-port" -> ports(false, negated);
            case "--sport", "--sports", "--source-port" -> ports(true, negated);
            case "--uid-owner" ->
                    add(
                            word,
                            Values.owner(
                                    words.peek() == null ? "" : take(), false, negated, names));
            case "--gid-owner" ->
                    add(
                            word,
                            Values.owner(words.peek() == null ? "" : take(), true, negated, names));
            case "--mark" -> mark(negated);
            case "--ctstate", "--state" ->
                    add(word, new Condition.State(Values.states(take()), negated));
            case "--comment" -> take();
            default -> conditions.add(new Condition.Unreadable((negated ? "! " : "") + word));
        }
    }

    private boolean connmark;

    private void module(String name) {
        connmark = name.equals("connmark");
        if (!IMPLIED.contains(name) && !MORE_IMPLIED.contains(name)) {
            conditions.add(new Condition.Unreadable("-m " + name));
        }
    }

    private void mark(boolean negated) {
        String text = take();
        add("--mark " + text, Values.mark(text, connmark, negated));
    }

    private void address(boolean source, boolean negated) {
        String text = take();
        Cidr range = Values.range(text);
        add(text, range == null ? null : new Condition.Address(source, range, negated));
    }

    private void ports(boolean source, boolean negated) {
        String text = take();
        List<PortRange> ranges = Values.ports(text);
        add(text, ranges == null ? null : new Condition.Ports(source, ranges, negated));
    }

    private void add(String word, @Nullable Condition condition) {
        conditions.add(condition == null ? new Condition.Unreadable(word) : condition);
    }

    private void target(String name) {
        action =
                switch (name) {
                    case "RETURN" -> new Action.Return();
                    case "ACCEPT" -> new Action.Accept();
                    case "DROP" -> new Action.Drop();
                    case "REDIRECT" -> redirect();
                    case "TPROXY" -> tproxy();
                    case "MARK" -> setMark();
                    case "CONNMARK" -> connmarkTarget();
                    case "CT" -> zone();
                    default -> words.isEmpty() ? new Action.Jump(name) : rest(name);
                };
    }

    private Action rest(String name) {
        StringBuilder text = new StringBuilder(name);
        while (!words.isEmpty()) {
            text.append(' ').append(take());
        }
        return new Action.Unreadable(text.toString());
    }

    private Action redirect() {
        if (take().startsWith("--to-port")) {
            long port = Values.number(take());
            if (port >= 0) {
                return new Action.Redirect((int) port);
            }
        }
        return rest("REDIRECT");
    }

    private Action tproxy() {
        long port = -1;
        long mark = 0;
        while (!words.isEmpty()) {
            String word = take();
            String value = take();
            switch (word) {
                case "--on-port" -> port = Values.number(value);
                case "--on-ip" -> {}
                case "--tproxy-mark" -> {
                    Condition.Mark read = Values.mark(value, false, false);
                    mark = read == null ? -1 : read.value();
                }
                default -> mark = -1;
            }
        }
        return port < 0 || mark < 0
                ? new Action.Unreadable("TPROXY")
                : new Action.Tproxy((int) port, mark);
    }

    private Action setMark() {
        String how = take();
        if (how.equals("--set-mark") || how.equals("--set-xmark")) {
            Condition.Mark read = Values.mark(take(), false, false);
            if (read != null && read.mask() == 0xffffffffL) {
                return new Action.SetMark(read.value());
            }
        }
        return rest("MARK " + how);
    }

    private Action connmarkTarget() {
        String how = take();
        boolean whole = true;
        while (!words.isEmpty()) {
            String word = take();
            whole &= word.endsWith("mask") && take().equals("0xffffffff");
        }
        if (whole && how.equals("--save-mark")) {
            return new Action.SaveMark();
        }
        return whole && how.equals("--restore-mark")
                ? new Action.RestoreMark()
                : new Action.Unreadable("CONNMARK " + how);
    }

    private Action zone() {
        if (take().equals("--zone")) {
            long zone = Values.number(take());
            if (zone >= 0) {
                return new Action.Zone((int) zone);
            }
        }
        return rest("CT");
    }
}
