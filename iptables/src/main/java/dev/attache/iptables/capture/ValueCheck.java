package dev.attache.iptables.capture;

import java.util.List;

/**
 * Checks single values for what iptables and the kernel accept, so that a typing error is told by
 * its flag and not by a failed restore. Values are returned as given, never rewritten.
 */
final class ValueCheck {
    /** More match expressions in one rule than most kernels take. */
    private static final int MAX_GROUPS = 64;

    private final Host host;

    ValueCheck(Host host) {
        this.host = host;
    }

    String port(FlagValues flags, Flag flag) throws BadInput {
        String text = flags.text(flag);
        if (!isPortNumber(text.strip()) || text.strip().equals("0")) {
            throw BadInput.value(
                    flags.name(flag),
                    text,
                    "not a port",
                    "give a number from 1 to 65535, default " + flag.defaultValue);
        }
        return text;
    }

    List<String> ports(FlagValues flags, Flag flag) throws BadInput {
        List<String> ports = Lists.split(flags.text(flag));
        for (String item : ports) {
            String port = item.strip();
            if (port.equals("*")) {
                throw BadInput.value(
                        flags.name(flag),
                        flags.text(flag),
                        "\"*\" is not a port",
                        flag == Flag.INBOUND_PORTS
                                ? "write \"*\" alone, not in a list"
                                : "list the ports; all of them cannot be named here");
            }
            if (!isPortNumber(port) && !isPortRange(port) && !isServiceName(port)) {
                throw BadInput.value(
                        flags.name(flag),
                        item,
                        "not a port",
                        "give numbers from 0 to 65535 or ranges as 8000:8010, comma separated");
            }
        }
        return ports;
    }

    private static boolean isPortNumber(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(text) <= 65535;
    }

    private static boolean isPortRange(String text) {
        int cut = Math.max(text.indexOf(':'), text.indexOf('-'));
        return cut > 0
                && isPortNumber(text.substring(0, cut))
                && isPortNumber(text.substring(cut + 1))
                && Integer.parseInt(text.substring(0, cut))
                        <= Integer.parseInt(text.substring(cut + 1));
    }

    /** iptables looks names up in /etc/services; a name has at least one letter (RFC 6335). */
    private static boolean isServiceName(String text) {
        boolean letter = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            letter |= alpha;
            if (!alpha && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return letter && Character.isLetterOrDigit(text.charAt(0)) && text.length() <= 15;
    }

    void number(FlagValues flags, Flag flag, long max, String what) throws BadInput {
        String text = flags.text(flag).strip();
        boolean digits = !text.isEmpty() && text.length() <= 10;
        for (int i = 0; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits || Long.parseLong(text) > max || Long.parseLong(text) == 0) {
            throw BadInput.value(
                    flags.name(flag),
                    flags.text(flag),
                    "not " + what,
                    "give a number from 1 to " + max + ", default " + flag.defaultValue);
        }
    }

    void owner(String setting, String id, boolean user) throws BadInput {
        String name = id.strip();
        if (isId(name) || (user ? host.userId(name) : host.groupId(name)) != null) {
            return;
        }
        throw BadInput.value(
                setting,
                id,
                user ? "no such user" : "no such group",
                "give numeric ids or names that exist on this host, comma separated");
    }

    private static boolean isId(String text) {
        if (text.isEmpty() || text.length() > 21) {
            return false;
        }
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && !(c == '-' && i > 0)) {
                return false;
            }
            digits = digit ? digits + 1 : 0;
        }
        return digits > 0 && digits <= 10;
    }

    /** Group names are copied into the rule; the image that runs the rule resolves them. */
    List<String> groups(String variable, String text) throws BadInput {
        List<String> groups = Lists.split(text);
        if (variable.equals("ISTIO_OUTBOUND_OWNER_GROUPS") && groups.size() > MAX_GROUPS) {
            throw BadInput.value(
                    variable,
                    text,
                    "number of owner groups whose outgoing traffic should be redirected to Envoy"
                            + " cannot exceed "
                            + MAX_GROUPS
                            + ", got "
                            + groups.size(),
                    "use \"*\" with ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE instead");
        }
        for (String group : groups) {
            if (group.strip().isEmpty() || group.startsWith("-") || group.strip().contains(" ")) {
                throw BadInput.value(
                        variable, group, "not a group", "give group names or ids, comma separated");
            }
        }
        return groups;
    }

    List<String> interfaces(FlagValues flags, Flag flag) throws BadInput {
        List<String> names = Lists.split(flags.text(flag));
        for (String name : names) {
            String plain = name.strip();
            if (plain.isEmpty()
                    || plain.length() > 15
                    || plain.contains(" ")
                    || plain.contains("/")
                    || plain.startsWith("-")
                    || plain.startsWith("!")) {
                throw BadInput.value(
                        flags.name(flag),
                        name,
                        "not an interface name",
                        "give names as \"ip link\" shows them (at most 15 characters), comma"
                                + " separated");
            }
        }
        return names;
    }

    String loopback(String text) throws BadInput {
        String variable = "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR";
        Cidr cidr = Cidr.parse(text);
        if (cidr == null) {
            throw BadInput.value(variable, text, "failed to parse CIDR", "use 127.0.0.1/32");
        }
        if (!cidr.address().isV4() || !cidr.address().isLoopback()) {
            throw BadInput.value(
                    variable, text, "expected valid IPv4 loopback address", "use 127.0.0.1/32");
        }
        if (cidr.bits() < 8) {
            throw BadInput.value(
                    variable,
                    text,
                    "expected CIDR to have mask in range [8, 32]",
                    "use 127.0.0.0/8");
        }
        return text;
    }
}
