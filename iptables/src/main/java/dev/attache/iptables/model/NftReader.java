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
 * Reads one nftables rule, as written for {@code nft -f} or as printed by {@code nft list}. What it
 * does not know it keeps as text. One reader per rule.
 */
public final class NftReader {
    private final Names names;
    private final Deque<String> words = new ArrayDeque<>();
    private final Set<Condition> conditions = new LinkedHashSet<>();
    private Action action = new Action.Nothing();

    private NftReader(Names names) {
        this.names = names;
    }

    /** Reads a rule's text: matches, statements, verdict. */
    public static ReadRule read(String table, String chain, String text, Names names) {
        NftReader reader = new NftReader(names);
        for (String word : text.strip().split("\\s+", -1)) {
            reader.words.add(word.replace("\"", ""));
        }
        while (!reader.words.isEmpty()) {
            reader.next();
        }
        return new ReadRule(
                table, chain, Set.copyOf(reader.conditions), reader.action, text.strip());
    }

    private String take() {
        String word = words.poll();
        return word == null ? "" : word;
    }

    private boolean takeNot() {
        if ("!=".equals(words.peek())) {
            words.remove();
            return true;
        }
        if ("==".equals(words.peek())) {
            words.remove();
        }
        return false;
    }

    private void next() {
        String word = take();
        switch (word) {
            case "meta" -> meta(take());
            case "skuid", "skgid", "iifname", "oifname", "mark", "l4proto" -> meta(word);
            case "ip", "ip6" -> address(take());
            case "tcp", "udp" -> ports(word, take());
            case "ct" -> connection(take());
            case "counter" -> skipCounts();
            default -> verdict(word);
        }
    }

    private void verdict(String word) {
        switch (word) {
            case "return" -> action = new Action.Return();
            case "accept" -> accept();
            case "drop" -> action = new Action.Drop();
            case "jump", "goto" -> action = new Action.Jump(take());
            case "redirect" -> redirect();
            case "tproxy" -> tproxy();
            default -> conditions.add(new Condition.Unreadable(word));
        }
    }

    /** After tproxy, accept is part of the same action. */
    private void accept() {
        if (!(action instanceof Action.Tproxy)) {
            action = new Action.Accept();
        }
    }

    private void skipCounts() {
        while ("packets".equals(words.peek()) || "bytes".equals(words.peek())) {
            words.remove();
            words.poll();
        }
    }

    private void meta(String key) {
        if (key.equals("mark") && "set".equals(words.peek())) {
            words.remove();
            setMark();
            return;
        }
        boolean negated = takeNot();
        String value = take();
        Condition condition =
                switch (key) {
                    case "l4proto" -> new Condition.Protocol(value, negated);
                    case "iifname" -> new Condition.Interface(false, value, negated);
                    case "oifname" -> new Condition.Interface(true, value, negated);
                    case "skuid" -> Values.owner(value, false, negated, names);
                    case "skgid" -> Values.owner(value, true, negated, names);
                    case "mark" -> Values.mark(value, false, negated);
                    default -> null;
                };
        add(key + " " + value, condition);
    }

    private void setMark() {
        String value = take();
        if (value.equals("ct")) {
            take();
            action = new Action.RestoreMark();
            return;
        }
        long mark = Values.number(value);
        if (action instanceof Action.Tproxy tproxy) {
            action = new Action.Tproxy(tproxy.port(), mark);
        } else {
            action =
                    mark < 0
                            ? new Action.Unreadable("meta mark set " + value)
                            : new Action.SetMark(mark);
        }
    }

    private void address(String which) {
        boolean negated = takeNot();
        String value = take();
        Cidr range = Values.range(value);
        boolean known = which.equals("saddr") || which.equals("daddr");
        add(
                which + " " + value,
                range == null || !known
                        ? null
                        : new Condition.Address(which.equals("saddr"), range, negated));
    }

    private void ports(String protocol, String which) {
        boolean negated = takeNot();
        String value = take();
        if (value.equals("{")) {
            StringBuilder set = new StringBuilder();
            for (String word = take(); !word.equals("}") && !word.isEmpty(); word = take()) {
                set.append(word);
            }
            value = set.toString();
        }
        List<PortRange> ranges = Values.ports(value);
        add(
                which + " " + value,
                ranges == null
                        ? null
                        : new Condition.Ports(which.equals("sport"), ranges, negated));
        conditions.add(new Condition.Protocol(protocol, false));
    }

    private void connection(String key) {
        switch (key) {
            case "state" -> {
                boolean negated = takeNot();
                StringBuilder states = new StringBuilder(take());
                while (states.charAt(states.length() - 1) == ',' && !words.isEmpty()) {
                    states.append(take());
                }
                conditions.add(new Condition.State(Values.states(states.toString()), negated));
            }
            case "mark" -> connectionMark();
            case "zone" -> {
                take();
                long zone = Values.number(take());
                action = new Action.Zone((int) zone);
            }
            default -> conditions.add(new Condition.Unreadable("ct " + key));
        }
    }

    private void connectionMark() {
        if ("set".equals(words.peek())) {
            words.remove();
            String source = take();
            if (source.equals("meta")) {
                source = take();
            }
            action =
                    source.equals("mark")
                            ? new Action.SaveMark()
                            : new Action.Unreadable("ct mark set " + source);
            return;
        }
        boolean negated = takeNot();
        String value = take();
        add("ct mark " + value, Values.mark(value, true, negated));
    }

    private void redirect() {
        take();
        String port = take();
        long number = Values.number(port.startsWith(":") ? port.substring(1) : port);
        action =
                number < 0
                        ? new Action.Unreadable("redirect to " + port)
                        : new Action.Redirect((int) number);
    }

    private void tproxy() {
        String word = take();
        if (word.startsWith("ip")) {
            take();
        }
        String port = take();
        long number = Values.number(port.startsWith(":") ? port.substring(1) : port);
        action =
                number < 0
                        ? new Action.Unreadable("tproxy to " + port)
                        : new Action.Tproxy((int) number, 0);
    }

    private void add(String text, @Nullable Condition condition) {
        conditions.add(condition == null ? new Condition.Unreadable(text) : condition);
    }
}
