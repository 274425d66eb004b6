package dev.attache.iptables.apply;

import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.rules.Family;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the iptables binaries as istio-iptables does: the forced ones; else legacy if legacy
 * rules are already there, because the two kinds do not see each other; else nft; else the plain
 * name. Looks, changes nothing. Used by one thread.
 */
public final class XtablesDetector {
    private final Programs programs;
    private final List<String> complaints = new ArrayList<>();

    public XtablesDetector(Programs programs) {
        this.programs = programs;
    }

    /**
     * Finds the binaries of both families.
     *
     * @param forced legacy, nft or empty
     * @param lockFile see {@link HostXtables}; empty for the common lock
     * @param ipv6 whether IPv6 must work
     * @throws BadInput if a family that is needed has no working binary
     */
    public HostXtables detect(String forced, String lockFile, boolean ipv6) throws BadInput {
        HostXtables found = new HostXtables(programs, lockFile);
        for (Family family : Family.values()) {
            XtablesBinary binary = detect(family, forced);
            if (binary != null) {
                found.use(family, binary);
            } else if (family == Family.V4 || ipv6) {
                throw BadInput.host(
                        "no working "
                                + family.command()
                                + " binary ("
                                + String.join("; ", complaints)
                                + ")",
                        forced.isEmpty()
                                ? "install iptables, load the kernel's nf_tables or ip_tables"
                                        + " module, or use --native-nftables"
                                : "leave out --force-iptables-binary \""
                                        + forced
                                        + "\" or install iptables-"
                                        + forced);
            }
        }
        return found;
    }

    private @Nullable XtablesBinary detect(Family family, String forced) {
        String plain = family.command();
        if (!forced.isEmpty()) {
            return usable(plain + "-" + forced, false);
        }
        XtablesBinary legacy = usable(plain + "-legacy", true);
        if (legacy != null) {
            return legacy;
        }
        XtablesBinary nft = usable(plain + "-nft", false);
        return nft != null ? nft : usable(plain, false);
    }

    private @Nullable XtablesBinary usable(String name, boolean onlyWithRules) {
        try {
            Programs.Answer rules = programs.run(List.of(name + "-save"), "", Map.of());
            if (!rules.ok()) {
                complaints.add(name + "-save: " + rules.complaint());
                return null;
            }
            boolean hasRules = holdsRules(rules.out());
            if (onlyWithRules && !hasRules) {
                return null;
            }
            if (name.endsWith("-nft")) {
                // Its save fails without kernel support, and it takes no lock, so that neither a
                // trial nor the version is needed: two processes less per family.
                return new XtablesBinary(name, List.of(), false, hasRules, rules.out());
            }
            return examined(name, hasRules, rules.out());
        } catch (IOException e) {
            complaints.add(name + " not found");
            return null;
        }
    }

    private @Nullable XtablesBinary examined(String name, boolean hasRules, String saved)
            throws IOException {
        Programs.Answer version = programs.run(List.of(name + "-save", "--version"), "", Map.of());
        boolean tells = version.ok() && !version.err().contains("unrecognized option");
        Programs.Answer trial = programs.run(List.of(name, "-t", "nat", "-S"), "", Map.of());
        if (!trial.ok() || trial.err().contains("does not exist")) {
            complaints.add(name + " has no kernel support: " + trial.complaint());
            return null;
        }
        return new XtablesBinary(
                name,
                tells ? version(version.out()) : List.of(),
                !tells || !version.out().contains("nf_tables"),
                hasRules,
                saved);
    }

    /**
     * A rule or a chain that somebody made. Tables that are merely loaded do not count: looking at
     * the legacy tables is enough to load them, and then a second run would find itself on the
     * other side of the first.
     */
    private static boolean holdsRules(String saved) {
        return saved.lines()
                .anyMatch(line ->
                        line.startsWith("-A ") || (line.startsWith(":") && line.contains(" - [")));
    }

    /** The numbers after the first {@code v} that is followed by a digit. */
    static List<Integer> version(String text) {
        List<Integer> numbers = new ArrayList<>();
        int at = 0;
        while (at + 1 < text.length()
                && !(text.charAt(at) == 'v' && Character.isDigit(text.charAt(at + 1)))) {
            at++;
        }
        int value = -1;
        for (int i = at + 1; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (c >= '0' && c <= '9') {
                value = Math.max(value, 0) * 10 + (c - '0');
                continue;
            }
            if (value >= 0) {
                numbers.add(value);
                value = -1;
            }
            if (c != '.') {
                break;
            }
        }
        return List.copyOf(numbers);
    }
}
