package dev.attache.iptables.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every flag of the command, in the order of istio-iptables' help, with its default. A flag is also
 * read from the environment variable of the same name in capitals ({@code -} becomes {@code _}),
 * except {@link #ENVOY_PORT}; a flag wins over the environment, which wins over the default.
 */
public enum Flag {
    ENVOY_PORT("envoy-port", 'p', Type.TEXT, "15001", "Port to which all outbound TCP is sent"),
    INBOUND_CAPTURE_PORT(
            "inbound-capture-port", 'z', Type.TEXT, "15006", "Port to which inbound TCP is sent"),
    INBOUND_TUNNEL_PORT(
            "inbound-tunnel-port", 'e', Type.TEXT, "15008", "Tunnel port, never captured"),
    PROXY_UID(
            "proxy-uid",
            'u',
            Type.TEXT,
            "",
            "User ids of the proxy, not captured (default: of $ENVOY_USER, else 1337)"),
    PROXY_GID(
            "proxy-gid",
            'g',
            Type.TEXT,
            "",
            "Group ids of the proxy, not captured (default: as -u)"),
    INTERCEPTION_MODE(
            "istio-inbound-interception-mode", 'm', Type.TEXT, "", "REDIRECT (default) or TPROXY"),
    INBOUND_PORTS(
            "istio-inbound-ports",
            'b',
            Type.TEXT,
            "",
            "Inbound ports to capture, comma separated; * for all, empty for none"),
    INBOUND_EXCLUDE_PORTS(
            "istio-local-exclude-ports",
            'd',
            Type.TEXT,
            "",
            "Inbound ports left alone; only with -b \"*\""),
    EXCLUDE_INTERFACES(
            "istio-exclude-interfaces",
            'c',
            Type.TEXT,
            "",
            "Interfaces whose traffic is left alone, both directions"),
    SERVICE_CIDR(
            "istio-service-cidr",
            'i',
            Type.TEXT,
            "",
            "Destination ranges to capture, comma separated; * for all, empty for none"),
    SERVICE_EXCLUDE_CIDR(
            "istio-service-exclude-cidr", 'x', Type.TEXT, "", "Destination ranges left alone"),
    OUTBOUND_PORTS(
            "istio-outbound-ports",
            'q',
            Type.TEXT,
            "",
            "Destination ports to capture whatever the address"),
    OUTBOUND_EXCLUDE_PORTS(
            "istio-local-outbound-ports-exclude",
            'o',
            Type.TEXT,
            "",
            "Destination ports left alone"),
    KUBE_VIRT_INTERFACES(
            "kube-virt-interfaces",
            'k',
            Type.TEXT,
            "",
            "Interfaces (of virtual machines) whose inbound traffic counts as outbound"),
    TPROXY_MARK("istio-inbound-tproxy-mark", 't', Type.TEXT, "1337", "Packet mark in TPROXY mode"),
    TPROXY_ROUTE_TABLE(
            "istio-inbound-tproxy-route-table",
            'r',
            Type.TEXT,
            "133",
            "Routing table of marked packets in TPROXY mode"),
    DRY_RUN("dry-run", 'n', Type.BOOL, "false", "Print what would be done, change nothing"),
    PROBE_PORT(
            "iptables-probe-port",
            ' ',
            Type.UINT16,
            "15002",
            "Destination port of the validation probe"),
    PROBE_TIMEOUT("probe-timeout", ' ', Type.DURATION, "5s", "How long validation waits"),
    SKIP_RULE_APPLY("skip-rule-apply", ' ', Type.BOOL, "false", "Install nothing"),
    RUN_VALIDATION(
            "run-validation", ' ', Type.BOOL, "false", "Probe with real traffic that rules work"),
    REDIRECT_DNS(
            "redirect-dns",
            ' ',
            Type.BOOL,
            "false",
            "Send DNS to the agent's port 15053",
            "ISTIO_META_DNS_CAPTURE"),
    DROP_INVALID(
            "drop-invalid",
            ' ',
            Type.BOOL,
            "false",
            "Drop packets that conntrack finds invalid",
            "INVALID_DROP"),
    DUAL_STACK(
            "dual-stack",
            ' ',
            Type.BOOL,
            "false",
            "IPv6 rules if any local address is IPv6",
            "ISTIO_DUAL_STACK"),
    CAPTURE_ALL_DNS(
            "capture-all-dns",
            ' ',
            Type.BOOL,
            "false",
            "With redirect-dns: every server, not only those of resolv.conf"),
    NETWORK_NAMESPACE(
            "network-namespace", ' ', Type.TEXT, "", "Network namespace (path) to work in"),
    CNI_MODE("cni-mode", ' ', Type.BOOL, "false", "Called by a CNI plugin: lock per pod"),
    RECONCILE("reconcile", ' ', Type.BOOL, "false", "Replace rules that differ from what is asked"),
    CLEANUP_ONLY("cleanup-only", ' ', Type.BOOL, "false", "Remove the rules, install none"),
    FORCE_APPLY("force-apply", ' ', Type.BOOL, "false", "Install even if already in place"),
    NATIVE_NFTABLES("native-nftables", ' ', Type.BOOL, "false", "Use nft, not iptables"),
    FORCE_IPTABLES_BINARY(
            "force-iptables-binary", ' ', Type.TEXT, "", "legacy or nft; default: detect"),
    INCLUDE_INTERFACES(
            "include-interfaces",
            ' ',
            Type.TEXT,
            "",
            "Capture only traffic of these interfaces (not in istio-iptables)"),
    STRICT(
            "strict",
            ' ',
            Type.BOOL,
            "false",
            "Refuse overlapping or ineffective flags instead of warning (not in istio-iptables)"),
    LOG_TARGET("log_target", ' ', Type.TEXT, "stdout", "stdout, stderr or a file"),
    LOG_AS_JSON("log_as_json", ' ', Type.BOOL, "false", "Log lines as JSON"),
    LOG_OUTPUT_LEVEL(
            "log_output_level",
            ' ',
            Type.TEXT,
            "default:info",
            "none, error, warn, info or debug, optionally after \"default:\""),
    LOG_STACKTRACE_LEVEL(
            "log_stacktrace_level", ' ', Type.TEXT, "default:none", "Accepted, no effect here"),
    LOG_CALLER("log_caller", ' ', Type.TEXT, "", "Accepted, no effect here"),
    VKLOG("vklog", ' ', Type.TEXT, "", "Accepted, no effect here");

    /** How a value is read. */
    enum Type {
        TEXT,
        BOOL,
        UINT16,
        DURATION
    }

    final String longName;
    final char shortName;
    final Type type;
    final String defaultValue;
    final String help;
    final List<String> variables;

    Flag(String longName, char shortName, Type type, String value, String help, String... more) {
        this.longName = longName;
        this.shortName = shortName;
        this.type = type;
        this.defaultValue = value;
        this.help = help;
        this.variables = variables(longName, more);
    }

    private static List<String> variables(String longName, String[] more) {
        if (longName.equals("envoy-port") || longName.contains("log")) {
            return List.of();
        }
        String own = longName.replace('-', '_').toUpperCase(Locale.ROOT);
        return more.length == 0 ? List.of(own) : List.of(own, more[0]);
    }

    /** Every environment variable that has a say in the rules. */
    public static List<String> environmentNames() {
        List<String> names =
                new ArrayList<>(
                        List.of(
                                "ISTIO_OUTBOUND_OWNER_GROUPS",
                                "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE",
                                "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR",
                                "ENVOY_USER"));
        for (Flag flag : values()) {
            names.addAll(flag.variables);
        }
        return List.copyOf(names);
    }

    /** The long name with its dashes, for messages. */
    public String dashed() {
        return "--" + longName;
    }

    /** One line of the help text. */
    public String usageLine() {
        StringBuilder line = new StringBuilder("  ");
        line.append(shortName == ' ' ? "    " : "-" + shortName + ", ").append(dashed());
        if (type != Type.BOOL) {
            line.append(type == Type.UINT16 ? " uint16" : " ")
                    .append(type == Type.TEXT ? "string" : type == Type.DURATION ? "duration" : "");
        }
        while (line.length() < 52) {
            line.append(' ');
        }
        line.append(' ').append(help);
        if (!defaultValue.isEmpty() && type != Type.BOOL) {
            line.append(" (default ").append(defaultValue).append(')');
        }
        return line.toString();
    }
}
