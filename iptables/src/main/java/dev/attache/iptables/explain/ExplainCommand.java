package dev.attache.iptables.explain;

import dev.attache.iptables.apply.Inventory;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import dev.attache.iptables.ebpf.Attachments;
import dev.attache.iptables.ebpf.Traveller;
import dev.attache.iptables.explain.Walk.End;
import dev.attache.iptables.model.IptablesReader;
import dev.attache.iptables.model.NftReader;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.IptablesSidecar;
import dev.attache.iptables.rules.NftRule;
import dev.attache.iptables.rules.NftRules;
import dev.attache.iptables.rules.NftSidecar;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code attache intercept explain SRC DST PORT}: what would happen to the first packet of that
 * connection, rule by rule. Reads the installed rules, or those that flags after {@code --} would
 * install. Changes nothing and sends nothing. Used once, by one thread.
 *
 * <p>Longer than files here should be: flags, the reading of rules and the report of one command.
 */
public final class ExplainCommand {
    private final Host host;
    private final Programs programs;
    private final PrintStream out;

    public ExplainCommand(Host host, Programs programs, PrintStream out) {
        this.host = host;
        this.programs = programs;
        this.out = out;
    }

    /**
     * Prints the way and returns 0.
     *
     * @throws BadInput if the question or the flags are not understood
     */
    public int run(List<String> args) throws BadInput {
        Question question = Question.parse(args);
        Map<String, List<ReadRule>> rulesets =
                question.flags().isEmpty() ? installed(question) : planned(question);
        Attachments attachments = Attachments.ofThisHost(out);
        boolean ebpf = question.flags().isEmpty() && attachments.any();
        if (rulesets.isEmpty() && !ebpf) {
            out.println(
                    "nothing is installed in this network namespace: the connection is not"
                            + " captured");
            return 0;
        }
        for (Map.Entry<String, List<ReadRule>> ruleset : rulesets.entrySet()) {
            out.println("rules: " + ruleset.getKey());
            explain(question, ruleset.getValue());
        }
        if (ebpf) {
            attachments.explain(traveller(question), target(question));
        }
        return 0;
    }

    private Traveller traveller(Question question) throws BadInput {
        IpAddress source = question.source();
        boolean proxy = question.sender().equals("proxy");
        long nobody = proxy ? -1 : 0;
        return new Traveller(
                source == null || isLocal(source),
                proxy,
                source == null ? null : InetAddress.ofLiteral(source.toString()),
                InetAddress.ofLiteral(question.destination().toString()),
                question.port(),
                question.udp(),
                question.uid().orElse(nobody),
                question.gid().orElse(nobody));
    }

    private Map<String, List<ReadRule>> installed(Question question) {
        Map<String, List<ReadRule>> rulesets = new LinkedHashMap<>();
        Family family = family(question);
        for (Inventory.Found found : new Inventory(programs, host).look()) {
            if (found.family() == null || found.family() == family) {
                rulesets.put("installed in " + found.backend(), found.rules());
            }
        }
        return rulesets;
    }

    private static Family family(Question question) {
        return question.destination().isV4() ? Family.V4 : Family.V6;
    }

    private Map<String, List<ReadRule>> planned(Question question) throws BadInput {
        CaptureConfig config =
                new ConfigReader(FlagParser.parse(question.flags(), host.environment()), host)
                        .read();
        List<ReadRule> rules =
                config.operation().nftables()
                        ? plannedNft(NftSidecar.rules(config))
                        : plannedIptables(
                                IptablesSidecar.rules(config).of(family(question)).rules());
        return Map.of("as the flags would install them", rules);
    }

    private List<ReadRule> plannedIptables(List<IptablesRule> rules) {
        Map<String, List<ReadRule>> chains = new LinkedHashMap<>();
        for (IptablesRule rule : rules) {
            List<ReadRule> chain =
                    chains.computeIfAbsent(
                            rule.table() + " " + rule.chain(), any -> new ArrayList<>());
            int at = rule.position() == 0 ? chain.size() : rule.position() - 1;
            chain.add(
                    Math.min(at, chain.size()),
                    IptablesReader.read(rule.table(), rule.chain(), rule.text(), host));
        }
        List<ReadRule> all = new ArrayList<>();
        chains.values().forEach(all::addAll);
        return all;
    }

    private List<ReadRule> plannedNft(NftRules rules) {
        Set<String> seen = new LinkedHashSet<>();
        List<ReadRule> all = new ArrayList<>();
        for (NftRule rule : rules.rules()) {
            if (seen.add(rule.table() + " " + rule.chain())) {
                for (NftRule ordered : rules.ordered(rule.table(), rule.chain())) {
                    all.add(NftReader.read(ordered.table(), ordered.chain(), ordered.text(), host));
                }
            }
        }
        return all;
    }

    private void explain(Question question, List<ReadRule> rules) throws BadInput {
        boolean nft = rules.stream().anyMatch(rule -> rule.table().startsWith("istio-proxy-"));
        boolean fromHere = question.source() == null || isLocal(question.source());
        boolean toHere = isLocal(question.destination());
        Packet packet = packet(question, fromHere);
        Walk walk = new Walk(rules, packet);
        String verdict;
        if (fromHere) {
            packet.goesOut(toHere ? "lo" : route(question));
            out.println(
                    "sent by "
                            + question.sender()
                            + " as user "
                            + packet.uid().orElse(-1)
                            + ", leaves by "
                            + packet.out());
            verdict = outgoing(walk, packet, nft, toHere);
        } else {
            packet.comesIn(
                    question.interfaceName().isEmpty()
                            ? interfaceOf(question.destination())
                            : question.interfaceName());
            out.println("arrives by " + packet.in());
            verdict = incoming(walk, nft, true);
        }
        walk.notes().forEach(out::println);
        out.println("=> " + verdict.replace("$DST", target(question)));
    }

    private static String target(Question question) {
        String text = question.destination().toString();
        return (question.destination().isV4() ? text : "[" + text + "]") + ":" + question.port();
    }

    private Packet packet(Question question, boolean fromHere) throws BadInput {
        long defaultUser = question.sender().equals("proxy") ? proxyUid(question) : 0;
        OptionalLong uid = question.uid();
        OptionalLong gid = question.gid();
        if (fromHere) {
            uid = uid.isPresent() ? uid : OptionalLong.of(defaultUser);
            gid = gid.isPresent() ? gid : OptionalLong.of(defaultUser);
        }
        IpAddress source = question.source();
        if (source == null) {
            source = question.destination();
            for (IpAddress address : addresses()) {
                if (address.isV4() == question.destination().isV4() && !address.isLoopback()) {
                    source = address;
                    break;
                }
            }
        }
        return new Packet(
                question.udp(),
                source,
                question.destination(),
                question.sourcePort(),
                question.port(),
                uid,
                gid);
    }

    private long proxyUid(Question question) throws BadInput {
        CaptureConfig config =
                new ConfigReader(FlagParser.parse(question.flags(), host.environment()), host)
                        .read();
        try {
            return Long.parseLong(config.uids().getFirst());
        } catch (NumberFormatException e) {
            throw BadInput.value(
                    "--uid", config.uids().getFirst(), "not a number", "give --uid with one");
        }
    }

    private String outgoing(Walk walk, Packet packet, boolean nft, boolean toHere) {
        for (String table : List.of("raw", "mangle", "nat")) {
            End end = walk.run(tableName(table, nft), nft ? "output" : "OUTPUT");
            String verdict = verdict(end, walk);
            if (!verdict.isEmpty()) {
                return verdict;
            }
        }
        if (!toHere) {
            return "not captured: it goes straight to $DST";
        }
        packet.comesIn("lo");
        walk.note("  (comes back in by lo; nat has already decided and is not asked again)");
        return incoming(walk, nft, false);
    }

    private static String incoming(Walk walk, boolean nft, boolean nat) {
        List<String> tables = nat ? List.of("raw", "mangle", "nat") : List.of("raw", "mangle");
        for (String table : tables) {
            End end = walk.run(tableName(table, nft), nft ? "prerouting" : "PREROUTING");
            String verdict = verdict(end, walk);
            if (!verdict.isEmpty()) {
                return verdict;
            }
        }
        return "not captured: the application at $DST gets it directly";
    }

    private static String tableName(String table, boolean nft) {
        return nft ? "istio-proxy-" + table : table;
    }

    private static String verdict(End end, Walk walk) {
        return switch (end) {
            case PASSED -> "";
            case REDIRECTED ->
                    "captured: goes to local port "
                            + walk.port()
                            + "; SO_ORIGINAL_DST there says $DST";
            case HANDED_OVER ->
                    "captured by TPROXY: the socket at port "
                            + walk.port()
                            + " gets it with both addresses unchanged";
            case DROPPED -> "dropped";
        };
    }

    private List<IpAddress> addresses() throws BadInput {
        try {
            return host.addresses();
        } catch (IOException e) {
            throw BadInput.host("cannot read the local addresses: " + e, "is /proc mounted?");
        }
    }

    private boolean isLocal(IpAddress address) throws BadInput {
        return address.isLoopback() || addresses().contains(address);
    }

    private String route(Question question) {
        if (!question.interfaceName().isEmpty()) {
            return question.interfaceName();
        }
        return word(List.of("ip", "-o", "route", "get", question.destination().toString()), "dev");
    }

    private String interfaceOf(IpAddress address) {
        String line = answer(List.of("ip", "-o", "addr", "show", "to", address.toString()));
        String[] words = line.strip().split("\\s+", -1);
        return words.length > 1 ? words[1] : "an unknown interface";
    }

    private String word(List<String> command, String before) {
        String[] words = answer(command).strip().split("\\s+", -1);
        for (int i = 0; i + 1 < words.length; i++) {
            if (words[i].equals(before)) {
                return words[i + 1];
            }
        }
        return "an unknown interface";
    }

    private String answer(List<String> command) {
        try {
            return programs.run(command, "", Map.of()).out();
        } catch (IOException e) {
            return ""; // without iproute2 the interface stays unknown; --interface names it
        }
    }
}
